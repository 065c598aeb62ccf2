//! Messages of the queues, which whoever may publish writes.

use std::fmt::Debug;

use gavel_model::{Bounds, Control, Heartbeat, JudgeResult, JudgingEvent, LEAST_RESULT, Submission};
use gavel_wire::{decode, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What can be read can be written and read again; a submission is held against its bounds, a result made to fit.
///
/// # Panics
/// When a rule is broken.
pub fn read(bytes: &[u8]) {
    if let Some(submission) = read_again::<Submission>(bytes)
        && let Err(error) = Bounds::default().check(&submission)
    {
        assert!(!error.to_string().is_empty());
    }
    if let Some(result) = read_again::<JudgeResult>(bytes) {
        let bounded = result.bounded(LEAST_RESULT);
        assert!(encode(&bounded).unwrap().len() <= LEAST_RESULT, "a result fits");
    }
    read_again::<Heartbeat>(bytes);
    read_again::<Control>(bytes);
    read_again::<JudgingEvent>(bytes);
}

fn read_again<T: Serialize + DeserializeOwned + Debug>(bytes: &[u8]) -> Option<T> {
    let message: T = decode(bytes).ok()?;
    // Numbers beyond all bounds become null, which is no number.
    let written = encode(&message).unwrap();
    if let Err(error) = decode::<T>(&written) {
        assert!(written.windows(4).any(|word| word == b"null"), "{error}: {message:?}");
    }
    Some(message)
}
