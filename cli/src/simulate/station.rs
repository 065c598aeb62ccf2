//! A part that serves in order of arrival.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::time::{Micros, micros};

/// The window in which a part is looked at: a minute that is full shows, an hour's average hides it.
pub const WINDOW: Micros = 60_000_000;

/// Some servers with one queue.
#[derive(Debug)]
pub struct Station {
    /// When each server is free.
    free: BinaryHeap<Reverse<Micros>>,
    servers: usize,
    /// Busy time by window.
    busy: Vec<Micros>,
}

impl Station {
    /// With so many servers.
    pub fn new(servers: usize) -> Self {
        Self { free: (0..servers).map(|_| Reverse(0)).collect(), servers, busy: Vec::new() }
    }

    /// When somebody is served who comes now.
    pub fn serve(&mut self, now: Micros, seconds: f64) -> Micros {
        let cost = micros(seconds);
        let Reverse(free) = self.free.pop().unwrap_or(Reverse(now));
        let begin = free.max(now);
        let window = (begin / WINDOW) as usize;
        if self.busy.len() <= window {
            self.busy.resize(window + 1, 0);
        }
        self.busy[window] += cost;
        self.free.push(Reverse(begin + cost));
        begin + cost
    }

    /// The share of its time that it works, over all until then.
    pub fn load(&self, until: Micros) -> f64 {
        let busy: Micros = self.busy.iter().sum();
        busy as f64 / (self.servers as f64 * until.max(1) as f64)
    }

    /// The same in the fullest window.
    pub fn peak(&self) -> f64 {
        let busy = self.busy.iter().max().copied().unwrap_or_default();
        busy as f64 / (self.servers as f64 * WINDOW as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_first_is_served_first_by_whoever_is_free() {
        let mut station = Station::new(2);
        assert_eq!(station.serve(0, 3.0), 3_000_000);
        assert_eq!(station.serve(0, 1.0), 1_000_000);
        assert_eq!(station.serve(0, 1.0), 2_000_000);
        assert_eq!(station.serve(10_000_000, 1.0), 11_000_000);
        assert_eq!(station.load(12_000_000), 0.25);
        assert_eq!(station.peak(), 6.0 / 120.0);
    }

    #[test]
    fn the_fullest_minute_counts() {
        let mut station = Station::new(1);
        station.serve(0, 6.0);
        station.serve(WINDOW, 30.0);
        assert_eq!(station.peak(), 0.5);
    }
}
