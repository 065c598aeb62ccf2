//! Between two jobs: nothing of the last one may be left.

use std::io;

use gavel_runner::Event;

use super::Server;
use crate::pid1::put::Shelf;
use crate::pid1::sys::{self, Wait};

/// Processes that are still there this long after SIGKILL will not go, nanoseconds.
const REAP_WITHIN_NS: u64 = 1_000_000_000;

/// What a reset stands between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Border {
    /// Two tests of one submission: what is kept comes back.
    Tests,
    /// Two submissions: nothing is kept.
    Submissions,
}

impl Server {
    pub(super) fn reset(&mut self, nonce: u64, border: Border) {
        let done = self.clear(border);
        let event = match border {
            Border::Tests => Event::ResetDone,
            Border::Submissions => Event::BlankDone,
        };
        self.answer(nonce, done, Some(event));
    }

    fn clear(&mut self, border: Border) -> io::Result<()> {
        reap_all()?;
        (self.fifos, self.pair) = (None, None);
        self.places.wipe()?;
        match border {
            Border::Tests => self.proof.between_tests(&self.places)?,
            Border::Submissions => {
                self.shelf = Shelf::default();
                if self.confinement.is_none() {
                    return Err(io::Error::other(
                        "not blank: nothing hides the control group's counters here",
                    ));
                }
                self.proof.between_submissions(&self.places, &self.meter)?;
            }
        }
        self.shelf.seal()?;
        self.shelf.restore(&self.places)?;
        self.places.make_out()?;
        self.places.restore_times()
    }
}

/// Kills everything that is there and takes note of its end.
fn reap_all() -> io::Result<()> {
    let deadline_ns = sys::monotonic_ns() + REAP_WITHIN_NS;
    sys::kill_others();
    loop {
        match sys::reap()? {
            Wait::Alone => return Ok(()),
            Wait::Reaped(_) => {}
            Wait::Running if sys::monotonic_ns() > deadline_ns => {
                return Err(io::Error::other("a process survives SIGKILL"));
            }
            Wait::Running => {
                sys::kill_others();
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
    }
}
