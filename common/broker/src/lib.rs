//! The queues between the API and the workers.
//!
//! Two implementations: [`rabbit`] for a fleet, [`embedded`] for one process. Each side sees only what it needs:
//! the API a [`Dispatcher`], a worker a [`WorkSource`].

mod config;
mod dead;
mod delivery;
pub mod embedded;
mod headers;
mod live;
mod metrics;
pub mod rabbit;
mod trace;

pub use config::BrokerConfig;
pub use dead::{Fate, KeptLetter, Origin, Visit, Walk};
pub use delivery::{Delivery, Settle, Settlement};
pub use headers::Headers;
pub use live::{LiveLink, LiveReceiver, LiveSender};
pub use metrics::{BrokerMetrics, FailureKind};

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tracing::Instrument as _;

use gavel_model::{
    Control, Heartbeat, JudgeResult, JudgingEvent, Lane, LiveInput, LiveOutput, LiveRun, Submission,
    SubmissionId,
};

/// How often a submission is delivered before it is set aside.
pub const MAX_ATTEMPTS: u32 = 3;

/// How many transient messages wait for a receiver; more are lost.
pub(crate) const TRANSIENT_CAPACITY: usize = 1_000;

/// A message that could not be handed over.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// No connection now; the broker's own loop is trying.
    #[error("the broker is not reachable")]
    Unavailable,
    /// The broker took the message and refused it, or no queue wanted it.
    #[error("the broker refused the message: {0}")]
    Refused(String),
    /// No answer in time.
    #[error("the broker did not confirm within {0:?}")]
    Timeout(Duration),
    /// The message cannot be written down.
    #[error("the message cannot be encoded")]
    Encode(#[from] serde_json::Error),
}

impl BrokerError {
    /// Which kind it is, for labels.
    #[must_use]
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::Unavailable => FailureKind::Unavailable,
            Self::Refused(_) => FailureKind::Refused,
            Self::Timeout(_) => FailureKind::Timeout,
            Self::Encode(_) => FailureKind::Encode,
        }
    }
}

/// A submission the broker gave up on: delivered [`MAX_ATTEMPTS`] times without an answer, or unreadable.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// Whose; absent when the message could not be read at all.
    pub id: Option<SubmissionId>,
    /// The broker's word for why.
    pub reason: String,
}

impl DeadLetter {
    /// The reason of what came back too often.
    pub const DELIVERY_LIMIT: &'static str = "delivery_limit";

    /// The reason of what was set aside by whoever had it: it cannot be read.
    pub const REJECTED: &'static str = "rejected";
}

/// What the API needs of a broker.
#[async_trait]
pub trait Dispatcher: Send + Sync {
    /// Puts a submission into its lane's queue, with the trace that it is part of; returns once the broker answers for it.
    ///
    /// # Errors
    /// [`BrokerError`]; the submission may then be published again.
    async fn publish(&self, submission: &Submission) -> Result<(), BrokerError> {
        let (span, headers) = trace::publication(submission);
        self.publish_with(submission, &headers).instrument(span).await
    }

    /// [`Dispatcher::publish`], with headers that its [`Delivery`] has too.
    ///
    /// # Errors
    /// As [`Dispatcher::publish`].
    async fn publish_with(&self, submission: &Submission, headers: &Headers) -> Result<(), BrokerError>;

    /// Final results, to be settled once they are stored. The stream survives reconnects and ends at shutdown.
    fn results(&self) -> mpsc::Receiver<Delivery<JudgeResult>>;

    /// Submissions that were given up.
    fn dead_letters(&self) -> mpsc::Receiver<Delivery<DeadLetter>>;

    /// What workers say of themselves, from now on. Transient: what nobody listens to, what is sent while the
    /// connection is away and what a slow receiver has no room for is lost. The stream survives reconnects and ends at
    /// shutdown.
    fn heartbeats(&self) -> mpsc::Receiver<Heartbeat>;

