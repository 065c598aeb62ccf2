//! Where submissions, their results and problems are kept.
//!
//! [`SqlStore`] is one: a file of `SQLite`, or a Postgres that several processes share. Both pass the one suite in `tests/it/store/`.

mod batch;
mod config;
mod connections;
mod door;
mod error;
mod key;
mod news;
mod problem;
mod rejudge;
mod sql;
mod submission;
mod turn;
mod webhook;

use std::time::Duration;

use async_trait::async_trait;
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId};
use jiff::Timestamp;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::principal::Owner;

pub use batch::{
    Batch, BatchId, Begun, CanceledEntry, Completion, Entry, EntryKind, Filter, FinishedEntry, Listed, Made,
    NewEntry, Once, Reused,
};
pub use config::StoreConfig;
pub use connections::{StoreConnections, StoreKind};
pub use door::{DoorCount, DoorPage};
pub use error::{Cause, StoreError};
pub use key::ApiKey;
pub use news::StoreNews;
pub use problem::{ProblemDetail, ProblemGroup, ProblemVersion};
pub use rejudge::{
    Application, Candidate, Change, Outcome, PastResult, Rejudge, RejudgeItem, Rejudged, Selection,
};
pub use sql::{SqlStore, greet};
pub use submission::{Backlog, Cancellation, Finish, Inserted, NewSubmission, Stored, SubmissionState};
pub use turn::{Task, Turn};
pub use webhook::{Subject, Try, TryOutcome, Webhook, WebhookFilter, WebhookState};

/// Keeps submissions until they are judged, results for good, and what problems' packages say.
///
/// Errors are [`StoreError`], by what they mean for the caller; what a store is made of stays inside.
#[async_trait]
pub trait Store: Send + Sync {
    /// How this process is connected now.
    fn connections(&self) -> StoreConnections;

    /// Takes a task for this process alone until the turn is dropped. Who hands over waits for whoever is at it; who tidies
    /// is told of none where somebody is.
    async fn turn(&self, task: Task) -> Result<Option<Turn>, StoreError>;

    /// Tells what becomes final, whichever process stores it, until nobody hears it any more; ends at once where no other
    /// process stores anything.
    async fn listen(&self, news: &mpsc::Sender<StoreNews>);

    /// Keeps a new submission of nobody's, queued and not yet published.
    async fn insert(&self, submission: &Submission) -> Result<(), StoreError> {
        self.insert_new(NewSubmission::new(submission)).await.map(drop)
    }

