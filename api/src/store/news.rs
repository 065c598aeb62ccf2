//! What a store tells by itself.

use gavel_model::SubmissionId;

use super::BatchId;

/// What became final, whichever process stored it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreNews {
    /// A submission, and the batch that it came with.
    Final(SubmissionId, Option<BatchId>),
    /// Whatever became final until now may not have been told.
    Missed,
}
