//! What a verdict is to a shell.

use std::process::ExitCode;

use gavel_model::Verdict;

/// The exit code that stands for a verdict; docs/OPERATIONS.md lists them.
pub fn exit_code(verdict: Verdict) -> ExitCode {
    ExitCode::from(match verdict {
        Verdict::Ac => 0,
        Verdict::Ce => 10,
        Verdict::Rte => 11,
        Verdict::Tle => 12,
        Verdict::Mle => 13,
        Verdict::Ole => 14,
        Verdict::Wa => 15,
        Verdict::Pa => 16,
        Verdict::Canceled => 17,
        Verdict::Je => 20,
    })
}
