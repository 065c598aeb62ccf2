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

use super::fifo::Holds;
use super::meter::Meter;
use super::rest::{Asleep, asleep};

/// Between two looks at whether the interactor sleeps, nanoseconds: twice the same picture within this time counts.
const STILL_NS: u64 = 2_000_000;
/// The longest time between two looks at one that is busy, nanoseconds.
const LOOK_NS: u64 = 20_000_000;
/// Between two looks at one that should have ended, nanoseconds.
const OVERDUE_NS: u64 = 100_000_000;
/// How much longer than its allowance a busy interactor may take on a machine that leaves it no core.
const STARVED: u64 = 10;
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
    parting: Option<Parting>,
    ended: bool,
}

/// The peer has ended, the interactor has not.
struct Parting {
    stage: Stage,
    next_ns: u64,
    last_words_ns: u64,
}

enum Stage {
    /// It may still be busy with what it was given.
    Settling { spell: Spell, settle_ns: u64, step_ns: u64, last: Option<Asleep> },
    /// It was shown the end.
    Shown { spell: Spell },
}

/// What has become of an interactor whose peer has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// It is from now on shown the end of its input.
    Shown,
    /// It had its last words and has not ended.
    Overdue,
}

impl Pair {
    /// Of an interactor that is about to start.
    pub fn new(holds: Holds) -> Self {
        let Holds { input, input_end, output } = holds;
        Self {
            input: Some(input),
            input_end: Some(input_end),
            output: Some(output),
            parting: None,
            ended: false,
        }
    }

    /// The peer has ended: see [`gavel_runner::Command::PeerEnded`].
    pub fn peer_ended(&mut self, settle_us: u64, last_words_us: u64, now_ns: u64, meter: &Meter) {
        if self.parting.is_none() {
            self.parting = Some(Parting {
                stage: Stage::Settling {
                    spell: Spell::begin(now_ns, meter),
                    settle_ns: settle_us.saturating_mul(1000),
                    step_ns: STILL_NS,
                    last: None,
                },
                next_ns: now_ns,
                last_words_ns: last_words_us.saturating_mul(1000),
            });
        }
    }

    /// The interactor has ended.
    pub fn ended(&mut self) {
        self.ended = true;
        self.parting = None;
        self.input_end = None;
        self.output = None;
    }

    /// When [`Pair::tick`] must be called next.
    pub fn next_tick_ns(&self) -> Option<u64> {
        self.parting.as_ref().map(|parting| parting.next_ns)
    }

    /// Looks what the interactor does with its time, once its peer has ended.
    pub fn tick(&mut self, now_ns: u64, meter: &Meter) -> Option<Turn> {
        let parting = self.parting.as_mut().filter(|parting| now_ns >= parting.next_ns)?;
        match &mut parting.stage {
            Stage::Settling { spell, settle_ns, step_ns, last } => {
                if !spell.is_over(*settle_ns, now_ns, meter) {
                    let picture = asleep();
                    if picture.is_none() || picture != *last {
                        let busier = (*step_ns * 2).min(LOOK_NS);
                        *step_ns = if picture.is_some() { STILL_NS } else { busier };
                        parting.next_ns = now_ns + *step_ns;
                        *last = picture;
                        return None;
                    }
                }
                parting.stage = Stage::Shown { spell: Spell::begin(now_ns, meter) };
                parting.next_ns = now_ns.saturating_add(parting.last_words_ns);
                self.input_end = None;
                Some(Turn::Shown)
            }
            Stage::Shown { spell } => {
                if asleep().is_some() || spell.is_over(parting.last_words_ns, now_ns, meter) {
                    self.parting = None;
                    return Some(Turn::Overdue);
                }
                parting.next_ns = now_ns + OVERDUE_NS;
                None
            }
        }
    }

    /// What is to be read and dropped now.
    pub fn unread(&self) -> Option<&File> {
        if self.ended {
            self.input.as_ref()
        } else if self.parting.is_some() {
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

/// A stretch of an interactor's time. Other programs may have its core meanwhile, and that is not its fault.
struct Spell {
    begun_ns: u64,
    begun_cpu_us: Option<u64>,
}

impl Spell {
    fn begin(now_ns: u64, meter: &Meter) -> Self {
        Self { begun_ns: now_ns, begun_cpu_us: meter.cpu_us() }
    }

    /// Whether the interactor has computed for as long as it is allowed to, or had more than enough time for it.
    fn is_over(&self, allowed_ns: u64, now_ns: u64, meter: &Meter) -> bool {
        let elapsed_ns = now_ns.saturating_sub(self.begun_ns);
        let computed_ns = match (meter.cpu_us(), self.begun_cpu_us) {
            (Some(now_us), Some(begun_us)) => now_us.saturating_sub(begun_us).saturating_mul(1000),
            // Where the control group cannot be read, all of it counts.
            _ => elapsed_ns,
        };
        computed_ns >= allowed_ns || elapsed_ns >= allowed_ns.saturating_mul(STARVED)
    }
}
