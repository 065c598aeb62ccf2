//! From what was measured to a verdict: no clock, no I/O, no doubt.

use gavel_model::language::LastWords;
use gavel_model::{LimitHit, Verdict};
use gavel_runner::{Ending, Limit, Outcome};

use crate::run::RunLimits;
use crate::sandbox::{cpu_time, limit_hit};

/// Memory of a job, in bytes: the larger of the largest resident set of one process, which the kernel keeps exactly,
/// and what all processes and files were seen to hold at a time, which is looked at now and then.
///
/// Standard input that is a file is not the program's to pay for. It is in the resident set of a program that maps it,
/// and nobody can tell afterwards: so a resident set counts without it where that decides whether `limit` was kept.
#[must_use]
pub fn memory(outcome: &Outcome, limit: u64) -> u64 {
    let resident = match outcome.max_rss_bytes {
        over if over > limit => over.saturating_sub(outcome.stdin_file_bytes),
        within => within,
    };
    resident.max(outcome.held_bytes.unwrap_or(0))
}

/// Whether a runtime ended because an allocation was refused, by what its language says of such an end.
///
/// How much memory was in use does not matter: what is refused was never touched, and a request that is refused alone
/// (an array of 80 GB) is as much beyond the limit as many that are granted.
#[must_use]
pub fn out_of_memory(rules: &[LastWords], ending: &Ending, stderr: impl FnOnce() -> String) -> bool {
    let (exit_code, signal) = match ending {
        Ending::Code(0) | Ending::NotStarted { .. } => return false,
        Ending::Code(code) => (Some(*code), None),
        Ending::Signal(signal) => (None, Some(*signal)),
    };
    if rules.is_empty() {
        return false;
    }
    let stderr = stderr();
    rules.iter().any(|rule| rule.fit(exit_code, signal, &stderr))
}

