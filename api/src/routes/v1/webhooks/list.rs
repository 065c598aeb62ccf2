//! `GET /api/v1/webhooks`

use axum::Json;
use axum::extract::State;
use gavel_model::SubmissionId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::error::ApiError;
use crate::http::page::Limit;
use crate::http::query::Params;
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::{BatchId, Subject, Try, Webhook, WebhookFilter, WebhookState};

/// Which calls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only those that tell of a submission.
    submission: Option<String>,
    /// Only those that tell of a batch.
    batch: Option<String>,
    /// Only those that are `waiting`, `delivered` or `failed`.
    state: Option<String>,
    /// How many at most; 100 if left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Only those older than this one: `next` of the answer before.
    after: Option<String>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookList {
    /// Calls, the latest first.
    pub webhooks: Vec<WebhookView>,
    /// What to give as `after` for the next part; null when this is the last.
    #[schema(value_type = Option<String>)]
    pub next: Option<Uuid>,
}

/// A call, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookView {
    /// Its id, which is sent as `Gavel-Delivery`.
    #[schema(value_type = String)]
    pub id: Uuid,
    /// The submission it tells of.
    pub submission: Option<SubmissionId>,
    /// The batch it tells of.
    pub batch: Option<BatchId>,
    /// Where to.
    pub url: String,
    /// Whether it is done with.
    pub state: WebhookStateView,
    /// Since when it is owed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it is tried next, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_at: Option<Timestamp>,
    /// Each try.
    pub tries: Vec<TryView>,
}

/// Whether a call is done with.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WebhookStateView {
    /// It is tried until it is taken.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
pub struct TryView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
}

impl From<(Webhook, Vec<Try>)> for WebhookView {
    fn from((webhook, tries): (Webhook, Vec<Try>)) -> Self {
        let Webhook { id, subject, url, created_at, state, next_at, .. } = webhook;
        let (submission, batch) = match subject {
            Subject::Submission(id) => (Some(id), None),
            Subject::Batch(id) => (None, Some(id)),
        };
        let next_at = (state == WebhookState::Waiting).then_some(next_at);
        let state = match state {
            WebhookState::Waiting => WebhookStateView::Waiting,
            WebhookState::Delivered => WebhookStateView::Delivered,
            WebhookState::Failed => WebhookStateView::Failed,
        };
        let tries = tries.into_iter().map(TryView::from).collect();
        Self { id, submission, batch, url, state, created_at, next_at, tries }
    }
}

impl From<Try> for TryView {
    fn from(Try { at, took_ms, status, error, .. }: Try) -> Self {
        Self { at, took_ms, status, error }
    }
}

/// Which calls were and are owed: those of the key's owner, or all for an admin.
#[utoipa::path(
    get,
    operation_id = "listWebhooks",
    path = "/api/v1/webhooks",
    tag = "webhooks",
    params(ListQuery),
    responses(
        (status = 200, description = "Calls, the latest first, and what came of each try", body = WebhookList),
        AnyCall,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    principal: Principal,
    Params(query): Params<ListQuery>,
) -> Result<Json<WebhookList>, ApiError> {
    let limit = Limit::asked(query.limit)?;
    let submission = read("submission", query.submission)?.map(|id| Subject::Submission(SubmissionId(id)));
    let batch = read("batch", query.batch)?.map(|id| Subject::Batch(BatchId(id)));
    if submission.is_some() && batch.is_some() {
        return Err(ApiError::invalid("batch", "a call tells of a submission or of a batch, not of both"));
    }
    let filter = WebhookFilter {
        owner: (!principal.is_admin()).then(|| principal.owner.clone()),
        subject: submission.or(batch),
        state: query.state.map(|word| state_of(&word)).transpose()?,
        after: read("after", query.after)?,
    };
    let found = state.store.webhooks(&filter, limit.to_find()).await?;
    let (found, next) = limit.part(found, |(last, _)| last.id);
    Ok(Json(WebhookList { webhooks: found.into_iter().map(WebhookView::from).collect(), next }))
}

fn state_of(word: &str) -> Result<WebhookState, ApiError> {
    let found = WebhookState::ALL.into_iter().find(|state| state.as_str() == word);
    found.ok_or_else(|| ApiError::invalid("state", "a state is `waiting`, `delivered` or `failed`"))
}

fn read(name: &'static str, text: Option<String>) -> Result<Option<Uuid>, ApiError> {
    text.map(|text| text.parse().map_err(|_| ApiError::invalid(name, "an id is a UUID"))).transpose()
}
