//! What the store is asked, each in a transaction or by a statement of its own.

use std::time::Duration;

use async_trait::async_trait;
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId};
use jiff::Timestamp;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::SqlStore;
use super::database::Database;
use super::rows::time;
use super::statement::sql;
use super::{
    batches, doors, handover, keys, list, once, postgres, problems, rejudges, retention, submissions,
    webhooks,
};
use crate::principal::Owner;
use crate::store::{
    ApiKey, Application, Backlog, Batch, BatchId, Begun, CanceledEntry, Cancellation, Candidate, Change,
    Completion, DoorCount, DoorPage, Entry, Filter, Finish, FinishedEntry, Inserted, Listed, NewEntry,
    NewSubmission, PastResult, ProblemVersion, RejudgeItem, Reused, Selection, Store, StoreConnections,
    StoreError, StoreNews, Stored, Task, Try, TryOutcome, Turn, Webhook, WebhookFilter,
};

#[async_trait]
impl Store for SqlStore {
    fn connections(&self) -> StoreConnections {
        self.database.connections()
    }

    async fn turn(&self, task: Task) -> Result<Option<Turn>, StoreError> {
        self.database.turn(task).await
    }

    async fn listen(&self, news: &mpsc::Sender<StoreNews>) {
        if let Database::Postgres(pool) = &self.database {
            postgres::listen(&pool.connect_options(), news).await;
        }
    }

    async fn insert_new(&self, new: NewSubmission<'_>) -> Result<Inserted, StoreError> {
        let mut transaction = self.database.begin().await?;
        let inserted = submissions::insert(&mut transaction, new).await?;
        transaction.commit().await?;
        Ok(inserted)
    }

    async fn mark_published(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        handover::mark_published(&mut transaction, ids).await?;
        transaction.commit().await
    }

    async fn mark_judging(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        handover::mark_judging(&mut transaction, ids).await?;
        transaction.commit().await
    }

    async fn forget_published(&self) -> Result<u64, StoreError> {
        let mut transaction = self.database.begin().await?;
        let forgotten = handover::forget_published(&mut transaction).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    async fn forget_publication(&self, id: SubmissionId) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let forgotten = handover::forget_publication(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    async fn waiting(&self, lane: Lane) -> Result<Vec<String>, StoreError> {
        handover::waiting(&self.database, lane).await
    }

    async fn handed_over(&self, lane: Lane) -> Result<Vec<(String, u32)>, StoreError> {
        handover::handed_over(&self.database, lane).await
    }

    async fn claim(
        &self,
        lane: Lane,
        owner: &str,
        limit: u32,
        within: Duration,
    ) -> Result<Vec<Submission>, StoreError> {
        let mut transaction = self.database.begin().await?;
        let claimed = handover::claim(&mut transaction, lane, owner, limit, within).await?;
        transaction.commit().await?;
        Ok(claimed)
    }

    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError> {
        let mut transaction = self.database.begin().await?;
        let ids: Vec<_> = results.iter().map(|result| result.id).collect();
        submissions::lock(&mut transaction, &ids).await?;
        let mut outcomes = Vec::with_capacity(results.len());
        for result in results {
            let outcome = submissions::finish(&mut transaction, result).await?;
            if matches!(outcome, Finish::First(_)) {
                problems::learn_time_limit(&mut transaction, result).await?;
            }
            outcomes.push(outcome);
        }
        transaction.commit().await?;
        Ok(outcomes)
    }

    async fn cancel(&self, id: SubmissionId) -> Result<Option<Cancellation>, StoreError> {
        let mut transaction = self.database.begin().await?;
        let outcome = submissions::cancel(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    async fn begin_batch(
        &self,
        id: BatchId,
        owner: &Owner,
        once: Option<Reused<'_>>,
        most_unfinished: Option<u32>,
        rejudge: Option<&str>,
    ) -> Result<Begun, StoreError> {
        let mut transaction = self.database.begin().await?;
        let begun = batches::begin(&mut transaction, id, owner, once, most_unfinished, rejudge).await?;
        if begun == Begun::New {
            transaction.commit().await?;
        }
        Ok(begun)
    }

    async fn touch_batch(&self, id: BatchId) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        batches::touch(&mut transaction, id).await?;
        transaction.commit().await
    }

    async fn extend_batch(&self, id: BatchId, entries: &[NewEntry]) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        batches::extend(&mut transaction, id, entries).await?;
        transaction.commit().await
    }

    async fn complete_batch(&self, id: BatchId, completion: Completion<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let kept = batches::complete(&mut transaction, id, completion).await?;
        transaction.commit().await?;
        Ok(kept)
    }

    async fn drop_batch(&self, id: BatchId) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        batches::drop_one(&mut transaction, id, Timestamp::MAX).await?;
        transaction.commit().await
    }

    async fn drop_abandoned(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut dropped = 0;
        for id in batches::abandoned(&self.database, before).await? {
            let mut transaction = self.database.begin().await?;
            dropped += u64::from(batches::drop_one(&mut transaction, id, before).await?);
            transaction.commit().await?;
        }
        Ok(dropped)
    }

    async fn batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        batches::get(&self.database, id).await
    }

    async fn entries(
        &self,
        id: BatchId,
        from: u32,
        limit: u32,
        results: bool,
    ) -> Result<Vec<Entry>, StoreError> {
        batches::entries(&self.database, id, from, limit, results).await
    }

