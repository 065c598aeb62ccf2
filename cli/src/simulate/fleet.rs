//! Workers that come and go.

use super::time::{Micros, seconds};

/// A worker's number.
pub type Worker = usize;

#[derive(Debug)]
struct Seat {
    /// Paid from here on.
    asked: Micros,
    ready: bool,
    busy: usize,
    leaving: bool,
}

/// Some workers, each with the same number of slots.
#[derive(Debug)]
pub struct Fleet {
    slots: usize,
    workers: Vec<Seat>,
    /// Those that nobody has sent away, oldest first.
    kept: Vec<Worker>,
    /// A worker for each of its free slots; those of workers that leave are passed over.
    free: Vec<Worker>,
    /// Of those that have gone.
    paid: f64,
    ready: usize,
    busy: usize,
    most: usize,
}

impl Fleet {
    /// None yet.
    pub const fn new(slots: usize) -> Self {
        Self { slots, workers: vec![], kept: vec![], free: vec![], paid: 0.0, ready: 0, busy: 0, most: 0 }
    }

    /// Asks for one more; it is ready when it says so.
    pub fn ask(&mut self, now: Micros) -> Worker {
        self.workers.push(Seat { asked: now, ready: false, busy: 0, leaving: false });
        self.kept.push(self.workers.len() - 1);
        self.most = self.most.max(self.kept.len());
        self.workers.len() - 1
    }

    /// One has started.
    pub fn ready(&mut self, worker: Worker) {
        let seat = &mut self.workers[worker];
        if !seat.leaving {
            seat.ready = true;
            self.ready += 1;
            self.free.extend(std::iter::repeat_n(worker, self.slots));
        }
    }

    /// Sends the youngest away: it takes nothing more, and goes when it has finished what it judges.
    pub fn send_away(&mut self, now: Micros) {
        let Some(worker) = self.kept.pop() else { return };
        let seat = &mut self.workers[worker];
        seat.leaving = true;
        if seat.ready {
            self.ready -= 1;
        }
        if seat.busy == 0 {
            self.paid += seconds(now - seat.asked);
        }
    }

    /// A free slot, now taken.
    pub fn take(&mut self) -> Option<Worker> {
        loop {
            let worker = self.free.pop()?;
            let seat = &mut self.workers[worker];
            if !seat.leaving {
                seat.busy += 1;
                self.busy += 1;
                return Some(worker);
            }
        }
    }

    /// A slot is free again.
    pub fn release(&mut self, worker: Worker, now: Micros) {
        let seat = &mut self.workers[worker];
        seat.busy -= 1;
        self.busy -= 1;
        match (seat.leaving, seat.busy) {
            (false, _) => self.free.push(worker),
            (true, 0) => self.paid += seconds(now - seat.asked),
            (true, _) => {}
        }
    }

    /// Workers that nobody has sent away, also those that are starting.
    pub const fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Workers that judge.
    pub const fn working(&self) -> usize {
        self.ready
    }

    /// Slots in which something is judged.
    pub const fn busy(&self) -> usize {
        self.busy
    }

    /// The most workers at a time.
    pub const fn most(&self) -> usize {
        self.most
    }

    /// Hours that are paid until then.
    pub fn hours(&self, now: Micros) -> f64 {
        let kept: f64 = self.kept.iter().map(|worker| seconds(now - self.workers[*worker].asked)).sum();
        (self.paid + kept) / 3_600.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Micros = 3_600_000_000;

    #[test]
    fn who_is_sent_away_finishes_first() {
        let mut fleet = Fleet::new(1);
        let (old, young) = (fleet.ask(0), fleet.ask(0));
        fleet.ready(old);
        fleet.ready(young);
        assert_eq!((fleet.take(), fleet.take(), fleet.take()), (Some(young), Some(old), None));
        fleet.send_away(HOUR);
        assert_eq!((fleet.kept(), fleet.working(), fleet.busy()), (1, 1, 2));
        fleet.release(young, 2 * HOUR);
        assert_eq!(fleet.take(), None, "who leaves takes nothing more");
        fleet.release(old, 2 * HOUR);
        assert_eq!(fleet.take(), Some(old));
        assert_eq!(fleet.hours(3 * HOUR), 5.0);
    }

    #[test]
    fn one_that_never_started_is_paid_all_the_same() {
        let mut fleet = Fleet::new(2);
        let worker = fleet.ask(0);
        fleet.send_away(HOUR);
        fleet.ready(worker);
        assert_eq!((fleet.take(), fleet.working(), fleet.hours(2 * HOUR)), (None, 0, 1.0));
    }
}
