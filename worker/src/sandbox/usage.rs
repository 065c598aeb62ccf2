//! What a program used, from what the runner counted.

use std::time::Duration;

use gavel_runner::Outcome;

/// CPU time of every process of a job.
///
/// The sum of what was waited for, unless the control group counted clearly more: a program may leave children
/// that nobody waits for. "Clearly" is 20 ms and 5 %: the control group also counts what the kernel does on behalf
/// of the container.
#[must_use]
pub fn cpu_time(outcome: &Outcome) -> Duration {
    let waited = outcome.user_us + outcome.system_us;
    let counted = outcome.cgroup_cpu_us.unwrap_or(0);
    let clearly_more = counted > waited + waited / 20 + 20_000;
    Duration::from_micros(if clearly_more { counted } else { waited })
}
