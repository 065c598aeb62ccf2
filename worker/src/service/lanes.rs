//! Which lane's submission is next.

use futures_util::future::poll_fn;
use gavel_broker::Delivery;
use gavel_model::{Lane, Submission};
use std::task::Poll;
use tokio::sync::mpsc;

use crate::settings::LaneWeights;

/// Takes from every lane by weight: urgent lanes first, every lane its share.
///
/// Each lane has as many credits as its weight; a delivery costs one. A lane without credits waits until no lane
/// with credits has anything, or all are spent: then everybody gets new ones. So an idle lane costs nothing, and a
/// full one cannot starve the others.
pub struct LaneScheduler<T = Delivery<Submission>> {
    lanes: Vec<Waiting<T>>,
    weights: LaneWeights,
}

struct Waiting<T> {
    lane: Lane,
    credits: u32,
    receiver: mpsc::Receiver<T>,
    next: Option<T>,
    open: bool,
}

impl<T> LaneScheduler<T> {
    /// Listens to the lanes, most urgent first.
    #[must_use]
    pub fn new(receivers: Vec<(Lane, mpsc::Receiver<T>)>, weights: LaneWeights) -> Self {
        let lanes = receivers
            .into_iter()
            .map(|(lane, receiver)| Waiting {
                lane,
                credits: weights.of(lane),
                receiver,
                next: None,
                open: true,
            })
            .collect();
        Self { lanes, weights }
    }

    /// The next delivery; nothing once every lane has ended. Losing the future loses nothing.
    pub async fn next(&mut self) -> Option<T> {
        poll_fn(|context| {
            for lane in self.lanes.iter_mut().filter(|lane| lane.next.is_none() && lane.open) {
                match lane.receiver.poll_recv(context) {
                    Poll::Ready(Some(next)) => lane.next = Some(next),
                    Poll::Ready(None) => lane.open = false,
                    Poll::Pending => {}
                }
            }
            match self.choose() {
                Some(next) => Poll::Ready(Some(next)),
                None if self.lanes.iter().any(|lane| lane.open) => Poll::Pending,
                None => Poll::Ready(None),
            }
        })
        .await
    }

    fn choose(&mut self) -> Option<T> {
        if !self.lanes.iter().any(|lane| lane.next.is_some() && lane.credits > 0) {
            for lane in &mut self.lanes {
                lane.credits = self.weights.of(lane.lane);
            }
        }
        let lane = self.lanes.iter_mut().find(|lane| lane.next.is_some() && lane.credits > 0)?;
        lane.credits -= 1;
        lane.next.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn full(lanes: &[Lane], each: usize, weights: LaneWeights) -> LaneScheduler<Lane> {
        let receivers = lanes.iter().map(|lane| {
            let (sender, receiver) = mpsc::channel(each);
            for _ in 0..each {
                sender.try_send(*lane).unwrap();
            }
            (*lane, receiver)
        });
        LaneScheduler::new(receivers.collect(), weights)
    }

    #[test_case(LaneWeights::default(), 24 => [16, 6, 2]; "by default")]
    #[test_case(LaneWeights { contest: 1, practice: 1, rejudge: 2 }, 24 => [6, 6, 12]; "as the settings say")]
    #[test_case(LaneWeights { contest: 100, practice: 1, rejudge: 1 }, 204 => [200, 2, 2]; "the least share")]
    #[tokio::test]
    async fn every_lane_gets_its_share_of_a_full_queue(weights: LaneWeights, count: usize) -> [usize; 3] {
        let mut lanes = full(&Lane::ALL, 300, weights);
        let mut taken = Vec::new();
        for _ in 0..count {
            taken.push(lanes.next().await.unwrap());
        }
        assert_eq!(taken[0], Lane::Contest);
        Lane::ALL.map(|lane| taken.iter().filter(|taken| **taken == lane).count())
    }

    #[tokio::test]
    async fn a_lane_alone_gets_everything_and_the_end_is_told() {
        let mut lanes = full(&[Lane::Rejudge], 20, LaneWeights::default());
        let mut taken = 0;
        while lanes.next().await.is_some() {
            taken += 1;
        }
        assert_eq!(taken, 20);
    }
}
