//! What waits for a slot.

use std::collections::VecDeque;

use gavel_model::Lane;
use gavel_worker::settings::LaneWeights;
use gavel_worker::turns::Turns;

/// A queue for each lane, of which workers take in turns.
#[derive(Debug)]
pub struct Lanes<T> {
    turns: Turns,
    waiting: [VecDeque<T>; 3],
}

impl<T> Lanes<T> {
    /// Empty ones.
    pub fn new(weights: LaneWeights) -> Self {
        Self { turns: Turns::new(weights), waiting: [const { VecDeque::new() }; 3] }
    }

    /// Somebody waits.
    pub fn push(&mut self, lane: Lane, what: T) {
        self.waiting[lane as usize].push_back(what);
    }

    /// Who is next.
    pub fn pop(&mut self) -> Option<T> {
        let lane = self.turns.next(|lane| !self.waiting[lane as usize].is_empty())?;
        self.waiting[lane as usize].pop_front()
    }

    /// How many wait in a lane, and who does longest.
    pub fn waiting(&self, lane: Lane) -> (usize, Option<&T>) {
        let waiting = &self.waiting[lane as usize];
        (waiting.len(), waiting.front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_in_one_lane_leaves_the_others_their_share() {
        let mut lanes = Lanes::new(LaneWeights { contest: 8, practice: 3, rejudge: 1 });
        for n in 0..24 {
            for lane in Lane::ALL {
                lanes.push(lane, (lane, n));
            }
        }
        let first: Vec<Lane> = (0..12).filter_map(|_| lanes.pop()).map(|(lane, _)| lane).collect();
        let of = |lane| first.iter().filter(|other| **other == lane).count();
        assert_eq!(Lane::ALL.map(of), [8, 3, 1]);
        assert_eq!(lanes.waiting(Lane::Rejudge), (23, Some(&(Lane::Rejudge, 1))));
        assert_eq!(std::iter::from_fn(|| lanes.pop()).count(), 60);
    }
}
