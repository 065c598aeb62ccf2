//! What is told of a compilation.

use gavel_model::{CompileReport, LimitHit};
use gavel_runner::{Ending, Outcome};

use crate::sandbox::{Head, cpu_time, limit_hit};

/// What a compiler that ran to its end or its limit said and used.
pub(super) fn report(outcome: &Outcome, said: &Head) -> CompileReport {
    let limit = outcome.limit.and_then(limit_hit).or(outcome.was_oom_killed().then_some(LimitHit::Memory));
    let mut output = said.text();
    if let Some(limit) = limit {
        let what = match limit {
            LimitHit::Cpu => "CPU time",
            LimitHit::Wall => "wall-clock time",
            LimitHit::Memory => "memory",
            LimitHit::Output | LimitHit::Stderr => "output",
        };
        output.push_str(&format!("\nthe compiler exceeded its {what} limit"));
    }
    let exit_code = match &outcome.ending {
        Ending::Code(code) => Some(*code),
        Ending::Signal(signal) => {
            output.push_str(&format!("\nthe compiler was killed by signal {signal}"));
            None
        }
        Ending::NotStarted { what, errno } => {
            output.push_str(&format!("\nthe compiler could not be started: {what}, error {errno}"));
            None
        }
    };
    CompileReport {
        exit_code,
        output: output.trim().to_owned(),
        truncated: said.truncated(),
        cpu_ms: cpu_time(outcome).as_secs_f64() * 1e3,
        wall_ms: outcome.wall_us as f64 / 1e3,
        memory_bytes: outcome.max_rss_bytes,
        cached: false,
        limit,
    }
}

/// The report of a compilation that came to no outcome, through the program's own doing.
pub(super) fn unfinished(said: &Head, why: &str, limit: Option<LimitHit>) -> CompileReport {
    CompileReport {
        exit_code: None,
        output: format!("{}\n{why}", said.text()).trim().to_owned(),
        truncated: said.truncated(),
        cpu_ms: 0.0,
        wall_ms: 0.0,
        memory_bytes: 0,
        cached: false,
        limit,
    }
}
