//! A store that could not do what it was asked to, by what that means for who asked.

/// Why, in the words of whatever the store is made of.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A store that could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened, or its tables cannot be brought up to date.
    #[error("store {place} cannot be opened")]
    Open {
        /// Where it is.
        place: String,
        /// Why not.
        source: Cause,
    },
    /// It does not answer now; the same call may work later.
    #[error("the store does not answer")]
    Unavailable(#[source] Cause),
    /// It has no room for more; what it holds can still be read.
    #[error("the store is full")]
    Full(#[source] Cause),
    /// What is to be stored breaks one of its rules: another row has the id, a state would go backwards.
    #[error("the store refuses this")]
    Refused(#[source] Cause),
    /// A value cannot be written down.
    #[error("a value cannot be stored")]
    Encode(#[source] Cause),
    /// What it holds cannot be read.
    #[error("{what} is damaged")]
    Damaged {
        /// What: a column of a row, or the whole.
        what: String,
        /// Why it cannot be read.
        source: Cause,
    },
}

impl StoreError {
    /// A fixed word for logs.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Unavailable(_) => "unavailable",
            Self::Full(_) => "full",
            Self::Refused(_) => "refused",
            Self::Encode(_) => "encode",
            Self::Damaged { .. } => "damaged",
        }
    }

    /// Whether the same call may work later.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Open { .. } | Self::Unavailable(_) | Self::Full(_))
    }
}
