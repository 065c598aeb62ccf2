//! Deciding whether an output is right.

use serde::{Deserialize, Serialize};

/// How outputs are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckerOptions {
    /// Letters must match in case.
    pub case_sensitive: bool,
    /// White space must match exactly.
    pub space_change_sensitive: bool,
    /// Numbers may differ by this much.
    pub float_absolute_tolerance: Option<f64>,
    /// Numbers may differ by this share of the answer.
    pub float_relative_tolerance: Option<f64>,
}
