//! Which submissions a rejudge means.

use std::collections::HashSet;

use gavel_model::{SubmissionId, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorCode};
use crate::intake::{Package, Reference};
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::{BatchId, Selection};

/// Which submissions are judged again: those for which everything holds that is said here; something must be said. `ids` stand
/// alone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"problem": "sum", "verdicts": ["WA"]}))]
pub struct RejudgeRequest {
    /// Those of a batch.
    batch: Option<String>,
    /// Those that are judged by a problem: `id`, or `id@sha256` for those whose results are by one version of it.
    problem: Option<String>,
    /// These.
    #[schema(value_type = Option<Vec<String>>)]
    ids: Option<Vec<SubmissionId>>,
    /// Only those with one of these verdicts.
    verdicts: Option<Vec<Verdict>>,
    /// Only those in this language, by id or alias.
    language: Option<String>,
    /// By which package of its problem each is judged: the `newest`, or the `same` that its result is by. Without it the
    /// newest, unless one version is named in `problem`: then that.
    package: Option<Package>,
}

/// Which submissions of a batch are judged again.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"verdicts": ["JE"]}))]
pub struct BatchRejudgeRequest {
    /// Only those with one of these verdicts.
    verdicts: Option<Vec<Verdict>>,
    /// Only those in this language, by id or alias.
    language: Option<String>,
    /// By which package of its problem each is judged: the `newest` if left out, or the `same` that its result is by.
    package: Option<Package>,
}

impl BatchRejudgeRequest {
    /// The long form of it.
    pub fn of(self, batch: BatchId) -> RejudgeRequest {
        let Self { verdicts, language, package } = self;
        let batch = Some(batch.to_string());
        RejudgeRequest { batch, verdicts, language, package, ..RejudgeRequest::default() }
    }
}

/// Which submissions were asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelectionView {
    /// The batch.
    batch: Option<BatchId>,
    /// The problem, with the version where one was named.
    problem: Option<String>,
    /// How many ids were given.
    ids: Option<u64>,
    /// The verdicts.
    verdicts: Option<Vec<Verdict>>,
    /// The language's id.
    language: Option<String>,
    /// By which package each is judged.
    package: Package,
}

/// A selection that was read.
pub struct Asked {
    /// What is told of it.
    pub view: SelectionView,
    /// Which submissions.
    pub chosen: Chosen,
    /// By which package.
    pub package: Package,
}

/// Which submissions.
pub enum Chosen {
    /// These, in this order.
    Ids(Vec<SubmissionId>),
    /// Those that have something in common.
    Alike(Selection),
}

impl RejudgeRequest {
    /// What it says.
    ///
    /// # Errors
    /// When it says nothing, too much, or names what there is not.
    pub async fn read(self, state: &AppState, principal: &Principal) -> Result<Asked, ApiError> {
        let Self { batch, problem, ids, verdicts, language, package } = self;
        let others = batch.is_some() || problem.is_some() || verdicts.is_some() || language.is_some();
        if ids.is_none() && !others {
            let message = "nothing says which submissions: batch, problem, ids, verdicts or language";
            return Err(ApiError::new(ErrorCode::InvalidField, message));
        }
        let reference = problem.as_deref().map(reference).transpose()?;
        let versioned = reference.as_ref().is_some_and(|of| !of.sha256_prefix.is_empty());
        let package = package.unwrap_or(if versioned { Package::Same } else { Package::Newest });
        let language = language.map(|name| state.language_id(&name)).transpose()?;
        let batch = match batch {
            Some(text) => {
                let id =
                    text.parse().map_err(|_| ApiError::invalid("batch", "the id of a batch is a UUID"))?;
                Some(state.visible_batch(id, principal).await?.id)
            }
            None => None,
        };
        let view = SelectionView {
            batch,
            problem,
            ids: ids.as_ref().map(|ids| ids.len() as u64),
            verdicts: verdicts.clone(),
            language: language.clone(),
            package,
        };
        let chosen = match ids {
            Some(_) if others => {
                return Err(ApiError::invalid(
                    "ids",
                    "ids stand alone: no batch, problem, verdicts or language",
                ));
            }
            Some(ids) => Chosen::Ids(each_once(ids, state.config.max_batch)?),
            None => Chosen::Alike(Selection {
                owner: (!principal.is_admin()).then(|| principal.owner.clone()),
                batch,
                problem: reference.as_ref().map(|of| of.id.clone()),
                sha256_prefix: reference.map(|of| of.sha256_prefix).unwrap_or_default(),
                language,
                verdicts: some(verdicts)?,
            }),
        };
        Ok(Asked { view, chosen, package })
    }
}

fn reference(text: &str) -> Result<Reference, ApiError> {
    Reference::parse(text).map_err(|error| ApiError::invalid("problem", error.to_string()))
}

fn some(verdicts: Option<Vec<Verdict>>) -> Result<Vec<Verdict>, ApiError> {
    match verdicts {
        Some(verdicts) if verdicts.is_empty() => {
            Err(ApiError::invalid("verdicts", "verdicts is empty; one entry at least is needed"))
        }
        verdicts => Ok(verdicts.unwrap_or_default()),
    }
}

fn each_once(ids: Vec<SubmissionId>, max: u32) -> Result<Vec<SubmissionId>, ApiError> {
    if ids.len() > max as usize {
        let message = format!("ids has {} entries, the maximum is {max}", ids.len());
        return Err(ApiError::of("ids", ErrorCode::TooLarge, message));
    }
    let mut seen = HashSet::with_capacity(ids.len());
    Ok(ids.into_iter().filter(|id| seen.insert(*id)).collect())
}
