//! What every worker is told.

use serde::{Deserialize, Serialize};

use crate::submission::SubmissionId;

/// An order to every worker. It may be lost: nothing but work in vain may come of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Control {
    /// Nobody wants this submission's result any more: who judges it stops, who is sent it later drops it.
    Cancel {
        /// The submission.
        id: SubmissionId,
    },
    /// One worker takes nothing more: it finishes what it has begun and gives back the rest.
    Drain {
        /// The worker's name.
        worker: String,
    },
    /// A worker that was told to drain takes submissions again.
    Undrain {
        /// The worker's name.
        worker: String,
    },
    /// An order of a later version, which is passed over.
    #[serde(other)]
    Unknown,
}
