//! Publishes what waits in the store, while there is room: what found none when it came, batches, and what a broker that
//! was away or a process that died left behind.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::iter;
use gavel_broker::{BrokerError, Dispatcher};
use gavel_model::{Lane, Submission};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::room::Room;
use super::shares::shares;
use crate::metrics::ApiMetrics;
use crate::store::{Store, StoreError, Task};
use crate::survey::Survey;

/// How often it looks at every lane.
const PERIOD: Duration = Duration::from_secs(1);

/// How many publications wait for the broker's answer at a time.
const PIPELINE: usize = 32;

/// How many submissions are read at a time.
const PAGE: u32 = 64;

/// Hands over.
pub struct Pump {
    /// Where submissions are kept.
    pub store: Arc<dyn Store>,
    /// Measures what is unfinished each time it looks at every lane.
    pub survey: Survey,
    /// Where they go.
    pub dispatcher: Arc<dyn Dispatcher>,
    /// How much room there is.
    pub room: Room,
    /// What is measured.
    pub metrics: ApiMetrics,
    /// How long a submission that was taken may stay unpublished before somebody else takes it.
    pub patience: Duration,
}

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
enum PassError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("lane {lane} takes no more")]
    Publish { lane: Lane, source: BrokerError },
}

impl Pump {
    /// Looks every second, and when it is told to, until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut failing, mut turn) = (false, 0);
        loop {
            let all = tokio::select! {
                _ = ticks.tick() => true,
                () = self.room.woken() => false,
                () = shutdown.cancelled() => return,
            };
            turn += 1;
            let Some(outcome) = shutdown.run_until_cancelled(self.pass(all, turn)).await else { return };
            match outcome {
                Ok(()) => failing = false,
                // Said once per outage, not once per second.
                Err(error) if !failing => {
                    failing = true;
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot hand over");
                }
                Err(_) => {}
            }
        }
    }

    async fn pass(&self, all: bool, turn: usize) -> Result<(), PassError> {
        if all {
            self.survey.take().await?;
        }
        let mut outcome = Ok(());
        for lane in Lane::ALL {
            // Asked in any case: a look at all lanes answers for each.
            let wanted = self.room.wants_look(lane);
            if (wanted || all) && self.dispatcher.connected() {
                // A lane that is full must not hold up the next.
                if let Err(error) = self.hand_over(lane, turn).await {
                    outcome = Err(error);
                }
            }
        }
        outcome
    }

    async fn hand_over(&self, lane: Lane, turn: usize) -> Result<(), PassError> {
        let waiting = self.store.waiting(lane).await?;
        // Of several processes one after the other: together they would hand over more than there is room for.
        let _turn = if waiting.is_empty() { None } else { self.store.turn(Task::HandOver(lane)).await? };
        let handed_over: HashMap<_, _> = self.store.handed_over(lane).await?.into_iter().collect();
        let mut count: u32 = handed_over.values().sum();
        let room = self.room.most().saturating_sub(count);
        let mut outcome = Ok(());
        let mut full = room == 0;
        for (owner, share) in shares(&waiting, &handed_over, room, turn) {
            let (given, ended) = self.hand_over_of(lane, &owner, share).await;
            count += given;
            full |= given == share;
            outcome = ended;
            if outcome.is_err() {
                break;
            }
        }
        self.metrics.handed_over_unfinished(lane).set(f64::from(count));
        // Who has given all they had leaves nobody waiting.
        self.room.counted(lane, count, full && !waiting.is_empty() || outcome.is_err());
        outcome
    }

    /// Hands over some submissions of an owner: how many, and why not more.
    async fn hand_over_of(&self, lane: Lane, owner: &str, share: u32) -> (u32, Result<(), PassError>) {
        let mut given = 0;
        while given < share {
            let page = (share - given).min(PAGE);
            let claimed = match self.store.claim(lane, owner, page, self.patience).await {
                Ok(claimed) => claimed,
                Err(error) => return (given, Err(error.into())),
            };
            let last = claimed.len() < page as usize;
            let (published, outcome) = self.publish(lane, claimed).await;
            given += published;
            if outcome.is_err() || last {
                return (given, outcome);
            }
        }
        (given, Ok(()))
    }

    /// Publishes in order, many at a time; what is not published is taken again once its time is over.
    async fn publish(&self, lane: Lane, claimed: Vec<Submission>) -> (u32, Result<(), PassError>) {
        let count = claimed.len();
        let dispatcher = Arc::clone(&self.dispatcher);
        let published = iter(claimed).map(move |submission| {
            let dispatcher = Arc::clone(&dispatcher);
            async move { dispatcher.publish(&submission).await.map(|()| submission.id) }
        });
        let outcomes: Vec<_> = published.buffered(PIPELINE).collect().await;
        let (mut ids, mut outcome) = (Vec::with_capacity(count), Ok(()));
        for answer in outcomes {
            match answer {
                Ok(id) => ids.push(id),
                Err(source) => outcome = Err(PassError::Publish { lane, source }),
            }
        }
        if !ids.is_empty() {
            if let Err(error) = self.store.mark_published(&ids).await {
                return (ids.len() as u32, Err(error.into()));
            }
            self.metrics.handed_over().inc_by(ids.len() as u64);
            tracing::debug!(%lane, submissions = ids.len(), "handed over");
        }
        (ids.len() as u32, outcome)
    }
}
