//! Submissions the broker gave up: they end as `JE`, never as the user's fault, unless no worker had begun them.

use std::collections::HashMap;

use gavel_broker::{DeadLetter, Delivery, MAX_ATTEMPTS, Settlement};
use gavel_model::SubmissionId;
use tokio::sync::mpsc;

use crate::metrics::LetterFate;
use crate::results::{ResultWriter, judge_error};
use crate::store::SubmissionState;

/// How often this process hands the same submission over again. That it was begun is told by events, which may be lost: what
/// kills its workers must not go on for ever.
const HANDED_OVER_AGAIN: u32 = 10;

/// Of how many submissions that is remembered.
const REMEMBERED: usize = 10_000;

/// What becomes of the submissions of dead letters.
pub struct DeadLetters {
    writer: ResultWriter,
    /// How often each was handed over again.
    again: HashMap<SubmissionId, u32>,
}

/// What became of a letter's submission.
#[derive(PartialEq, Eq)]
enum Became {
    /// It is final, or nobody's here.
    Settled,
    /// A worker may have it again.
    HandedOver,
}

/// The service ends before that is known.
struct Ending;

impl DeadLetters {
    /// One that has seen nothing.
    #[must_use]
    pub fn new(writer: ResultWriter) -> Self {
        Self { writer, again: HashMap::new() }
    }

    /// Takes letters until the stream ends or the service does.
    pub async fn settle_all(mut self, mut letters: mpsc::Receiver<Delivery<DeadLetter>>) {
        while let Some(Some(letter)) = self.writer.shutdown.run_until_cancelled(letters.recv()).await {
            let Ok(became) = self.settle_one(&letter.body).await else { return };
            self.writer.metrics.dead_letters(LetterFate::Arrived).inc();
            if became == Became::HandedOver {
                self.writer.metrics.dead_letters(LetterFate::Replayed).inc();
            }
            // "False" means that it comes again, to a submission that is final by then, or is handed over twice.
            letter.settle(Settlement::Done).await;
        }
    }

    async fn settle_one(&mut self, letter: &DeadLetter) -> Result<Became, Ending> {
        let Some(id) = letter.id else {
            tracing::warn!(reason = letter.reason, "a message that could not be read was set aside");
            return Ok(Became::Settled);
        };
        let store = &self.writer.store;
        let found = self.writer.until_stored("dead letters", || store.get(id)).await.ok_or(Ending)?;
        let submission = match found {
            Some(submission) if !submission.state.is_final() => submission,
            Some(_) => return Ok(Became::Settled),
            None => {
                tracing::warn!(submission.id = %id, reason = letter.reason, "a submission from elsewhere was set aside");
                return Ok(Became::Settled);
            }
        };
        let unbegun =
            submission.state == SubmissionState::Queued && letter.reason == DeadLetter::DELIVERY_LIMIT;
        if unbegun && self.hand_over_again(id).await? {
            return Ok(Became::HandedOver);
        }
        tracing::error!(submission.id = %id, reason = letter.reason, "no worker could judge it; it ends as JE");
        let reason =
            format!("no worker could judge it, after {MAX_ATTEMPTS} attempts at most: {}", letter.reason);
        let written = self.writer.write(vec![judge_error(&submission, &reason)]).await;
        written.then_some(Became::Settled).ok_or(Ending)
    }

    /// Workers held it, and lost their connections or their lives before they had a slot for it. False when that was too often.
    async fn hand_over_again(&mut self, id: SubmissionId) -> Result<bool, Ending> {
        if self.again.len() >= REMEMBERED {
            self.again.clear();
        }
        let times = self.again.entry(id).or_default();
        if *times >= HANDED_OVER_AGAIN {
            return Ok(false);
        }
        *times += 1;
        let (times, store) = (*times, &self.writer.store);
        // The pump publishes it, as soon as its lane has room.
        let waits =
            self.writer.until_stored("dead letters", || store.forget_publication(id)).await.ok_or(Ending)?;
        if waits {
            tracing::warn!(submission.id = %id, times, "no worker had begun it; it is handed over again");
        }
        Ok(waits)
    }
}