    /// What workers tell of submissions while they judge them, of all submissions; transient, as heartbeats are.
    fn events(&self) -> mpsc::Receiver<JudgingEvent>;

    /// Orders something of every worker that listens; transient, as heartbeats are.
    ///
    /// # Errors
    /// [`BrokerError`]; no worker may have heard it then.
    async fn send_control(&self, control: &Control) -> Result<(), BrokerError>;

    /// Looks at the letters that are kept, `most` at most and the oldest first, and does with each what `visit` says. What
    /// another process looks at meanwhile is not among them.
    ///
    /// # Errors
    /// [`BrokerError`]; what was said of the letters before is done then, the others are kept.
    async fn walk_dead(&self, most: usize, visit: &mut Visit<'_>) -> Result<Walk, BrokerError>;

    /// Offers a live run to the workers, one of which may begin it within so long. The first frame from it is
    /// [`LiveOutput::Begun`]; nothing can be sent before. What the run says of where to reply is filled in here.
    ///
    /// # Errors
    /// [`BrokerError`]; no worker begins it then.
    async fn open_live(
        &self,
        run: LiveRun,
        within: Duration,
    ) -> Result<LiveLink<LiveInput, LiveOutput>, BrokerError>;

    /// Whether messages can be handed over now.
    fn connected(&self) -> bool;
}

/// What a worker needs of a broker.
#[async_trait]
pub trait WorkSource: Send + Sync {
    /// Submissions of one lane, at most `prefetch` unsettled at a time. The stream survives reconnects; dropping
    /// the receiver cancels the consumer and gives back what was not taken.
    fn submissions(&self, lane: Lane, prefetch: u16) -> mpsc::Receiver<Delivery<Submission>>;

    /// Publishes a final result; returns once the broker answers for it.
    ///
    /// # Errors
    /// [`BrokerError`]; the submission must then not be acknowledged.
    async fn publish_result(&self, result: &JudgeResult) -> Result<(), BrokerError> {
        self.publish_result_with(result, &Headers::default()).await
    }

    /// [`WorkSource::publish_result`], with headers that its [`Delivery`] has too.
    ///
    /// # Errors
    /// As [`WorkSource::publish_result`].
    async fn publish_result_with(&self, result: &JudgeResult, headers: &Headers) -> Result<(), BrokerError>;

    /// Says to every API that listens how this worker is; see [`Dispatcher::heartbeats`].
    ///
    /// # Errors
    /// [`BrokerError`]; the next one says it again.
    async fn send_heartbeat(&self, heartbeat: &Heartbeat) -> Result<(), BrokerError>;

    /// Tells every API that listens how the judging of a submission goes on; see [`Dispatcher::events`]. It is not
    /// waited for that anybody has it, nor for a connection.
    ///
    /// # Errors
    /// [`BrokerError`]; the event is lost.
    async fn send_event(&self, event: &JudgingEvent) -> Result<(), BrokerError>;

    /// What every worker is told, from now on; transient, see [`Dispatcher::heartbeats`]. The stream survives reconnects
    /// and, since a worker that drains is still told, the shutdown: it ends when the receiver is dropped, or the last
    /// connection ends.
    fn controls(&self) -> mpsc::Receiver<Control>;

    /// Live runs, at most `prefetch` unsettled at a time; as [`WorkSource::submissions`].
    fn live_runs(&self, prefetch: u16) -> mpsc::Receiver<Delivery<LiveRun>>;

    /// Joins the session of a live run, and tells its other end which worker has it ([`LiveOutput::Begun`]).
    ///
    /// # Errors
    /// [`BrokerError`]: nobody waits for it any more, as far as is known.
    async fn join_live(
        &self,
        run: &LiveRun,
        worker: &str,
    ) -> Result<LiveLink<LiveOutput, LiveInput>, BrokerError>;

    /// Whether messages can be handed over now.
    fn connected(&self) -> bool;
}
