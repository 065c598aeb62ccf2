//! Submissions the broker gave up: they end as `JE`, never as the user's fault.

use gavel_broker::{DeadLetter, Delivery, MAX_ATTEMPTS, Settlement};
use tokio::sync::mpsc;

use crate::results::{Keeper, judge_error};

/// Takes dead letters until the stream ends or the service does.
pub async fn bury(keeper: Keeper, mut letters: mpsc::Receiver<Delivery<DeadLetter>>) {
    while let Some(Some(letter)) = keeper.shutdown.run_until_cancelled(letters.recv()).await {
        if !bury_one(&keeper, &letter.body).await {
            return;
        }
        // "False" means that it comes again, to a submission that is final by then.
        letter.settle(Settlement::Done).await;
    }
}

/// False when the service ends before the store took it.
async fn bury_one(keeper: &Keeper, letter: &DeadLetter) -> bool {
    let Some(id) = letter.id else {
        tracing::warn!(reason = letter.reason, "a message that could not be read was set aside");
        return true;
    };
    let Some(found) = keeper.until_stored("dead letters", || keeper.store.get(id)).await else {
        return false;
    };
    let submission = match found {
        Some(submission) if submission.result.is_none() => submission,
        Some(_) => return true,
        None => {
            tracing::warn!(submission.id = %id, reason = letter.reason, "a submission from elsewhere was set aside");
            return true;
        }
    };
    tracing::error!(submission.id = %id, reason = letter.reason, "no worker could judge it; it ends as JE");
    let reason =
        format!("no worker could judge it, after {MAX_ATTEMPTS} attempts at most: {}", letter.reason);
    keeper.keep(vec![judge_error(&submission, &reason)]).await
}
