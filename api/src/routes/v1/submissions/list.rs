//! `GET /api/v1/submissions`

use axum::Json;
use axum::extract::State;
use gavel_model::{Lane, SubmissionId, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, ErrorCode};
use crate::http::page::Limit;
use crate::http::query::Params;
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::{BatchId, Filter, Listed, Stored, SubmissionState};

/// Which submissions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only those of a batch.
    batch: Option<String>,
    /// Only those with this verdict, such as `WA`.
    verdict: Option<String>,
    /// Only those judged by this problem.
    problem: Option<String>,
    /// Only those in this language, by id or alias.
    language: Option<String>,
    /// How many at most; 100 if left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Only those older than this one: `next` of the answer before.
    after: Option<String>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionList {
    /// Submissions, the latest first.
    pub submissions: Vec<SubmissionSummary>,
    /// What to give as `after` for the next part; null when this is the last.
    pub next: Option<SubmissionId>,
}

/// A submission in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionSummary {
    /// Its id.
    pub id: SubmissionId,
    /// Where it is.
    pub state: ListedState,
    /// Its lane.
    pub lane: Lane,
    /// The language's id.
    pub language: String,
    /// The problem it is judged by, where that is a stored one.
    pub problem: Option<String>,
    /// The batch it came with.
    pub batch: Option<BatchId>,
    /// Its verdict, once it is final.
    pub verdict: Option<Verdict>,
    /// When it was accepted.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it became final.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

/// Where a submission is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ListedState {
    /// Accepted, and waiting.
    Queued,
    /// A worker has begun it.
    Judging,
    /// Judged.
    Done,
    /// Nobody wanted the result any more.
    Canceled,
}

impl From<SubmissionState> for ListedState {
    fn from(state: SubmissionState) -> Self {
        match state {
            SubmissionState::Queued => Self::Queued,
            SubmissionState::Judging => Self::Judging,
            SubmissionState::Done => Self::Done,
            SubmissionState::Canceled => Self::Canceled,
        }
    }
}

impl From<Listed> for SubmissionSummary {
    fn from(Listed { submission, verdict, problem, finished_at }: Listed) -> Self {
        let Stored { id, lane, language, batch, created_at, state, .. } = submission;
        let state = state.into();
        Self { id, state, lane, language, problem, batch, verdict, created_at, finished_at }
    }
}

/// Which submissions there are: those of the key's owner, or all for an admin.
#[utoipa::path(
    get,
    operation_id = "listSubmissions",
    path = "/api/v1/submissions",
    tag = "submissions",
    params(ListQuery),
    responses(
        (status = 200, description = "Submissions, the latest first", body = SubmissionList),
        AnyCall,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    principal: Principal,
    Params(query): Params<ListQuery>,
) -> Result<Json<SubmissionList>, ApiError> {
    let limit = Limit::asked(query.limit)?;
    let language = query.language.map(|name| state.language_id(&name)).transpose()?;
    let filter = Filter {
        owner: (!principal.is_admin()).then(|| principal.owner.clone()),
        batch: read("batch", query.batch, "the id of a batch is a UUID")?,
        problem: query.problem,
        language,
        verdict: read("verdict", query.verdict, "a verdict is one such as AC, WA or CANCELED")?,
        after: read("after", query.after, "the id of a submission is a UUID")?,
        copies: false,
    };
    let found = state.store.list(&filter, limit.to_find()).await?;
    let (found, next) = limit.part(found, |last| last.submission.id);
    Ok(Json(SubmissionList { submissions: found.into_iter().map(SubmissionSummary::from).collect(), next }))
}

impl AppState {
    /// The id of a language by which submissions are looked for.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn language_id(&self, name: &str) -> Result<String, ApiError> {
        let language = self.languages.get(name).map(|language| language.id.clone());
        language.ok_or_else(|| {
            let message = format!("there is no such language; there is: {}", self.languages.ids());
            ApiError::of("language", ErrorCode::UnknownLanguage, message)
        })
    }
}

fn read<T: std::str::FromStr>(
    name: &'static str,
    text: Option<String>,
    what: &'static str,
) -> Result<Option<T>, ApiError> {
    text.map(|text| text.parse().map_err(|_| ApiError::invalid(name, what))).transpose()
}
