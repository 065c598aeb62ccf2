//! What every worker is told, and what concerns this one.

use gavel_model::Control;
use tokio::sync::mpsc;

use super::cancel::Cancellations;
use super::drain::Drain;

/// Whom orders concern.
pub(super) struct Orders {
    /// The worker's name, which orders to one worker give.
    pub(super) worker: String,
    pub(super) cancellations: Cancellations,
    pub(super) drain: Drain,
}

impl Orders {
    /// Takes orders until the stream ends.
    pub(super) async fn follow(self, mut orders: mpsc::Receiver<Control>) {
        while let Some(order) = orders.recv().await {
            match order {
                Control::Cancel { id } => self.cancellations.cancel(id),
                Control::Drain { worker } if worker == self.worker => self.drain.tell(true),
                Control::Undrain { worker } if worker == self.worker => self.drain.tell(false),
                Control::Drain { .. } | Control::Undrain { .. } => {}
                Control::Unknown => tracing::debug!("passed over an order of a later version"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use gavel_model::SubmissionId;
    use std::future::{pending, ready};
    use tokio_util::sync::CancellationToken;

    async fn told(orders: &[Control]) -> (Cancellations, Drain) {
        let (cancellations, drain) = (Cancellations::default(), Drain::new(CancellationToken::new()));
        let (sender, receiver) = mpsc::channel(8);
        for order in orders {
            sender.try_send(order.clone()).unwrap();
        }
        drop(sender);
        let (all, worker) = (cancellations.clone(), "w1".to_owned());
        Orders { worker, cancellations: all, drain: drain.clone() }.follow(receiver).await;
        (cancellations, drain)
    }

    #[tokio::test]
    async fn every_attempt_at_a_submission_stops_and_no_other() {
        let (one, other) = (SubmissionId::new(), SubmissionId::new());
        let (cancellations, drain) = told(&[Control::Unknown, Control::Cancel { id: one }]).await;
        let attempts = [one, one, other].map(|id| cancellations.begin(id));
        for attempt in &attempts[..2] {
            assert_eq!(attempt.unless_canceled(pending::<()>()).await, None);
        }
        assert_eq!(attempts[2].unless_canceled(ready(7)).await, Some(7));
        assert!(attempts[2].unless_canceled(pending::<()>()).now_or_never().is_none());
        assert!(!drain.draining());
    }

    #[tokio::test]
    async fn a_worker_hears_its_own_name() {
        let order = |worker: &str| Control::Drain { worker: worker.to_owned() };
        assert!(!told(&[order("w2"), order("w"), order("")]).await.1.draining());
        assert!(told(&[order("w1")]).await.1.draining());
        let undrain = |worker: &str| Control::Undrain { worker: worker.to_owned() };
        assert!(told(&[order("w1"), undrain("w2")]).await.1.draining());
        assert!(!told(&[order("w1"), undrain("w1")]).await.1.draining());
    }
}
