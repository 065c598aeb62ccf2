//! The pipes of an interactive pair, as the interactor's runner holds them.
//!
//! The order in which two programs end must not depend on microseconds, and neither may fail for what the other
//! does. So this side keeps an end of both pipes for as long as the interactor or its peer may use them:
//!
//! - What the interactor writes never fails: there is a reader, here. From the moment its peer has ended, what nobody
//!   else will read is read and dropped, so it does not wait for ever either.
//! - The end of its input is shown to the interactor only when the worker says that the peer has ended, never by the
//!   peer's exit itself. On request it is shown only when the interactor sleeps: it has then judged all it was given.
//! - What the peer writes after the interactor has ended never fails, and is dropped.
//!
//! The end of the peer's input is the interactor's own closing of its output.

use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use super::fifo::Holds;
use super::rest::{Asleep, asleep};

/// Between two looks at whether the interactor sleeps, nanoseconds: twice the same picture within this time counts.
const STILL_NS: u64 = 2_000_000;
/// The longest time between two looks at one that is busy, nanoseconds.
const LOOK_NS: u64 = 20_000_000;
/// Reads in a row, so that the rest of the loop has its turn.
const READS: usize = 16;

/// Both pipes, from the interactor's start on.
pub struct Pair {
    /// `None` once nothing more can come.
    input: Option<File>,
    /// Open until the interactor is shown the end of its input.
    input_end: Option<File>,
    /// `None` once nothing more can come.
    output: Option<File>,
    settling: Option<Settling>,
    ended: bool,
}

/// The peer has ended, the interactor may still be busy with what it was given.
struct Settling {
    deadline_ns: u64,
    next_ns: u64,
    step_ns: u64,
    last: Option<Asleep>,
}

impl Pair {
    /// Of an interactor that is about to start.
    pub fn new(holds: Holds) -> Self {
        let Holds { input, input_end, output } = holds;
        Self {
            input: Some(input),
            input_end: Some(input_end),
            output: Some(output),
            settling: None,
            ended: false,
        }
    }

    /// The peer has ended. The interactor is shown that as soon as it sleeps, at the latest after `settle`.
    pub fn peer_ended(&mut self, settle: Duration, now_ns: u64) {
        if self.settling.is_none() && self.input_end.is_some() {
            let settle_ns = u64::try_from(settle.as_nanos()).unwrap_or(u64::MAX);
            self.settling = Some(Settling {
                deadline_ns: now_ns.saturating_add(settle_ns),
                next_ns: now_ns,
                step_ns: STILL_NS,
                last: None,
            });
        }
    }

    /// The interactor has ended.
    pub fn ended(&mut self) {
        self.ended = true;
        self.settling = None;
        self.input_end = None;
        self.output = None;
    }

    /// When [`Pair::tick`] must be called next.
    pub fn next_tick_ns(&self) -> Option<u64> {
        self.settling.as_ref().map(|settling| settling.next_ns)
    }

    /// Looks whether the interactor sleeps. `true` when it is now shown the end of its input.
    pub fn tick(&mut self, now_ns: u64) -> bool {
        let Some(settling) = &mut self.settling else { return false };
        if now_ns < settling.next_ns {
            return false;
        }
        if now_ns < settling.deadline_ns {
            let picture = asleep();
            if picture.is_none() || picture != settling.last {
                settling.step_ns = match picture {
                    Some(_) => STILL_NS,
                    None => (settling.step_ns * 2).min(LOOK_NS),
                };
                settling.next_ns = (now_ns + settling.step_ns).min(settling.deadline_ns);
                settling.last = picture;
                return false;
            }
        }
        self.settling = None;
        self.input_end = None;
        true
    }

    /// What is to be read and dropped now.
    pub fn unread(&self) -> Option<&File> {
        if self.ended {
            self.input.as_ref()
        } else if self.input_end.is_none() {
            self.output.as_ref()
        } else {
            None
        }
    }

    /// Reads and drops some of it.
    pub fn drain(&mut self, buffer: &mut [u8]) {
        let unread = if self.ended { &mut self.input } else { &mut self.output };
        for _ in 0..READS {
            let Some(fifo) = unread else { return };
            match fifo.read(buffer) {
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // Its last writer has closed it.
                Ok(0) | Err(_) => *unread = None,
            }
        }
    }
}
