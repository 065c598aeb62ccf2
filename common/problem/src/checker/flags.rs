//! Validator flags: the words a problem package writes to configure the default output validator.

use super::float::FloatGrammar;
use super::options::{CheckerOptions, is_tolerance};

/// Whose rules the words follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagDialect {
    /// `validator_flags` of legacy packages: a repeated tolerance replaces the earlier one, numbers follow
    /// C's `sscanf("%lf")` (problemtools' `default_validator.cc`).
    Legacy,
    /// `output_validator_args` of `2025-09`: a repeated or mixed tolerance is an error, numbers are decimal.
    Modern,
}

/// Why a list of flag words is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// Not a flag of the default output validator.
    #[error("unknown validator flag {0:?}")]
    Unknown(String),
    /// A tolerance is the last word.
    #[error("validator flag {0} needs a number after it")]
    MissingValue(&'static str),
    /// The word after a tolerance is no number, or a negative one.
    #[error("validator flag {flag} needs a number of at least 0, not {value:?}")]
    BadValue {
        /// The flag.
        flag: &'static str,
        /// The word after it.
        value: String,
    },
    /// The same tolerance twice (`2025-09` only).
    #[error("validator flag {0} is given more than once")]
    Repeated(&'static str),
    /// `float_tolerance` beside one of the others (`2025-09` only).
    #[error("validator flag float_tolerance cannot be combined with {0}")]
    Mixed(&'static str),
}

const ABSOLUTE: &str = "float_absolute_tolerance";
const RELATIVE: &str = "float_relative_tolerance";
const BOTH: &str = "float_tolerance";

impl CheckerOptions {
    /// Reads flag words as the default output validator reads its command line.
    ///
    /// # Errors
    ///
    /// [`FlagError`] at the first word that is wrong in this dialect.
    pub fn from_flags<W: AsRef<str>>(words: &[W], dialect: FlagDialect) -> Result<Self, FlagError> {
        let float_grammar = match dialect {
            FlagDialect::Legacy => FloatGrammar::C,
            FlagDialect::Modern => FloatGrammar::Decimal,
        };
        let mut options = Self { float_grammar, ..Self::default() };
        let mut tolerances: Vec<&'static str> = Vec::new();
        let mut words = words.iter().map(AsRef::as_ref);
        while let Some(word) = words.next() {
            let flag = match word {
                "case_sensitive" => {
                    options.case_sensitive = true;
                    continue;
                }
                "space_change_sensitive" => {
                    options.space_change_sensitive = true;
                    continue;
                }
                ABSOLUTE => ABSOLUTE,
                RELATIVE => RELATIVE,
                BOTH => BOTH,
                unknown => return Err(FlagError::Unknown(unknown.to_owned())),
            };
            if dialect == FlagDialect::Modern {
                refuse_conflict(flag, &tolerances)?;
            }
            tolerances.push(flag);
            let value = words.next().ok_or(FlagError::MissingValue(flag))?;
            let tolerance = float_grammar
                .parse(value.as_bytes())
                .filter(|tolerance| is_tolerance(*tolerance))
                .ok_or_else(|| FlagError::BadValue { flag, value: value.to_owned() })?;
            if flag != RELATIVE {
                options.float_absolute_tolerance = Some(tolerance);
            }
            if flag != ABSOLUTE {
                options.float_relative_tolerance = Some(tolerance);
            }
        }
        Ok(options)
    }
}

/// `2025-09`: no tolerance twice, `float_tolerance` alone.
fn refuse_conflict(flag: &'static str, earlier: &[&'static str]) -> Result<(), FlagError> {
    if earlier.contains(&flag) {
        return Err(FlagError::Repeated(flag));
    }
    match earlier.iter().find(|other| flag == BOTH || **other == BOTH) {
        Some(other) if flag == BOTH => Err(FlagError::Mixed(other)),
        Some(_) => Err(FlagError::Mixed(flag)),
        None => Ok(()),
    }
}
