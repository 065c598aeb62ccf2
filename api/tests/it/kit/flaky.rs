//! Faults that the real things cannot be told to have.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gavel_api::auth::Owner;
use gavel_api::store::{
    ApiKey, Application, Backlog, Batch, BatchId, Begun, CanceledEntry, Cancellation, Candidate, Change,
    Completion, DoorCount, DoorPage, Entry, Filter, Finish, FinishedEntry, Inserted, Listed, NewEntry,
    NewSubmission, PastResult, ProblemVersion, RejudgeItem, Reused, Selection, SqlStore, Store,
    StoreConnections, StoreError, StoreNews, Stored, Task, Try, TryOutcome, Turn, Webhook, WebhookFilter,
};
use gavel_broker::embedded::EmbeddedBroker;
use gavel_broker::{BrokerError, DeadLetter, Delivery, Dispatcher, Headers, LiveLink, Visit, Walk};
use gavel_model::{
    Control, Heartbeat, JudgeResult, JudgingEvent, Lane, LiveInput, LiveOutput, LiveRun, Submission,
    SubmissionId,
};
use jiff::Timestamp;
use tokio::sync::mpsc;

/// The embedded broker, which can be told to be away.
pub struct FlakyDispatcher {
    inner: EmbeddedBroker,
    pub away: AtomicBool,
    pub published: AtomicUsize,
}

impl FlakyDispatcher {
    pub fn new(inner: EmbeddedBroker) -> Self {
        Self { inner, away: AtomicBool::new(false), published: AtomicUsize::new(0) }
    }
}

#[async_trait]
impl Dispatcher for FlakyDispatcher {
    async fn publish_with(&self, submission: &Submission, headers: &Headers) -> Result<(), BrokerError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(BrokerError::Unavailable);
        }
        self.published.fetch_add(1, Ordering::SeqCst);
        self.inner.publish_with(submission, headers).await
    }

    fn results(&self) -> mpsc::Receiver<Delivery<JudgeResult>> {
        self.inner.results()
    }

    fn dead_letters(&self) -> mpsc::Receiver<Delivery<DeadLetter>> {
        self.inner.dead_letters()
    }

    fn heartbeats(&self) -> mpsc::Receiver<Heartbeat> {
        self.inner.heartbeats()
    }

    fn events(&self) -> mpsc::Receiver<JudgingEvent> {
        self.inner.events()
    }

    async fn send_control(&self, control: &Control) -> Result<(), BrokerError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(BrokerError::Unavailable);
        }
        self.inner.send_control(control).await
    }

    async fn walk_dead(&self, most: usize, visit: &mut Visit<'_>) -> Result<Walk, BrokerError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(BrokerError::Unavailable);
        }
        self.inner.walk_dead(most, visit).await
    }

    async fn open_live(
        &self,
        run: LiveRun,
        within: Duration,
    ) -> Result<LiveLink<LiveInput, LiveOutput>, BrokerError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(BrokerError::Unavailable);
        }
        self.inner.open_live(run, within).await
    }

    fn connected(&self) -> bool {
        !self.away.load(Ordering::SeqCst)
    }
}

/// The `SQLite` store, which can be told to be down.
pub struct FlakyStore {
    inner: SqlStore,
    pub down: AtomicBool,
    pub refused: AtomicUsize,
}

impl FlakyStore {
    pub fn new(inner: SqlStore) -> Self {
        Self { inner, down: AtomicBool::new(false), refused: AtomicUsize::new(0) }
    }

    fn up(&self) -> Result<&SqlStore, StoreError> {
        if self.down.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(StoreError::Unavailable("told to be down".into()));
        }
        Ok(&self.inner)
    }
}

#[async_trait]
impl Store for FlakyStore {
    fn connections(&self) -> StoreConnections {
        self.inner.connections()
    }

    async fn turn(&self, task: Task) -> Result<Option<Turn>, StoreError> {
        self.up()?.turn(task).await
    }

    async fn listen(&self, news: &mpsc::Sender<StoreNews>) {
        self.inner.listen(news).await;
    }

    async fn insert_new(&self, new: NewSubmission<'_>) -> Result<Inserted, StoreError> {
        self.up()?.insert_new(new).await
    }

    async fn mark_published(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        self.up()?.mark_published(ids).await
    }

    async fn mark_judging(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        self.up()?.mark_judging(ids).await
    }

    async fn forget_published(&self) -> Result<u64, StoreError> {
        self.up()?.forget_published().await
    }

    async fn forget_publication(&self, id: SubmissionId) -> Result<bool, StoreError> {
        self.up()?.forget_publication(id).await
    }

    async fn waiting(&self, lane: Lane) -> Result<Vec<String>, StoreError> {
        self.up()?.waiting(lane).await
    }

    async fn handed_over(&self, lane: Lane) -> Result<Vec<(String, u32)>, StoreError> {
        self.up()?.handed_over(lane).await
    }

    async fn claim(
        &self,
        lane: Lane,
        owner: &str,
        limit: u32,
        within: Duration,
    ) -> Result<Vec<Submission>, StoreError> {
        self.up()?.claim(lane, owner, limit, within).await
    }

    async fn begin_batch(
        &self,
        id: BatchId,
        owner: &Owner,
        once: Option<Reused<'_>>,
        most_unfinished: Option<u32>,
        rejudge: Option<&str>,
    ) -> Result<Begun, StoreError> {
        self.up()?.begin_batch(id, owner, once, most_unfinished, rejudge).await
    }

    async fn touch_batch(&self, id: BatchId) -> Result<(), StoreError> {
        self.up()?.touch_batch(id).await
    }

