//! Lanes: priority classes, each with a queue of its own.

use serde::{Deserialize, Serialize};

/// A priority class.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// A running contest: judged first.
    Contest,
    /// Everything else people wait for; the default.
    #[default]
    Practice,
    /// Judged again, after the two others.
    Rejudge,
}

impl Lane {
    /// Every lane, most urgent first.
    pub const ALL: [Self; 3] = [Self::Contest, Self::Practice, Self::Rejudge];

    /// The lane's name in queues, labels and requests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contest => "contest",
            Self::Practice => "practice",
            Self::Rejudge => "rejudge",
        }
    }
}

impl std::fmt::Display for Lane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
