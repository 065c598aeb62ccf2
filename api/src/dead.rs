//! Submissions the broker gave up: they end as `JE`, never as the user's fault.

use gavel_broker::{DeadLetter, Delivery, MAX_ATTEMPTS, Settlement};
use tokio::sync::mpsc;

use crate::metrics::LetterFate;
use crate::results::{ResultWriter, judge_error};

/// Takes dead letters until the stream ends or the service does.
pub async fn settle_as_judge_errors(writer: ResultWriter, mut letters: mpsc::Receiver<Delivery<DeadLetter>>) {
    while let Some(Some(letter)) = writer.shutdown.run_until_cancelled(letters.recv()).await {
        if !settle_one(&writer, &letter.body).await {
            return;
        }
        writer.metrics.dead_letters(LetterFate::Arrived).inc();
        // "False" means that it comes again, to a submission that is final by then.
        letter.settle(Settlement::Done).await;
    }
}

/// False when the service ends before the store took it.
async fn settle_one(writer: &ResultWriter, letter: &DeadLetter) -> bool {
    let Some(id) = letter.id else {
        tracing::warn!(reason = letter.reason, "a message that could not be read was set aside");
        return true;
    };
    let Some(found) = writer.until_stored("dead letters", || writer.store.get(id)).await else {
        return false;
    };
    let submission = match found {
        Some(submission) if !submission.state.is_final() => submission,
        Some(_) => return true,
        None => {
            tracing::warn!(submission.id = %id, reason = letter.reason, "a submission from elsewhere was set aside");
            return true;
        }
    };
    tracing::error!(submission.id = %id, reason = letter.reason, "no worker could judge it; it ends as JE");
    let reason =
        format!("no worker could judge it, after {MAX_ATTEMPTS} attempts at most: {}", letter.reason);
    writer.write(vec![judge_error(&submission, &reason)]).await
}
