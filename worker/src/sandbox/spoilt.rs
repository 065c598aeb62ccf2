//! Whether a sandbox can be trusted with another submission, as far as this side has seen.

use gavel_runner::{Ending, Outcome};

use super::connection::Sandbox;

/// What happened in a sandbox that no other submission should come after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// A program was stopped at a limit, or on somebody's order.
    Limit,
    /// A signal ended it.
    Signal,
    /// The kernel killed a process for memory, or nobody can tell whether it did.
    OutOfMemory,
    /// Something was begun and did not come to its end: an error, or nobody waited for it.
    Fault,
}

impl Spoilt {
    /// What a run was, if it was not one that ended by itself.
    pub(super) fn of(outcome: &Outcome) -> Option<Self> {
        match outcome.ending {
            _ if outcome.oom_kills != Some(0) => Some(Self::OutOfMemory),
            _ if outcome.limit.is_some() => Some(Self::Limit),
            Ending::Code(_) => None,
            Ending::Signal(_) => Some(Self::Signal),
            Ending::NotStarted { .. } => Some(Self::Fault),
        }
    }
}

impl Sandbox {
    /// Why no other submission should come after what was done here, if none should. That none of it is left is for
    /// [`Sandbox::blank`] to show.
    #[must_use]
    pub const fn spoilt(&self) -> Option<Spoilt> {
        self.spoilt
    }

    /// Something begins; the value tells what was before. Whoever comes to its end calls [`Sandbox::well`].
    pub(super) const fn begin(&mut self) -> Option<Spoilt> {
        self.spoilt.replace(Spoilt::Fault)
    }

    /// It came to its end, which was fit to be trusted unless `now` says otherwise.
    pub(super) fn well(&mut self, before: Option<Spoilt>, now: Option<Spoilt>) {
        self.spoilt = before.or(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_runner::Limit;
    use test_case::test_case;

    fn outcome(ending: Ending, limit: Option<Limit>, oom_kills: Option<u64>) -> Outcome {
        Outcome { ending, limit, oom_kills, ..Outcome::not_started(0, String::new()) }
    }

    #[test_case(Ending::Code(0), None, Some(0) => None; "well")]
    #[test_case(Ending::Code(3), None, Some(0) => None; "a failure")]
    #[test_case(Ending::Code(0), Some(Limit::Stdout), Some(0) => Some(Spoilt::Limit); "a limit met at the end")]
    #[test_case(Ending::Signal(9), Some(Limit::Killed), Some(0) => Some(Spoilt::Limit); "an order")]
    #[test_case(Ending::Signal(11), None, Some(0) => Some(Spoilt::Signal); "a signal")]
    #[test_case(Ending::Code(0), None, Some(1) => Some(Spoilt::OutOfMemory); "a child that the kernel killed")]
    #[test_case(Ending::Code(0), None, None => Some(Spoilt::OutOfMemory); "nobody can tell")]
    #[test_case(Ending::NotStarted { errno: 2, what: String::new() }, None, Some(0) => Some(Spoilt::Fault); "no start")]
    fn a_run_spoils(ending: Ending, limit: Option<Limit>, oom_kills: Option<u64>) -> Option<Spoilt> {
        Spoilt::of(&outcome(ending, limit, oom_kills))
    }
}
