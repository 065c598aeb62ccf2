//! How outputs are compared.

use serde::{Deserialize, Serialize};

use super::float::FloatGrammar;
use super::number::Number;

/// The settings of the default output validator (spec `2025-09`, "Default output validator specification").
///
/// Deserialises from an object with these keys, or with `float_tolerance` in place of both tolerances;
/// negative or non-finite tolerances, and `float_tolerance` beside one of the others are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "WrittenOptions")]
pub struct CheckerOptions {
    /// Letters must match in case. Without it ASCII letters match in either case.
    pub case_sensitive: bool,
    /// White space must match byte by byte, leading and trailing included.
    pub space_change_sensitive: bool,
    /// Numbers may differ by this much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub float_absolute_tolerance: Option<f64>,
    /// Numbers may differ by this share of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub float_relative_tolerance: Option<f64>,
    /// Which spellings of a number count as one.
    #[serde(skip_serializing_if = "FloatGrammar::is_decimal")]
    pub float_grammar: FloatGrammar,
}

impl CheckerOptions {
    /// Whether tokens that are numbers are compared as numbers.
    #[must_use]
    pub const fn compares_floats(&self) -> bool {
        self.float_absolute_tolerance.is_some() || self.float_relative_tolerance.is_some()
    }

    /// Whether `output` is near enough to `answer`: within either tolerance that is set.
    pub(super) fn within_tolerance(&self, answer: &Number, output: &Number) -> bool {
        answer.is_near(output, self.float_absolute_tolerance, self.float_relative_tolerance)
    }
}

/// The options as they are written. Lenient, for they travel in messages; what a client sends is read by strict types
/// of the API.
#[derive(Deserialize)]
struct WrittenOptions {
    #[serde(default)]
    case_sensitive: bool,
    #[serde(default)]
    space_change_sensitive: bool,
    float_tolerance: Option<f64>,
    float_absolute_tolerance: Option<f64>,
    float_relative_tolerance: Option<f64>,
    #[serde(default)]
    float_grammar: FloatGrammar,
}

/// Options that contradict themselves or hold a number that is no tolerance.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OptionError {
    /// A tolerance below zero, NaN or infinite.
    #[error("{option} must be a finite number of at least 0, not {value}")]
    Tolerance {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: f64,
    },
    /// `float_tolerance` stands for both others and cannot be combined with them.
    #[error("float_tolerance cannot be combined with float_absolute_tolerance or float_relative_tolerance")]
    Mixed,
}

impl TryFrom<WrittenOptions> for CheckerOptions {
    type Error = OptionError;

    fn try_from(written: WrittenOptions) -> Result<Self, OptionError> {
        let one = |option, value: Option<f64>| match value {
            Some(value) if !is_tolerance(value) => Err(OptionError::Tolerance { option, value }),
            other => Ok(other),
        };
        let both = one("float_tolerance", written.float_tolerance)?;
        let absolute = one("float_absolute_tolerance", written.float_absolute_tolerance)?;
        let relative = one("float_relative_tolerance", written.float_relative_tolerance)?;
        if both.is_some() && (absolute.is_some() || relative.is_some()) {
            return Err(OptionError::Mixed);
        }
        Ok(Self {
            case_sensitive: written.case_sensitive,
            space_change_sensitive: written.space_change_sensitive,
            float_absolute_tolerance: absolute.or(both),
            float_relative_tolerance: relative.or(both),
            float_grammar: written.float_grammar,
        })
    }
}

/// Whether a number can be a tolerance.
pub(super) fn is_tolerance(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}
