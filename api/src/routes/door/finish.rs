//! Work whose client waits for its end.

use gavel_model::{JudgeResult, Submission};

use crate::intake::{Accepted, IntakeError, Request};
use crate::principal::Principal;
use crate::state::AppState;

/// What became of work whose client waited.
#[derive(Debug)]
pub enum Finished {
    /// It was judged.
    Judged(Box<JudgeResult>),
    /// Not within [`max_wait`](crate::settings::ApiConfig::max_wait); it is canceled, since nobody could ask for it.
    TooLate,
    /// It was not accepted.
    Refused(IntakeError),
}

impl AppState {
    /// Has work judged and waits for what becomes of it.
    pub async fn finish(&self, request: Request, principal: &Principal) -> Finished {
        let Accepted { submission, mut follow, .. } = match self.intake.accept(request, principal).await {
            Ok(accepted) => accepted,
            Err(error) => return Finished::Refused(error),
        };
        match self.await_result(&mut follow, submission.id, self.config.max_wait).await {
            Ok(Some(result)) => Finished::Judged(Box::new(result)),
            Ok(None) | Err(_) => {
                unfinished_canceled(self, &submission).await;
                Finished::TooLate
            }
        }
    }
}

/// Cancels what nobody waits for any more; a store that does not answer leaves it to be judged in vain.
async fn unfinished_canceled(state: &AppState, submission: &Submission) {
    if let Err(error) = state.cancel(submission.id).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(submission.id = %submission.id, error, "nobody waits for it, and it could not be canceled");
    }
}
