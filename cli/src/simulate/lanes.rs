//! What waits for a slot.

use std::collections::VecDeque;

use gavel_model::Lane;

use super::costs::ByLane;

/// A queue for each lane. Urgent lanes go first, every lane has its share, as workers take them.
#[derive(Debug)]
pub struct Lanes<T> {
    weights: ByLane<u32>,
    lanes: [(Lane, u32, VecDeque<T>); 3],
}

impl<T> Lanes<T> {
    /// Empty ones.
    pub fn new(weights: ByLane<u32>) -> Self {
        Self { weights, lanes: Lane::ALL.map(|lane| (lane, weights.of(lane), VecDeque::new())) }
    }

    /// Somebody waits.
    pub fn push(&mut self, lane: Lane, what: T) {
        self.lanes[lane as usize].2.push_back(what);
    }

    /// Who is next.
    pub fn pop(&mut self) -> Option<T> {
        if !self.lanes.iter().any(|(_, credits, waiting)| *credits > 0 && !waiting.is_empty()) {
            for (lane, credits, _) in &mut self.lanes {
                *credits = self.weights.of(*lane);
            }
        }
        let next = self.lanes.iter_mut().find(|(_, credits, waiting)| *credits > 0 && !waiting.is_empty());
        let (_, credits, waiting) = next?;
        *credits -= 1;
        waiting.pop_front()
    }

    /// How many wait in a lane, and who does longest.
    pub fn waiting(&self, lane: Lane) -> (usize, Option<&T>) {
        let waiting = &self.lanes[lane as usize].2;
        (waiting.len(), waiting.front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_in_one_lane_leaves_the_others_their_share() {
        let mut lanes = Lanes::new(ByLane { contest: 8, practice: 3, rejudge: 1 });
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
