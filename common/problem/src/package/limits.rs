//! Limits, and the time limit that follows from the accepted programs.

use serde::{Deserialize, Serialize};

use super::diagnostic::Report;
use super::fields::Fields;

/// `limits` of `problem.yaml`. `None` is "system default": the format makes only stated limits a requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// CPU seconds per test. `limits.time_limit`, else DOMjudge's `domjudge-problem.ini`, else `.timelimit`;
    /// `None` is derived from the accepted submissions with [`derive_time_limit`].
    pub time_limit: Option<f64>,
    /// How many times the slowest accepted submission's time must fit: `time_multiplier` of legacy (5),
    /// `time_multipliers.ac_to_time_limit` of `2025-09` (2.0).
    pub ac_to_time_limit: f64,
    /// How many time limits the fastest too slow submission must take: `time_safety_margin` of legacy (2),
    /// `time_multipliers.time_limit_to_tle` of `2025-09` (1.5).
    pub time_limit_to_tle: f64,
    /// A derived limit is a multiple of this many seconds: 1.0 unless stated.
    pub time_resolution: f64,
    /// Memory in MiB.
    pub memory: Option<u64>,
    /// Output of all kinds in MiB.
    pub output: Option<u64>,
    /// Source code in KiB.
    pub code: Option<u64>,
    /// Seconds to compile.
    pub compilation_time: Option<u64>,
    /// MiB to compile in.
    pub compilation_memory: Option<u64>,
    /// Seconds for the output validator.
    pub validation_time: Option<u64>,
    /// MiB for the output validator.
    pub validation_memory: Option<u64>,
    /// MiB of output of the output validator.
    pub validation_output: Option<u64>,
    /// Passes of a multi-pass problem: 2 unless stated.
    pub validation_passes: u32,
}

impl Limits {
    /// What holds where a legacy package says nothing.
    #[must_use]
    pub const fn legacy() -> Self {
        Self {
            time_limit: None,
            ac_to_time_limit: 5.0,
            time_limit_to_tle: 2.0,
            time_resolution: 1.0,
            memory: None,
            output: None,
            code: None,
            compilation_time: None,
            compilation_memory: None,
            validation_time: None,
            validation_memory: None,
            validation_output: None,
            validation_passes: 2,
        }
    }

    /// What holds where a `2025-09` package says nothing.
    #[must_use]
    pub const fn modern() -> Self {
        Self { ac_to_time_limit: 2.0, time_limit_to_tle: 1.5, ..Self::legacy() }
    }

    /// Reads the map below `limits`. Both versions' keys are known to both: DOMjudge reads `time_limit` and
    /// `validation_passes` in legacy packages, and early `2023-07` packages mix freely.
    pub(super) fn read(mut self, mut fields: Fields<'_>, file: &str, report: &mut Report) -> Self {
        let positive = |n: f64| n > 0.0;
        let above = "a number of seconds above 0";
        if let Some(seconds) = fields.number("time_limit", above, positive, report) {
            self.time_limit = Some(seconds);
        }
        if let Some(seconds) = fields.number("time_resolution", above, positive, report) {
            self.time_resolution = seconds;
        }
        if let Some(times) = fields.number("time_multiplier", "a number above 0", positive, report) {
            self.ac_to_time_limit = times;
        }
        if let Some(times) = fields.number("time_safety_margin", "a number above 0", positive, report) {
            self.time_limit_to_tle = times;
        }
        if let Some(node) = fields.take("time_multipliers") {
            let mut inner = Fields::of(file, "limits.time_multipliers.", Some(node), report);
            let at_least = |n: f64| n >= 1.0;
            if let Some(times) = inner.number("ac_to_time_limit", "a number of at least 1", at_least, report)
            {
                self.ac_to_time_limit = times;
            }
            if let Some(times) = inner.number("time_limit_to_tle", "a number of at least 1", at_least, report)
            {
                self.time_limit_to_tle = times;
            }
            inner.finish(report);
        }
        for (key, slot) in [
            ("memory", &mut self.memory),
            ("output", &mut self.output),
            ("code", &mut self.code),
            ("compilation_time", &mut self.compilation_time),
            ("compilation_memory", &mut self.compilation_memory),
            ("validation_time", &mut self.validation_time),
            ("validation_memory", &mut self.validation_memory),
            ("validation_output", &mut self.validation_output),
        ] {
            *slot = fields.whole(key, 1, report).or(*slot);
        }
        if let Some(passes) = fields.whole("validation_passes", 2, report) {
            self.validation_passes = u32::try_from(passes).unwrap_or(u32::MAX);
        }
        fields.finish(report);
        self
    }
}

/// The time limit, in seconds, that follows from the CPU seconds of the submissions that bound it from below:
/// the smallest multiple of `time_resolution` of at least the slowest one's time x `ac_to_time_limit`, and at
/// least one multiple. With legacy's fixed numbers that is problemtools' `max(1, ceil(T_ac * multiplier))`.
///
/// `None` without any usable time: a limit cannot be made up.
#[must_use]
pub fn derive_time_limit(accepted: &[f64], limits: &Limits) -> Option<f64> {
    let usable = accepted.iter().copied().filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
    let slowest = usable.reduce(f64::max)?;
    // A product that misses a multiple by a rounding error is that multiple.
    let multiples = (slowest * limits.ac_to_time_limit / limits.time_resolution - 1e-9).ceil().max(1.0);
    Some(multiples * limits.time_resolution)
}

/// A time limit that the example submissions contradict.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum TimeLimitMismatch {
    /// An accepted submission is too slow for the safety margin.
    #[error(
        "the slowest accepted submission takes {slowest} s, which times {multiplier} is over the time limit of {limit} s"
    )]
    TooTight {
        /// CPU seconds of the slowest accepted submission.
        slowest: f64,
        /// `ac_to_time_limit`.
        multiplier: f64,
        /// The limit in seconds.
        limit: f64,
    },
    /// A submission that should be too slow is too fast for the safety margin.
    #[error(
        "the fastest too slow submission takes {fastest} s, less than {multiplier} times the time limit of {limit} s"
    )]
    TooLoose {
        /// CPU seconds of the fastest submission that should be too slow.
        fastest: f64,
        /// `time_limit_to_tle`.
        multiplier: f64,
        /// The limit in seconds.
        limit: f64,
    },
}

/// Whether a limit satisfies `T_ac * ac_to_time_limit <= limit` and `limit * time_limit_to_tle <= T_tle`
/// (spec `2025-09`, "Problem timing"). Times are CPU seconds; an empty list satisfies its half.
///
/// # Errors
///
/// [`TimeLimitMismatch`] for the half that does not hold.
pub fn check_time_limit(
    limit: f64,
    accepted: &[f64],
    too_slow: &[f64],
    limits: &Limits,
) -> Result<(), TimeLimitMismatch> {
    let slack = 1e-9 * limit.abs();
    if let Some(slowest) = accepted.iter().copied().reduce(f64::max) {
        let multiplier = limits.ac_to_time_limit;
        if slowest * multiplier > limit + slack {
            return Err(TimeLimitMismatch::TooTight { slowest, multiplier, limit });
        }
    }
    if let Some(fastest) = too_slow.iter().copied().reduce(f64::min) {
        let multiplier = limits.time_limit_to_tle;
        if limit * multiplier > fastest + slack {
            return Err(TimeLimitMismatch::TooLoose { fastest, multiplier, limit });
        }
    }
    Ok(())
}
