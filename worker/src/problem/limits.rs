//! A package's limits, in the words of a submission.

use gavel_model::{Limits, default_wall_ms};
use gavel_problem::Manifest;

/// What a Kattis package gets that does not state a memory limit, in MiB (format specification, `limits.memory`).
pub const DEFAULT_MEMORY_MB: u64 = 2048;
/// What it gets that does not state an output limit, in MiB (`limits.output`).
pub const DEFAULT_OUTPUT_MB: u64 = 8;

/// The limits of each test, with this time limit.
#[must_use]
pub fn problem_limits(manifest: &Manifest, time_limit_ms: u64) -> Limits {
    Limits {
        cpu_ms: time_limit_ms,
        wall_ms: default_wall_ms(time_limit_ms),
        memory_mb: manifest.limits.memory.unwrap_or(DEFAULT_MEMORY_MB),
        output_kb: manifest.limits.output.unwrap_or(DEFAULT_OUTPUT_MB) * 1024,
        processes: Limits::DEFAULT.processes,
    }
}
