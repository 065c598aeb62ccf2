//! Whose turn it is among the lanes.

use gavel_model::Lane;

use crate::settings::LaneWeights;

/// Urgent lanes first, every lane its share.
///
/// Each lane has as many credits as its weight; a turn costs one. A lane without credits waits until no lane with credits
/// has anything, or all are spent: then everybody gets new ones. So an idle lane costs nothing, and a full one cannot starve
/// the others.
#[derive(Clone, Debug)]
pub struct Turns {
    weights: LaneWeights,
    /// By the lane's place in [`Lane::ALL`].
    credits: [u32; Lane::ALL.len()],
}

impl Turns {
    /// Everybody has credits.
    #[must_use]
    pub fn new(weights: LaneWeights) -> Self {
        Self { weights, credits: Lane::ALL.map(|lane| weights.of(lane)) }
    }

    /// The next lane of those in which something waits.
    pub fn next(&mut self, waits: impl Fn(Lane) -> bool) -> Option<Lane> {
        let waiting = Lane::ALL.map(&waits);
        let (place, _) = self.first(&waiting).or_else(|| {
            self.credits = Lane::ALL.map(|lane| self.weights.of(lane));
            self.first(&waiting)
        })?;
        self.credits[place] -= 1;
        Some(Lane::ALL[place])
    }

    fn first(&self, waiting: &[bool]) -> Option<(usize, u32)> {
        let lanes = self.credits.iter().copied().enumerate();
        lanes.zip(waiting).find_map(|(lane, waits)| (*waits && lane.1 > 0).then_some(lane))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(LaneWeights::default(), 24 => [16, 6, 2]; "by default")]
    #[test_case(LaneWeights { contest: 1, practice: 1, rejudge: 2 }, 24 => [6, 6, 12]; "as the settings say")]
    #[test_case(LaneWeights { contest: 100, practice: 1, rejudge: 1 }, 204 => [200, 2, 2]; "the least share")]
    fn every_lane_gets_its_share_of_a_full_queue(weights: LaneWeights, count: usize) -> [usize; 3] {
        let mut turns = Turns::new(weights);
        let taken: Vec<Lane> = (0..count).filter_map(|_| turns.next(|_| true)).collect();
        assert_eq!(taken[0], Lane::Contest);
        Lane::ALL.map(|lane| taken.iter().filter(|taken| **taken == lane).count())
    }

    #[test]
    fn a_lane_alone_gets_every_turn_and_an_empty_queue_none() {
        let mut turns = Turns::new(LaneWeights::default());
        for _ in 0..20 {
            assert_eq!(turns.next(|lane| lane == Lane::Rejudge), Some(Lane::Rejudge));
        }
        assert_eq!(turns.next(|_| false), None);
    }
}
