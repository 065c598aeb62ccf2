//! Canceling: nobody wants the result any more.

use std::sync::Arc;

use gavel_model::{Control, JudgeResult, SubmissionId};

use crate::state::AppState;
use crate::store::{Cancellation, StoreError};

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
        if let Some(Cancellation::Now(answer)) = &outcome {
            self.tell_clients(answer);
        }
        if let Some(Cancellation::Now(_) | Cancellation::Before(_)) = &outcome {
            self.tell_workers(id).await;
        }
        Ok(outcome)
    }

    fn tell_clients(&self, answer: &JudgeResult) {
        let language = self.languages.label(&answer.language);
        self.metrics.results(answer.lane, &language, answer.verdict).inc();
        self.updates.done(&Arc::new(answer.clone()));
    }

    async fn tell_workers(&self, id: SubmissionId) {
        if let Err(error) = self.dispatcher.send_control(&Control::Cancel { id }).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(submission.id = %id, error, "canceled, but the workers could not be told");
        }
    }
}
