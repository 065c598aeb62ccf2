//! Dead letters of one process. They end with it; what their submissions came to is in the store.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use gavel_model::Submission;
use jiff::Timestamp;

use crate::{BrokerError, Fate, Headers, KeptLetter, Origin, Visit, Walk};

/// How many letters are kept, and how many bytes of them; the oldest go first.
const MOST: (usize, usize) = (1_000, 64 << 20);

struct Kept {
    letter: KeptLetter,
    submission: Submission,
    headers: Headers,
}

#[derive(Default)]
struct Shelf {
    letters: VecDeque<Kept>,
    bytes: usize,
}

/// What is kept.
#[derive(Default)]
pub(super) struct DeadLetters(Mutex<Shelf>);

impl DeadLetters {
    /// Keeps a submission that was given up.
    pub(super) fn keep(&self, submission: Submission, headers: Headers, reason: &str) {
        let body = match gavel_wire::encode(&submission) {
            Ok(body) => body,
            Err(error) => {
                tracing::error!(submission.id = %submission.id, %error, "a dead letter that cannot be written down");
                return;
            }
        };
        let letter = KeptLetter {
            id: KeptLetter::id_of(&submission.id.to_string(), &body),
            submission: Some(submission.id),
            origin: Some(Origin::Lane(submission.lane)),
            reason: reason.to_owned(),
            died_at: Some(Timestamp::now()),
            body,
        };
        // A panic while holding it cannot leave the letters half changed.
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.bytes += letter.body.len();
        shelf.letters.push_back(Kept { letter, submission, headers });
        while shelf.letters.len() > MOST.0 || shelf.bytes > MOST.1 {
            let Some(oldest) = shelf.letters.pop_front() else { break };
            shelf.bytes -= oldest.letter.body.len();
            tracing::warn!(submission.id = %oldest.submission.id, "an old dead letter made room for a new one");
        }
    }

    /// Looks at the oldest letters; see [`crate::Dispatcher::walk_dead`].
    pub(super) fn walk(
        &self,
        most: usize,
        visit: &mut Visit<'_>,
        mut publish: impl FnMut(&Submission, &Headers) -> Result<(), BrokerError>,
    ) -> Walk {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut walk = Walk { more: shelf.letters.len() > most, ..Walk::default() };
        let mut left = most;
        shelf.letters.retain(|kept| {
            if left == 0 {
                return true;
            }
            left -= 1;
            match visit(&kept.letter) {
                Fate::Keep => true,
                Fate::Purge => {
                    walk.purged += 1;
                    false
                }
                Fate::Replay => match publish(&kept.submission, &kept.headers) {
                    Ok(()) => {
                        walk.replayed.push(kept.letter.id.clone());
                        false
                    }
                    Err(error) => {
                        walk.failed.push((kept.letter.id.clone(), error));
                        true
                    }
                },
            }
        });
        shelf.bytes = shelf.letters.iter().map(|kept| kept.letter.body.len()).sum();
        walk
    }
}
