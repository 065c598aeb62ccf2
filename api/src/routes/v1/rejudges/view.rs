//! What a client is told of a rejudge.

use std::collections::BTreeMap;

use gavel_model::{SubmissionId, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::selection::SelectionView;
use crate::error::ApiError;
use crate::routes::v1::batches::view::raw;
use crate::routes::v1::submissions::list::ListedState;
use crate::store::{Batch, BatchId, Change, Outcome, RejudgeItem, Rejudged};

/// A rejudge: how far it is, and what it changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejudgeView {
    /// Its id.
    pub id: BatchId,
    /// How far it is.
    pub state: RejudgeState,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Which submissions were meant.
    #[schema(value_type = SelectionView)]
    pub selection: Box<RawValue>,
    /// How many there were.
    pub entries: u64,
    /// How many of them are judged again.
    pub accepted: u64,
    /// How many of them cannot be.
    pub refused: u64,
    /// How many nobody has begun.
    pub queued: u64,
    /// How many are being judged.
    pub judging: u64,
    /// How many are judged, or canceled.
    pub finished: u64,
    /// What these came to, by verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Of how many verdict or score changes, or changed when it was applied.
    pub changed: u64,
    /// How many went from one verdict to another, or kept theirs.
    pub changes: Vec<ChangeView>,
    /// When its results became those of the submissions.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub applied_at: Option<Timestamp>,
    /// How many results were replaced.
    pub applied: Option<u64>,
}

/// How far a rejudge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RejudgeState {
    /// Not all of it is judged.
    Judging,
    /// All of it is judged: it can be applied.
    Ready,
    /// Its results are those of the submissions.
    Applied,
    /// It was canceled: nothing of it counts.
    Canceled,
}

/// How many submissions went from one verdict to another, or kept theirs.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    /// The verdict there is, or was before the rejudge was applied.
    pub old: Verdict,
    /// The verdict of the rejudge. `JE` replaces nothing.
    pub new: Verdict,
    /// How many.
    pub count: u64,
}

impl RejudgeState {
    /// Of a rejudge.
    pub fn of(batch: &Batch) -> Self {
        let applied = batch.rejudge.as_ref().is_some_and(|of| of.applied.is_some());
        match batch.canceled_at {
            _ if applied => Self::Applied,
            Some(_) => Self::Canceled,
            None if batch.verdicts.values().sum::<u64>() < batch.accepted => Self::Judging,
            None => Self::Ready,
        }
    }
}

impl RejudgeView {
    /// A rejudge with what it changes.
    pub fn new(batch: Batch, changes: Vec<Change>) -> Self {
        let state = RejudgeState::of(&batch);
        let Batch { id, created_at, entries, accepted, queued, judging, verdicts, rejudge, .. } = batch;
        let finished = verdicts.values().sum();
        let (asked, applied) = rejudge.map(|of| (of.asked, of.applied)).unwrap_or_default();
        let changed = changes.iter().map(|change| change.changed).sum();
        let changes =
            changes.into_iter().map(|Change { old, new, count, .. }| ChangeView { old, new, count });
        Self {
            id,
            state,
            created_at,
            selection: raw(asked),
            entries,
            accepted,
            refused: entries - accepted,
            queued,
            judging,
            finished,
            verdicts,
            changed,
            changes: changes.collect(),
            applied_at: applied.map(|(at, _)| at),
            applied: applied.map(|(_, count)| count),
        }
    }
}

/// A submission of a rejudge.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejudgedView {
    /// Where in the rejudge, from 0.
    index: u32,
    /// What becomes of it.
    #[serde(flatten)]
    outcome: RejudgedOutcome,
}

/// What becomes of a submission of a rejudge.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum RejudgedOutcome {
    /// It is not judged again.
    Refused(RefusedView),
    /// It is.
    Judged(JudgedView),
}

/// A submission that is not judged again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RefusedView {
    /// The submission; null where that cannot be read.
    submission: Option<SubmissionId>,
    /// Why not: an error as any other call has it.
    #[schema(value_type = ApiError)]
    error: Box<RawValue>,
}

/// A submission that is judged again.
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgedView {
    /// The submission.
    submission: SubmissionId,
    /// The copy of it that is judged: `GET /api/v1/submissions/{id}` tells its whole result.
    copy: SubmissionId,
    /// Where the copy is.
    state: ListedState,
    /// What the result is, or was before the rejudge was applied; null once the submission is forgotten.
    old: Option<OutcomeView>,
    /// What the copy came to, once it is final.
    new: Option<OutcomeView>,
    /// Whether verdict or score changes, or changed when the rejudge was applied.
    changed: bool,
    /// Whether the copy's result became the submission's.
    applied: bool,
}

/// A verdict with its points.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct OutcomeView {
    /// The verdict.
    verdict: Verdict,
    /// The points, where there are any.
    score: Option<f64>,
}

impl From<Outcome> for OutcomeView {
    fn from(Outcome { verdict, score }: Outcome) -> Self {
        Self { verdict, score }
    }
}

impl From<RejudgeItem> for RejudgedView {
    fn from(RejudgeItem { place, entry }: RejudgeItem) -> Self {
        let outcome = match entry {
            Ok(Rejudged { submission, copy, state, old, new, changed, applied }) => {
                let (old, new) = (old.map(OutcomeView::from), new.map(OutcomeView::from));
                let state = state.into();
                RejudgedOutcome::Judged(JudgedView { submission, copy, state, old, new, changed, applied })
            }
            Err(error) => RejudgedOutcome::Refused(
                serde_json::from_str(&error)
                    .unwrap_or_else(|_| RefusedView { submission: None, error: raw(error) }),
            ),
        };
        Self { index: place, outcome }
    }
}
