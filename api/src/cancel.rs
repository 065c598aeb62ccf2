//! Canceling: nobody wants the result any more.

use std::sync::Arc;

use gavel_model::{Control, JudgeResult, SubmissionId};

use crate::state::AppState;
use crate::store::{BatchId, Cancellation, StoreError};

/// How many submissions of a batch are canceled by one transaction.
const PART: u32 = 200;

impl AppState {
    /// Cancels a submission, unless it is done. None of an unknown one.
    ///
    /// Workers are told each time: what was said while the broker was away is said again when somebody asks again. A
    /// worker that does not hear it judges in vain, since the store takes no result of a canceled submission.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn cancel(&self, id: SubmissionId) -> Result<Option<Cancellation>, StoreError> {
        let outcome = self.store.cancel(id).await?;
        if let Some(Cancellation::Now(answer, batch)) = &outcome {
            self.tell_clients(answer);
            if let Some(batch) = batch {
                self.updates.batch_changed(*batch);
            }
        }
        if let Some(Cancellation::Now(..) | Cancellation::Before(_)) = &outcome {
            self.tell_workers(id).await;
        }
        Ok(outcome)
    }

    /// Cancels everything of a batch that is not done.
    ///
    /// # Errors
    /// When the store does not answer; some of it may be canceled then.
    pub async fn cancel_batch(&self, id: BatchId) -> Result<(), StoreError> {
        loop {
            let canceled = self.store.cancel_some(id, PART).await?;
            if canceled.is_empty() {
                return Ok(());
            }
            for one in &canceled {
                self.tell_clients(&one.answer);
                // No worker has what was not handed over.
                if one.handed_over {
                    self.tell_workers(one.answer.id).await;
                }
            }
            self.updates.batch_changed(id);
        }
    }

    fn tell_clients(&self, answer: &JudgeResult) {
        let language = self.languages.label(&answer.language);
        self.metrics.results(answer.lane, &language, answer.verdict).inc();
        self.intake.room.leave(answer.lane);
        self.updates.done(&Arc::new(answer.clone()));
    }

    async fn tell_workers(&self, id: SubmissionId) {
        if let Err(error) = self.dispatcher.send_control(&Control::Cancel { id }).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(submission.id = %id, error, "canceled, but the workers could not be told");
        }
    }
}
