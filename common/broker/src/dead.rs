//! Dead letters as they are kept, for people to look at, to send again and to throw away.

use gavel_model::{Digest, Lane, SubmissionId};
use jiff::Timestamp;

use crate::BrokerError;

/// How many digits of a hash name a letter.
const ID_DIGITS: usize = 16;

/// Where a letter was before it died, and goes when it is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A lane's queue: it is a submission, or was meant to be one.
    Lane(Lane),
    /// The queue of results.
    Results,
}

/// A dead letter as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptLetter {
    /// 16 hexadecimal digits that follow from what it says: letters that say the same have the same.
    pub id: String,
    /// Whose; absent when it cannot be told.
    pub submission: Option<SubmissionId>,
    /// Where it was; absent when it came to the dead letters some other way, and cannot be sent again.
    pub origin: Option<Origin>,
    /// The broker's word for why.
    pub reason: String,
    /// When, as far as the broker tells: to a second, over `RabbitMQ`.
    pub died_at: Option<Timestamp>,
    /// What it says, as it was published.
    pub body: Vec<u8>,
}

impl KeptLetter {
    /// The id of a letter with this message id and body.
    pub(crate) fn id_of(message_id: &str, body: &[u8]) -> String {
        let named = [message_id.as_bytes(), b"\0", body].concat();
        Digest::of(&named).to_string().chars().take(ID_DIGITS).collect()
    }
}

/// Says of each letter what is to become of it.
pub type Visit<'a> = dyn FnMut(&KeptLetter) -> Fate + Send + 'a;

/// What is to become of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays where it is.
    Keep,
    /// It is forgotten.
    Purge,
    /// It goes where it was, as new, and is then forgotten here.
    Replay,
}

/// What became of the letters that were looked at.
#[derive(Debug, Default)]
pub struct Walk {
    /// Ids of those that were sent again, in order.
    pub replayed: Vec<String>,
    /// Those that should have been sent again and could not be: they are kept.
    pub failed: Vec<(String, BrokerError)>,
    /// How many were forgotten.
    pub purged: u32,
    /// Whether there are more than were looked at.
    pub more: bool,
}