    async fn extend_batch(&self, id: BatchId, entries: &[NewEntry]) -> Result<(), StoreError> {
        self.up()?.extend_batch(id, entries).await
    }

    async fn complete_batch(&self, id: BatchId, completion: Completion<'_>) -> Result<bool, StoreError> {
        self.up()?.complete_batch(id, completion).await
    }

    async fn drop_batch(&self, id: BatchId) -> Result<(), StoreError> {
        self.up()?.drop_batch(id).await
    }

    async fn drop_abandoned(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.up()?.drop_abandoned(before).await
    }

    async fn batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        self.up()?.batch(id).await
    }

    async fn entries(
        &self,
        id: BatchId,
        from: u32,
        limit: u32,
        results: bool,
    ) -> Result<Vec<Entry>, StoreError> {
        self.up()?.entries(id, from, limit, results).await
    }

    async fn finished_entries(
        &self,
        id: BatchId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FinishedEntry>, StoreError> {
        self.up()?.finished_entries(id, after, limit).await
    }

    async fn cancel_some(&self, id: BatchId, limit: u32) -> Result<Vec<CanceledEntry>, StoreError> {
        self.up()?.cancel_some(id, limit).await
    }

    async fn selected(
        &self,
        selection: &Selection,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> Result<Vec<SubmissionId>, StoreError> {
        self.up()?.selected(selection, after, limit).await
    }

    async fn candidates(&self, ids: &[SubmissionId]) -> Result<Vec<Candidate>, StoreError> {
        self.up()?.candidates(ids).await
    }

    async fn changes(&self, rejudge: BatchId) -> Result<Vec<Change>, StoreError> {
        self.up()?.changes(rejudge).await
    }

    async fn rejudged(
        &self,
        rejudge: BatchId,
        from: u32,
        limit: u32,
    ) -> Result<Vec<RejudgeItem>, StoreError> {
        self.up()?.rejudged(rejudge, from, limit).await
    }

    async fn apply_rejudge(&self, id: BatchId, partial: bool) -> Result<Application, StoreError> {
        self.up()?.apply_rejudge(id, partial).await
    }

    async fn discard_rejudge(&self, id: BatchId) -> Result<bool, StoreError> {
        self.up()?.discard_rejudge(id).await
    }

    async fn history(&self, id: SubmissionId) -> Result<Vec<PastResult>, StoreError> {
        self.up()?.history(id).await
    }

    async fn list(&self, filter: &Filter, limit: u32) -> Result<Vec<Listed>, StoreError> {
        self.up()?.list(filter, limit).await
    }

    async fn claim_webhooks(
        &self,
        limit: u32,
        without: &[&str],
        within: Duration,
    ) -> Result<Vec<Webhook>, StoreError> {
        self.up()?.claim_webhooks(limit, without, within).await
    }

    async fn note_try(&self, id: uuid::Uuid, tried: &Try, outcome: &TryOutcome) -> Result<(), StoreError> {
        self.up()?.note_try(id, tried, outcome).await
    }

    async fn webhooks(
        &self,
        filter: &WebhookFilter,
        limit: u32,
    ) -> Result<Vec<(Webhook, Vec<Try>)>, StoreError> {
        self.up()?.webhooks(filter, limit).await
    }

    async fn secret(&self, name: &str, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        self.up()?.secret(name, fresh).await
    }

    async fn now(&self) -> Result<Timestamp, StoreError> {
        self.up()?.now().await
    }

    async fn forget_finished(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.up()?.forget_finished(before, limit).await
    }

    async fn forget_webhooks(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.up()?.forget_webhooks(before, limit).await
    }

    async fn forget_keys(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.up()?.forget_keys(before).await
    }

    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError> {
        self.up()?.finish(results).await
    }

    async fn cancel(&self, id: SubmissionId) -> Result<Option<Cancellation>, StoreError> {
        self.up()?.cancel(id).await
    }

    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError> {
        self.up()?.get(id).await
    }

    async fn submission(&self, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
        self.up()?.submission(id).await
    }

    async fn delete_final(&self, id: SubmissionId) -> Result<bool, StoreError> {
        self.up()?.delete_final(id).await
    }

    async fn count_unfinished(&self) -> Result<u64, StoreError> {
        self.up()?.count_unfinished().await
    }

    async fn door_page(&self, door: &str, skip: u64, limit: u32) -> Result<DoorPage, StoreError> {
        self.up()?.door_page(door, skip, limit).await
    }

    async fn door_counts(&self, door: &str) -> Result<Vec<DoorCount>, StoreError> {
        self.up()?.door_counts(door).await
    }

    async fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        self.up()?.backlog().await
    }

    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError> {
        self.up()?.put_version(version, calibration).await
    }

    async fn versions(
        &self,
        problem: &str,
        sha256_prefix: &str,
        limit: u32,
    ) -> Result<Vec<ProblemVersion>, StoreError> {
        self.up()?.versions(problem, sha256_prefix, limit).await
    }

    async fn problems(&self, after: &str, limit: u32) -> Result<Vec<ProblemVersion>, StoreError> {
        self.up()?.problems(after, limit).await
    }

    async fn delete_problem(&self, problem: &str) -> Result<u64, StoreError> {
        self.up()?.delete_problem(problem).await
    }

    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        self.up()?.insert_key(key).await
    }

    async fn key(&self, sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        self.up()?.key(sha256).await
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        self.up()?.keys().await
    }

    async fn has_keys(&self) -> Result<bool, StoreError> {
        self.up()?.has_keys().await
    }

    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.up()?.revoke_key(id, at).await
    }

    async fn mark_key_used(&self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        self.up()?.mark_key_used(id, at).await
    }
}