    /// Keeps a new submission, queued and not yet published, and with it its client's key: both or neither.
    async fn insert_new(&self, new: NewSubmission<'_>) -> Result<Inserted, StoreError>;

    /// Notes that a broker answers for these submissions; ids that are not there are skipped.
    async fn mark_published(&self, ids: &[SubmissionId]) -> Result<(), StoreError>;

    /// Notes that a worker has begun these; those that are final, or not there, are skipped.
    async fn mark_judging(&self, ids: &[SubmissionId]) -> Result<(), StoreError>;

    /// Forgets that unfinished submissions were published: the broker that had them is gone. Tells how many.
    async fn forget_published(&self) -> Result<u64, StoreError>;

    /// Forgets that a submission was published, if nobody has begun it; whether it now waits to be handed over.
    async fn forget_publication(&self, id: SubmissionId) -> Result<bool, StoreError>;

    /// The owners of submissions of a lane that wait to be handed over, by name; an empty one is nobody.
    async fn waiting(&self, lane: Lane) -> Result<Vec<String>, StoreError>;

    /// How many submissions of a lane were handed over and are not final, by the owner's name.
    async fn handed_over(&self, lane: Lane) -> Result<Vec<(String, u32)>, StoreError>;

    /// Takes the next submissions of an owner in a lane that are ready, to hand them over within a time: until that is over
    /// nobody else takes them, and after that whoever finds them unpublished.
    async fn claim(
        &self,
        lane: Lane,
        owner: &str,
        limit: u32,
        within: Duration,
    ) -> Result<Vec<Submission>, StoreError>;

    /// Keeps final results, all or none, and tells what became of each. The first of a submission wins, unless the
    /// submission was canceled before; if it was judged by a problem version without a time limit, its CPU limit
    /// becomes the version's.
    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError>;

    /// Cancels a submission, unless it is done. None of an unknown one.
    async fn cancel(&self, id: SubmissionId) -> Result<Option<Cancellation>, StoreError>;

    /// Begins a batch of an owner, unless so many submissions of the owner's batches wait. Under its client's key, if there is
    /// one, instead of a batch that is not whole and that nobody has touched for so long as `left` says. With what was asked for, in JSON, it is
    /// a rejudge: a batch of copies that are judged to replace results.
    async fn begin_batch(
        &self,
        id: BatchId,
        owner: &Owner,
        once: Option<Reused<'_>>,
        most_unfinished: Option<u32>,
        rejudge: Option<&str>,
    ) -> Result<Begun, StoreError>;

    /// Notes that somebody still receives a batch.
    async fn touch_batch(&self, id: BatchId) -> Result<(), StoreError>;

    /// Keeps entries of a batch that was begun; nothing is done with them yet.
    async fn extend_batch(&self, id: BatchId, entries: &[NewEntry]) -> Result<(), StoreError>;

    /// Makes a batch whole, so that its submissions may be handed over. False where so many
    /// submissions of the owner's batches wait; nothing of it is kept then.
    async fn complete_batch(&self, id: BatchId, completion: Completion<'_>) -> Result<bool, StoreError>;

    /// Forgets a batch that is not whole, and everything of it.
    async fn drop_batch(&self, id: BatchId) -> Result<(), StoreError>;

    /// Forgets batches of which nothing has come since an instant and that are not whole; tells how many.
    async fn drop_abandoned(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// A batch or a rejudge that is whole.
    async fn batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError>;

    /// Entries of a batch from a place on, in order; where results are not wanted, none is there.
    async fn entries(
        &self,
        id: BatchId,
        from: u32,
        limit: u32,
        results: bool,
    ) -> Result<Vec<Entry>, StoreError>;

    /// Submissions of a batch that became final after a turn, in order.
    async fn finished_entries(
        &self,
        id: BatchId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FinishedEntry>, StoreError>;

    /// Cancels some of a batch's submissions that are not final; none are left once it tells of none.
    async fn cancel_some(&self, id: BatchId, limit: u32) -> Result<Vec<CanceledEntry>, StoreError>;

    /// Submissions that a selection means, after one of them, the oldest first.
    async fn selected(
        &self,
        selection: &Selection,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> Result<Vec<SubmissionId>, StoreError>;

    /// Submissions of these ids that may be judged again, in any order; those that are not there, and copies, are left out.
    async fn candidates(&self, ids: &[SubmissionId]) -> Result<Vec<Candidate>, StoreError>;

    /// How verdicts change by a rejudge, as far as it is judged.
    async fn changes(&self, rejudge: BatchId) -> Result<Vec<Change>, StoreError>;

    /// What a rejudge consists of from a place on, in order.
    async fn rejudged(&self, rejudge: BatchId, from: u32, limit: u32)
    -> Result<Vec<RejudgeItem>, StoreError>;

    /// Makes the results of a rejudge those of the submissions, all at once, and once; but none that is `JE` or canceled. Unless
    /// a part will do, all of it must have a verdict. What was promised to be called when it is final is called again where
    /// verdict or score changed.
    async fn apply_rejudge(&self, id: BatchId, partial: bool) -> Result<Application, StoreError>;

    /// Gives a rejudge up, unless it is applied; tells whether it is given up.
    async fn discard_rejudge(&self, id: BatchId) -> Result<bool, StoreError>;

    /// Every result that a submission had or has, the first one first.
    async fn history(&self, id: SubmissionId) -> Result<Vec<PastResult>, StoreError>;

    /// Submissions that a filter lets pass, the latest first.
    async fn list(&self, filter: &Filter, limit: u32) -> Result<Vec<Listed>, StoreError>;

    /// What time it is by the clock that all processes over this store share.
    async fn now(&self) -> Result<Timestamp, StoreError>;

    /// Forgets some of what became final before an instant: single submissions, then batches, each as a whole. What is not
    /// final stays. Tells how much was forgotten, 0 when nothing is left.
    async fn forget_finished(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Forgets some of the calls that are done with and were owed before an instant; tells how many.
    async fn forget_webhooks(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Forgets clients' keys that were used before an instant; tells how many.
    async fn forget_keys(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Takes calls that are due, but of none of these owners, for a time in which nobody else takes them.
    async fn claim_webhooks(
        &self,
        limit: u32,
        without: &[&str],
        within: Duration,
    ) -> Result<Vec<Webhook>, StoreError>;

    /// Notes what came of a call.
    async fn note_try(&self, id: Uuid, tried: &Try, outcome: &TryOutcome) -> Result<(), StoreError>;

    /// Calls that a filter lets pass, the latest first, each with its tries.
    async fn webhooks(
        &self,
        filter: &WebhookFilter,
        limit: u32,
    ) -> Result<Vec<(Webhook, Vec<Try>)>, StoreError>;

    /// The secret of a name: what is kept, or else this one from now on.
    async fn secret(&self, name: &str, fresh: [u8; 32]) -> Result<[u8; 32], StoreError>;

    /// One submission.
    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError>;

    /// One submission as it was accepted.
    async fn submission(&self, id: SubmissionId) -> Result<Option<Submission>, StoreError>;

    /// Forgets a submission that is done or canceled; tells whether there was such a one.
    async fn delete_final(&self, id: SubmissionId) -> Result<bool, StoreError>;

    /// How many submissions are neither done nor canceled.
    async fn count_unfinished(&self) -> Result<u64, StoreError>;

    /// Submissions with a note of a door, the newest first, behind the first `skip` of them.
    async fn door_page(&self, door: &str, skip: u64, limit: u32) -> Result<DoorPage, StoreError>;

    /// How many submissions with a note of a door there are of each kind.
    async fn door_counts(&self, door: &str) -> Result<Vec<DoorCount>, StoreError>;

    /// What is unfinished, of each lane that has any; also shows that the store answers.
    async fn backlog(&self) -> Result<Vec<Backlog>, StoreError>;

    /// Keeps a version as its problem's latest, and with it the submission that will calibrate it: both or neither.
    /// Tells whether the version is new; one that was there keeps all but its calibration.
    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError>;

    /// Versions of a problem whose hash begins with some digits (all of them, if there are none), latest first.
    async fn versions(
        &self,
        problem: &str,
        sha256_prefix: &str,
        limit: u32,
    ) -> Result<Vec<ProblemVersion>, StoreError>;

    /// The latest version of each problem after an id, by id.
    async fn problems(&self, after: &str, limit: u32) -> Result<Vec<ProblemVersion>, StoreError>;

    /// Forgets a problem; tells how many versions it had.
    async fn delete_problem(&self, problem: &str) -> Result<u64, StoreError>;

    /// Keeps a new key.
    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError>;

    /// The key with this hash, revoked or not.
    async fn key(&self, sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError>;

    /// Every key, revoked or not, the oldest first.
    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// Whether there ever was a key.
    async fn has_keys(&self) -> Result<bool, StoreError>;

    /// Makes a key good for nothing; tells whether there is such a key. To revoke it again changes nothing.
    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// Notes that a key was used.
    async fn mark_key_used(&self, id: &str, at: Timestamp) -> Result<(), StoreError>;
}
