//! What to do without a worker.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What becomes of a submission in a language that no worker takes now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum IfUnavailable {
    /// It is refused at once.
    #[default]
    Refuse,
    /// It waits until one does.
    Queue,
}
