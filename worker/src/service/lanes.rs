//! Which lane's submission is next.

use futures_util::future::poll_fn;
use gavel_broker::Delivery;
use gavel_model::{Lane, Submission};
use std::task::Poll;
use tokio::sync::mpsc;

use crate::turns::Turns;

/// Takes from every lane in turns.
pub struct LaneScheduler<T = Delivery<Submission>> {
    lanes: Vec<Waiting<T>>,
    turns: Turns,
}

struct Waiting<T> {
    lane: Lane,
    receiver: mpsc::Receiver<T>,
    next: Option<T>,
    open: bool,
}

impl<T> LaneScheduler<T> {
    /// Listens to the lanes.
    #[must_use]
    pub fn new(receivers: Vec<(Lane, mpsc::Receiver<T>)>, turns: Turns) -> Self {
        let lanes = receivers
            .into_iter()
            .map(|(lane, receiver)| Waiting { lane, receiver, next: None, open: true })
            .collect();
        Self { lanes, turns }
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
        let (turns, lanes) = (&mut self.turns, &mut self.lanes);
        let next = turns.next(|lane| lanes.iter().any(|of| of.lane == lane && of.next.is_some()))?;
        lanes.iter_mut().find(|of| of.lane == next)?.next.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::LaneWeights;

    fn full(lanes: &[Lane], each: usize) -> LaneScheduler<Lane> {
        let receivers = lanes.iter().map(|lane| {
            let (sender, receiver) = mpsc::channel(each);
            for _ in 0..each {
                sender.try_send(*lane).unwrap();
            }
            (*lane, receiver)
        });
        LaneScheduler::new(receivers.collect(), Turns::new(LaneWeights::default()))
    }

    #[tokio::test]
    async fn lanes_are_taken_in_turns() {
        let mut lanes = full(&Lane::ALL, 30);
        let mut taken = Vec::new();
        for _ in 0..24 {
            taken.push(lanes.next().await.unwrap());
        }
        assert_eq!(Lane::ALL.map(|lane| taken.iter().filter(|taken| **taken == lane).count()), [16, 6, 2]);
    }

    #[tokio::test]
    async fn a_lane_alone_gets_everything_and_the_end_is_told() {
        let mut lanes = full(&[Lane::Rejudge], 20);
        let mut taken = 0;
        while lanes.next().await.is_some() {
            taken += 1;
        }
        assert_eq!(taken, 20);
    }
}
