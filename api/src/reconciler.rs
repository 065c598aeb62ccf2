//! Publishes what was stored and not published: a broker was away, or the service died in between.

use std::sync::Arc;
use std::time::Duration;

use crate::metrics::ApiMetrics;
use gavel_broker::{BrokerError, Dispatcher};
use gavel_model::Lane;
use jiff::{SignedDuration, Timestamp};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::store::{Store, StoreError};

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(1);

/// How many submissions of a lane are read at a time.
const PAGE: u32 = 200;

/// Publishes again.
pub struct Reconciler {
    /// Where submissions are kept.
    pub store: Arc<dyn Store>,
    /// Where they go.
    pub dispatcher: Arc<dyn Dispatcher>,
    /// What is measured.
    pub metrics: ApiMetrics,
    /// How long a submission may stay unpublished: its request may still be at it.
    pub patience: Duration,
    /// Submissions created before this have no request that is still at it.
    pub orphans_before: Option<Timestamp>,
}

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
enum PassError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("lane {lane} takes no more")]
    Publish { lane: Lane, source: BrokerError },
}

impl Reconciler {
    /// Looks every second until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            let Some(outcome) = shutdown.run_until_cancelled(self.pass()).await else {
                return;
            };
            match outcome {
                Ok(()) => failing = false,
                // Said once per outage, not once per second.
                Err(error) if !failing => {
                    failing = true;
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot publish again");
                }
                Err(_) => {}
            }
        }
    }

    async fn pass(&self) -> Result<(), PassError> {
        self.measure().await?;
        if !self.dispatcher.connected() {
            return Ok(());
        }
        let mut outcome = Ok(());
        for lane in Lane::ALL {
            // A lane that is full must not hold up the next.
            if let Err(error) = self.publish_lane(lane).await {
                outcome = Err(error);
            }
        }
        outcome
    }

    async fn publish_lane(&self, lane: Lane) -> Result<(), PassError> {
        loop {
            let page = self.store.unpublished(lane, self.before(), PAGE).await?;
            let mut published = Vec::with_capacity(page.len());
            let mut outcome = Ok(());
            for submission in &page {
                if let Err(source) = self.dispatcher.publish(submission).await {
                    outcome = Err(PassError::Publish { lane, source });
                    break;
                }
                published.push(submission.id);
            }
            if !published.is_empty() {
                self.store.mark_published(&published).await?;
                self.metrics.republished().inc_by(published.len() as u64);
                tracing::info!(%lane, submissions = published.len(), "published again");
            }
            outcome?;
            if page.len() < PAGE as usize {
                return Ok(());
            }
        }
    }

    fn before(&self) -> Timestamp {
        let patience = SignedDuration::try_from(self.patience).unwrap_or(SignedDuration::MAX);
        let stale = Timestamp::now().checked_sub(patience).unwrap_or(Timestamp::MIN);
        self.orphans_before.map_or(stale, |orphans| orphans.max(stale))
    }

    async fn measure(&self) -> Result<(), StoreError> {
        let oldest = self.store.oldest_unfinished().await?;
        let now = Timestamp::now();
        for lane in Lane::ALL {
            let age = oldest
                .iter()
                .find(|(of, _)| *of == lane)
                .map_or(0.0, |(_, created)| now.duration_since(*created).as_secs_f64().max(0.0));
            self.metrics.oldest_queued_seconds(lane).set(age);
        }
        Ok(())
    }
}
