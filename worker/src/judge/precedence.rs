//! Whose word counts when a program and its interactor have ended.
//!
//! The package format leaves it to the judge; this is the order of problemtools' `judge/execute.py`, with "who ended
//! first" replaced by what can be known for certain. The interactor's runner shows it the end of the program only when
//! the interactor has dealt with all that the program wrote and waits (`images/runner/src/pid1/pair.rs`). A rejection
//! before that was caused by what the program *said*, and whatever the program did besides does not count: a program
//! that writes a wrong answer and crashes is wrong, however fast it crashes. A rejection after it may have been caused
//! by the program's *end*, and then it matters how the program ended.

use gavel_model::Verdict;
use gavel_runner::{Limit, Outcome};

use crate::check::ValidatorVerdict;

/// How an interactor ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// By itself, or over a limit of its own.
    Said(ValidatorVerdict),
    /// It had to be stopped, some time after the program had ended: it had nothing to say. problemtools takes that for
    /// a rejection.
    Stopped,
    /// It failed after it had read more than a program may print: nobody can say that it would have failed without.
    Flooded,
}

impl Judged {
    /// What an outcome means in which the validator said `verdict`. One that reads more than `flood` bytes got some of
    /// them from the program, beyond what that may print.
    pub(super) fn of(outcome: &Outcome, verdict: ValidatorVerdict, flood: u64) -> Self {
        match outcome.limit {
            // Time in which it waits is not an interactor's own: no wall-clock limit makes it fail.
            Some(Limit::Killed | Limit::Wall) => Self::Stopped,
            _ if verdict == ValidatorVerdict::Broken
                && outcome.read_bytes.is_some_and(|read| read > flood) =>
            {
                Self::Flooded
            }
            _ => Self::Said(verdict),
        }
    }
}

/// The verdict on one pass.
///
/// `program` is what the program's own run deserves: a limit or a bad end, nothing for a good one. `end_shown` tells
/// whether the interactor was shown the program's end before it ended itself.
pub(super) fn verdict(program: Option<Verdict>, judged: Judged, end_shown: bool) -> Verdict {
    // A program over its limit was cut off by the judge, in the middle of a sentence.
    let cut_off = end_shown && matches!(program, Some(Verdict::Tle | Verdict::Mle | Verdict::Ole));
    match judged {
        Judged::Said(ValidatorVerdict::Broken) if !cut_off => Verdict::Je,
        Judged::Said(ValidatorVerdict::Reject) if !end_shown => Verdict::Wa,
        Judged::Said(ValidatorVerdict::Accept) => program.unwrap_or(Verdict::Ac),
        Judged::Said(ValidatorVerdict::Broken | ValidatorVerdict::Reject) | Judged::Stopped => {
            program.unwrap_or(Verdict::Wa)
        }
        Judged::Flooded => match program {
            Some(limit @ (Verdict::Tle | Verdict::Mle)) => limit,
            _ => Verdict::Ole,
        },
    }
}

#[cfg(test)]
mod tests;
