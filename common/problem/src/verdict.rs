//! The judge's answer, in the field's own letters.

use serde::{Deserialize, Serialize};

/// What became of a submission, a test or a group of tests.
///
/// Infrastructure faults are only ever [`Verdict::Je`]; nothing a user's program does can produce it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// Accepted.
    Ac,
    /// Wrong answer.
    Wa,
    /// Time limit exceeded, CPU or wall; the result's `limit` says which.
    Tle,
    /// Memory limit exceeded.
    Mle,
    /// Output limit exceeded.
    Ole,
    /// Run-time error: a signal or an exit code other than 0.
    Rte,
    /// Compile error.
    Ce,
    /// Partial score.
    Pa,
    /// Judge error: ours, never the user's.
    Je,
    /// Nobody wants the result any more. Only a submission as a whole has it, as its final answer: no test and no group.
    Canceled,
}

impl Verdict {
    /// Every verdict, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Ac,
        Self::Wa,
        Self::Tle,
        Self::Mle,
        Self::Ole,
        Self::Rte,
        Self::Ce,
        Self::Pa,
        Self::Je,
        Self::Canceled,
    ];

    /// The letters that travel in messages, labels and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ac => "AC",
            Self::Wa => "WA",
            Self::Tle => "TLE",
            Self::Mle => "MLE",
            Self::Ole => "OLE",
            Self::Rte => "RTE",
            Self::Ce => "CE",
            Self::Pa => "PA",
            Self::Je => "JE",
            Self::Canceled => "CANCELED",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// The letters did not name a verdict.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no verdict")]
pub struct UnknownVerdict(String);

impl std::str::FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(letters: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == letters)
            .ok_or_else(|| UnknownVerdict(letters.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_are_the_same_everywhere() {
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
            assert_eq!(verdict.as_str().parse::<Verdict>().unwrap(), verdict);
        }
    }
}