    async fn finished_entries(
        &self,
        id: BatchId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FinishedEntry>, StoreError> {
        batches::finished(&self.database, id, after, limit).await
    }

    async fn cancel_some(&self, id: BatchId, limit: u32) -> Result<Vec<CanceledEntry>, StoreError> {
        let mut transaction = self.database.begin().await?;
        let canceled = batches::cancel_some(&mut transaction, id, limit).await?;
        transaction.commit().await?;
        Ok(canceled)
    }

    async fn selected(
        &self,
        selection: &Selection,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> Result<Vec<SubmissionId>, StoreError> {
        rejudges::selected(&self.database, selection, after, limit).await
    }

    async fn candidates(&self, ids: &[SubmissionId]) -> Result<Vec<Candidate>, StoreError> {
        rejudges::candidates(&self.database, ids).await
    }

    async fn changes(&self, rejudge: BatchId) -> Result<Vec<Change>, StoreError> {
        rejudges::changes(&self.database, rejudge).await
    }

    async fn rejudged(
        &self,
        rejudge: BatchId,
        from: u32,
        limit: u32,
    ) -> Result<Vec<RejudgeItem>, StoreError> {
        rejudges::items(&self.database, rejudge, from, limit).await
    }

    async fn apply_rejudge(&self, id: BatchId, partial: bool) -> Result<Application, StoreError> {
        let mut transaction = self.database.begin().await?;
        let application = rejudges::apply(&mut transaction, id, partial).await?;
        transaction.commit().await?;
        Ok(application)
    }

    async fn discard_rejudge(&self, id: BatchId) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let discarded = rejudges::discard(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(discarded)
    }

    async fn history(&self, id: SubmissionId) -> Result<Vec<PastResult>, StoreError> {
        rejudges::history(&self.database, id).await
    }

    async fn list(&self, filter: &Filter, limit: u32) -> Result<Vec<Listed>, StoreError> {
        list::list(&self.database, filter, limit).await
    }

    async fn now(&self) -> Result<Timestamp, StoreError> {
        let now = self.database.dialect().now();
        time(&sql(format!("SELECT {now} AS now")).one(&self.database).await?, "now")
    }

    async fn forget_finished(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut transaction = self.database.begin().await?;
        let forgotten = retention::forget_finished(&mut transaction, before, limit).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    async fn forget_webhooks(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut transaction = self.database.begin().await?;
        let forgotten = retention::forget_webhooks(&mut transaction, before, limit).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    async fn forget_keys(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.database.begin().await?;
        let forgotten = once::forget_before(&mut transaction, before).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    async fn claim_webhooks(
        &self,
        limit: u32,
        without: &[&str],
        within: Duration,
    ) -> Result<Vec<Webhook>, StoreError> {
        if !webhooks::any_due(&self.database).await? {
            return Ok(Vec::new());
        }
        let mut transaction = self.database.begin().await?;
        let claimed = webhooks::claim(&mut transaction, limit, without, within).await?;
        transaction.commit().await?;
        Ok(claimed)
    }

    async fn note_try(&self, id: Uuid, tried: &Try, outcome: &TryOutcome) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        webhooks::note_try(&mut transaction, id, tried, outcome).await?;
        transaction.commit().await
    }

    async fn webhooks(
        &self,
        filter: &WebhookFilter,
        limit: u32,
    ) -> Result<Vec<(Webhook, Vec<Try>)>, StoreError> {
        webhooks::list(&self.database, filter, limit).await
    }

    async fn secret(&self, name: &str, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let mut transaction = self.database.begin().await?;
        let secret = webhooks::secret(&mut transaction, name, fresh).await?;
        transaction.commit().await?;
        Ok(secret)
    }

    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError> {
        submissions::get(&self.database, id).await
    }

    async fn submission(&self, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
        doors::submission(&self.database, id).await
    }

    async fn delete_final(&self, id: SubmissionId) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let deleted = doors::delete_final(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(deleted)
    }

    async fn count_unfinished(&self) -> Result<u64, StoreError> {
        doors::count_unfinished(&self.database).await
    }

    async fn door_page(&self, door: &str, skip: u64, limit: u32) -> Result<DoorPage, StoreError> {
        doors::page(&self.database, door, skip, limit).await
    }

    async fn door_counts(&self, door: &str) -> Result<Vec<DoorCount>, StoreError> {
        doors::counts(&self.database, door).await
    }

    async fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        submissions::backlog(&self.database).await
    }

    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let new = problems::put_version(&mut transaction, version).await?;
        if let Some(submission) = calibration {
            submissions::insert(&mut transaction, NewSubmission::new(submission)).await?;
        }
        transaction.commit().await?;
        Ok(new)
    }

    async fn versions(
        &self,
        problem: &str,
        sha256_prefix: &str,
        limit: u32,
    ) -> Result<Vec<ProblemVersion>, StoreError> {
        problems::versions(&self.database, problem, sha256_prefix, limit).await
    }

    async fn problems(&self, after: &str, limit: u32) -> Result<Vec<ProblemVersion>, StoreError> {
        problems::latest(&self.database, after, limit).await
    }

    async fn delete_problem(&self, problem: &str) -> Result<u64, StoreError> {
        let mut transaction = self.database.begin().await?;
        let deleted = problems::delete(&mut transaction, problem).await?;
        transaction.commit().await?;
        Ok(deleted)
    }

    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        keys::insert(&mut transaction, key).await?;
        transaction.commit().await
    }

    async fn key(&self, sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        keys::find(&self.database, sha256).await
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        keys::all(&self.database).await
    }

    async fn has_keys(&self) -> Result<bool, StoreError> {
        keys::any(&self.database).await
    }

    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let revoked = keys::revoke(&mut transaction, id, at).await?;
        transaction.commit().await?;
        Ok(revoked)
    }

    async fn mark_key_used(&self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        keys::mark_used(&mut transaction, id, at).await?;
        transaction.commit().await
    }
}
