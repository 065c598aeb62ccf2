//! Places in the events of one submission.

use gavel_model::JudgingEvent;

/// A place in the events of one submission, by which a client says what it has seen. It follows from the event alone, so
/// that every process tells the same, and only grows: a later attempt begins after all of an earlier one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(u64);

/// More steps than an attempt has; those beyond share the last place.
const STEPS: u64 = 1_000_000;

impl Position {
    /// Before every event.
    pub const BEGIN: Self = Self(0);

    /// As it is written, for streams that count otherwise.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The place of an event.
    #[must_use]
    pub fn of(event: &JudgingEvent) -> Self {
        Self(u64::from(event.attempt) * STEPS + u64::from(event.number).min(STEPS - 1))
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Position {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