/// The verdict on a program's run, before any checker's word, and the limit it met.
///
/// Order of precedence: `MLE`, `TLE` and `OLE`, then `RTE`, then [`None`] for a run that ended
/// well. `out_of_memory_said` tells that the runtime itself reported an exhausted heap.
#[must_use]
pub fn decide(
    outcome: &Outcome,
    limits: &RunLimits,
    out_of_memory_said: bool,
) -> (Option<Verdict>, Option<LimitHit>) {
    let failed = outcome.ending != Ending::Code(0);
    let killed = outcome.was_oom_killed() || outcome.limit == Some(Limit::Memory);
    let exceeded = memory(outcome, limits.memory_bytes) > limits.memory_bytes;
    if killed || exceeded || (failed && out_of_memory_said) {
        return (Some(Verdict::Mle), Some(LimitHit::Memory));
    }
    if let Some(limit) = outcome.limit.and_then(limit_hit)
        && limit != LimitHit::Cpu
    {
        let verdict = match limit {
            LimitHit::Output | LimitHit::Stderr => Verdict::Ole,
            LimitHit::Cpu | LimitHit::Wall => Verdict::Tle,
            LimitHit::Memory => Verdict::Mle,
        };
        return (Some(verdict), Some(limit));
    }
    // The runner kills a little later than the limit, so that a close miss is told from an endless loop.
    if cpu_time(outcome) > limits.cpu {
        return (Some(Verdict::Tle), Some(LimitHit::Cpu));
    }
    (failed.then_some(Verdict::Rte), None)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn limits() -> RunLimits {
        RunLimits {
            cpu: Duration::from_secs(1),
            wall: Duration::from_secs(3),
            memory_bytes: 100,
            output_bytes: 100,
            stack_bytes: 100,
        }
    }

    fn outcome() -> Outcome {
        Outcome {
            user_us: 1_000,
            system_us: 1_000,
            cgroup_cpu_us: Some(3_000),
            wall_us: 5_000,
            waited_us: Some(0),
            max_rss_bytes: 50,
            held_bytes: Some(40),
            stdin_file_bytes: 10,
            oom_kills: Some(0),
            ..gavel_testkit::outcome(Ending::Code(0))
        }
    }

    #[test]
    fn a_clean_run_is_left_to_the_checker() {
        assert_eq!(decide(&outcome(), &limits(), false), (None, None));
    }

    #[test]
    fn a_counter_that_cannot_be_read_is_no_verdict() {
        let unknown =
            Outcome { oom_kills: None, cgroup_cpu_us: None, held_bytes: None, waited_us: None, ..outcome() };
        assert_eq!(decide(&unknown, &limits(), false), (None, None));
    }

    #[test]
    fn memory_beats_a_signal_and_time() {
        let killed =
            Outcome { oom_kills: Some(1), ending: Ending::Signal(9), limit: Some(Limit::Cpu), ..outcome() };
        assert_eq!(decide(&killed, &limits(), false), (Some(Verdict::Mle), Some(LimitHit::Memory)));
        let peak = Outcome { max_rss_bytes: 111, ..outcome() };
        assert_eq!(decide(&peak, &limits(), false).0, Some(Verdict::Mle));
    }

    #[test]
    fn memory_is_that_of_all_processes_and_files() {
        let together = Outcome { held_bytes: Some(101), ..outcome() };
        assert_eq!(memory(&together, 100), 101);
        assert_eq!(decide(&together, &limits(), false), (Some(Verdict::Mle), Some(LimitHit::Memory)));
        // The runner saw it and stopped the program, whatever else it met.
        let stopped = Outcome { limit: Some(Limit::Memory), ending: Ending::Signal(9), ..together };
        assert_eq!(decide(&stopped, &limits(), false), (Some(Verdict::Mle), Some(LimitHit::Memory)));
    }

    #[test]
    fn an_input_that_was_mapped_is_not_charged() {
        let mapped = Outcome { max_rss_bytes: 110, ..outcome() };
        assert_eq!(memory(&mapped, 100), 100);
        assert_eq!(decide(&mapped, &limits(), false), (None, None));
        let own = Outcome { max_rss_bytes: 111, ..outcome() };
        assert_eq!(decide(&own, &limits(), false).0, Some(Verdict::Mle));
        let through_a_pipe = Outcome { max_rss_bytes: 101, stdin_file_bytes: 0, ..outcome() };
        assert_eq!(decide(&through_a_pipe, &limits(), false).0, Some(Verdict::Mle));
        assert_eq!(
            memory(&Outcome { max_rss_bytes: 90, ..outcome() }, 100),
            90,
            "the plain figure where it fits"
        );
    }

    #[test]
    fn a_runtimes_own_word_counts_only_for_a_failed_exit() {
        let failed = Outcome { ending: Ending::Code(1), ..outcome() };
        assert_eq!(decide(&failed, &limits(), true).0, Some(Verdict::Mle));
        assert_eq!(decide(&outcome(), &limits(), true).0, None);
    }

    #[test]
    fn time_beats_a_run_time_error() {
        let slow = Outcome { user_us: 1_000_001, ending: Ending::Signal(9), ..outcome() };
        assert_eq!(decide(&slow, &limits(), false), (Some(Verdict::Tle), Some(LimitHit::Cpu)));
        let asleep = Outcome { limit: Some(Limit::Wall), ending: Ending::Signal(9), ..outcome() };
        assert_eq!(decide(&asleep, &limits(), false), (Some(Verdict::Tle), Some(LimitHit::Wall)));
    }

    #[test]
    fn floods_are_output_limit() {
        for (limit, hit) in [(Limit::Stdout, LimitHit::Output), (Limit::Stderr, LimitHit::Stderr)] {
            let flood = Outcome { limit: Some(limit), ending: Ending::Signal(9), ..outcome() };
            assert_eq!(decide(&flood, &limits(), false), (Some(Verdict::Ole), Some(hit)));
        }
    }

    #[test]
    fn children_nobody_waited_for_count() {
        let hidden = Outcome { cgroup_cpu_us: Some(1_500_000), ..outcome() };
        assert_eq!(cpu_time(&hidden), Duration::from_millis(1_500));
        assert_eq!(decide(&hidden, &limits(), false).0, Some(Verdict::Tle));
    }

    #[test]
    fn a_nonzero_exit_and_a_signal_are_run_time_errors() {
        for ending in
            [Ending::Code(3), Ending::Signal(11), Ending::NotStarted { errno: 8, what: "execve".to_owned() }]
        {
            assert_eq!(decide(&Outcome { ending, ..outcome() }, &limits(), false).0, Some(Verdict::Rte));
        }
    }
}
