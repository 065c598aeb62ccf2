//! The two halves of the broker over two connections.

use std::time::Duration;

use async_trait::async_trait;
use lapin::ExchangeKind;
use lapin::types::ShortString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::address::{Address, StartError};
use super::consume::Subscription;
use super::dead::DeadQueue;
use super::live::LiveParts;
use super::properties;
use super::publish::{Outgoing, publish, publish_unconfirmed};
use super::reconnect::Reconnecting;
use super::session::{Destination, Role};
use super::settle::Requeue;
use super::topology::Names;
use super::transient;
use super::unbegun::Copies;
use gavel_wire as message;

use crate::config::BrokerConfig;
use crate::metrics::BrokerMetrics;
use crate::{BrokerError, DeadLetter, Delivery, Dispatcher, Headers, LiveLink, Visit, Walk, WorkSource};
use gavel_model::{
    Control, Heartbeat, JudgeResult, JudgingEvent, Lane, LiveInput, LiveOutput, LiveRun, Submission,
};

/// How many results or dead letters are handed over before the first is settled.
const RESULT_PREFETCH: u16 = 64;

/// `RabbitMQ`, through a connection for publishing and one for consuming, both renewed whenever they end.
#[derive(Clone)]
pub struct RabbitBroker {
    publishing: Reconnecting,
    consuming: Reconnecting,
    names: Names,
    confirm_timeout: Duration,
    metrics: BrokerMetrics,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

impl RabbitBroker {
    /// Begins to connect, and returns at once. After `shutdown` the receivers end, and the connections that are
    /// there go on as long as anything uses them.
    ///
    /// # Errors
    /// When the URL is malformed, or what TLS needs cannot be used. A broker that is not there is no error; [`Dispatcher::connected`] tells.
    pub fn start(
        config: &BrokerConfig,
        metrics: BrokerMetrics,
        tasks: TaskTracker,
        shutdown: CancellationToken,
    ) -> Result<Self, StartError> {
        let address = Address::of(config)?;
        let names = Names::new(&config.prefix).bounded(config.max_length);
        let connection = |role| {
            Reconnecting::start(
                address.clone(),
                role,
                names.clone(),
                metrics.clone(),
                &tasks,
                shutdown.clone(),
            )
        };
        let (publishing, consuming) = (connection(Role::Publish), connection(Role::Consume));
        let confirm_timeout = config.confirm_timeout;
        Ok(Self { publishing, consuming, names, confirm_timeout, metrics, tasks, shutdown })
    }

    /// A queue to be read, where a second delivery is not counted and nothing is published anew.
    fn subscription<T: Send + 'static>(
        &self,
        queue: ShortString,
        prefetch: u16,
        requeue: Requeue,
        decode: fn(&lapin::message::Delivery) -> Result<T, message::MessageError>,
    ) -> Subscription<T> {
        let (tasks, shutdown, redelivered) = (self.tasks.clone(), self.shutdown.clone(), Box::new(|| {}));
        Subscription { queue, prefetch, requeue, copies: None, decode, redelivered, tasks, shutdown }
    }

    async fn send(&self, message: Outgoing) -> Result<(), BrokerError> {
        let published = publish(&self.publishing, message, self.confirm_timeout).await;
        published.inspect_err(|error| self.metrics.publish_failures(error.kind()).inc())
    }

    /// Listens to an exchange of what may be lost, until the receiver is dropped, or `until`.
    fn listen<T: DeserializeOwned + Send + 'static>(
        &self,
        exchange: ShortString,
        kind: ExchangeKind,
        until: CancellationToken,
    ) -> mpsc::Receiver<T> {
        let (decode, tasks) = (message::decode::<T>, self.tasks.clone());
        transient::Subscription { exchange, kind, decode, tasks, until }.start(self.consuming.clone())
    }

    /// Sends what may be lost to whoever listens to an exchange now. That it cannot be sent is not counted as a failure:
    /// it makes no submission wait.
    async fn tell<T: Serialize + Sync>(
        &self,
        to: Destination,
        exchange: ShortString,
        said: &T,
    ) -> Result<(), BrokerError> {
        let message = transient_message(to, exchange, "".into(), said)?;
        publish(&self.publishing, message, self.confirm_timeout).await
    }

    /// What ends of live runs are made of.
    const fn live(&self) -> LiveParts<'_> {
        let Self { publishing, consuming, confirm_timeout, tasks, .. } = self;
        LiveParts { publishing, consuming, confirm_timeout: *confirm_timeout, tasks }
    }

    fn both_connected(&self) -> bool {
        self.publishing.connected() && self.consuming.connected()
    }
}

#[async_trait]
impl Dispatcher for RabbitBroker {
    async fn publish_with(&self, submission: &Submission, headers: &Headers) -> Result<(), BrokerError> {
        let lane = submission.lane;
        self.send(Outgoing {
            to: Destination::Lane(lane),
            exchange: self.names.submissions(),
            key: lane.as_str().into(),
            properties: properties::persistent(submission.id.to_string(), headers),
            body: message::encode(submission)?,
            mandatory: true,
        })
        .await
    }

    fn results(&self) -> mpsc::Receiver<Delivery<JudgeResult>> {
        let decode = |delivery: &lapin::message::Delivery| message::decode(&delivery.data);
        self.subscription(self.names.results(), RESULT_PREFETCH, Requeue::Uncounted, decode)
            .start(self.consuming.clone())
    }

    fn dead_letters(&self) -> mpsc::Receiver<Delivery<DeadLetter>> {
        let decode = |delivery: &lapin::message::Delivery| {
            Ok(properties::dead_letter(&delivery.properties, &delivery.data))
        };
        self.subscription(self.names.dead_notify(), RESULT_PREFETCH, Requeue::Uncounted, decode)
            .start(self.consuming.clone())
    }

    fn heartbeats(&self) -> mpsc::Receiver<Heartbeat> {
        self.listen(self.names.workers(), ExchangeKind::Fanout, self.shutdown.clone())
    }

    fn events(&self) -> mpsc::Receiver<JudgingEvent> {
        self.listen(self.names.events(), ExchangeKind::Topic, self.shutdown.clone())
    }

    async fn send_control(&self, control: &Control) -> Result<(), BrokerError> {
        self.tell(Destination::Control, self.names.control(), control).await
    }

    async fn walk_dead(&self, most: usize, visit: &mut Visit<'_>) -> Result<Walk, BrokerError> {
        let session = self.consuming.session_now().ok_or(BrokerError::Unavailable)?;
        let channel = session.while_it_lasts(session.channel()).await;
        let channel = channel.and_then(Result::ok).ok_or(BrokerError::Unavailable)?;
        let (names, publishing, confirm_timeout) = (&self.names, &self.publishing, self.confirm_timeout);
        DeadQueue { channel, names, publishing, confirm_timeout }.walk(most, visit).await
    }

    async fn open_live(
        &self,
        run: LiveRun,
        within: Duration,
    ) -> Result<LiveLink<LiveInput, LiveOutput>, BrokerError> {
        let opened = self.live().open(self.names.live(), run, within).await;
        opened.inspect_err(|error| self.metrics.publish_failures(error.kind()).inc())
    }

    fn connected(&self) -> bool {
        self.both_connected()
    }
}

#[async_trait]
impl WorkSource for RabbitBroker {
    fn submissions(&self, lane: Lane, prefetch: u16) -> mpsc::Receiver<Delivery<Submission>> {
        let decode = |delivery: &lapin::message::Delivery| message::decode(&delivery.data);
        let redeliveries = self.metrics.redeliveries();
        let copies = Copies {
            publishing: self.publishing.clone(),
            exchange: self.names.submissions(),
            lane,
            confirm_timeout: self.confirm_timeout,
        };
        Subscription {
            copies: Some(copies),
            redelivered: Box::new(move || redeliveries.inc()),
            ..self.subscription(self.names.lane(lane), prefetch, Requeue::Counted, decode)
        }
        .start(self.consuming.clone())
    }

    async fn publish_result_with(&self, result: &JudgeResult, headers: &Headers) -> Result<(), BrokerError> {
        self.send(Outgoing {
            to: Destination::Results,
            exchange: self.names.results(),
            key: format!("{}.{}", result.lane, result.verdict).into(),
            properties: properties::persistent(format!("{}/{}", result.id, result.attempt), headers),
            body: message::encode(result)?,
            mandatory: true,
        })
        .await
    }

    async fn send_heartbeat(&self, heartbeat: &Heartbeat) -> Result<(), BrokerError> {
        self.tell(Destination::Workers, self.names.workers(), heartbeat).await
    }

    async fn send_event(&self, event: &JudgingEvent) -> Result<(), BrokerError> {
        let key = event.id.to_string().into();
        let message = transient_message(Destination::Events, self.names.events(), key, event)?;
        publish_unconfirmed(&self.publishing, message).await
    }

    fn controls(&self) -> mpsc::Receiver<Control> {
        // Programs run on while the process drains, and can still be canceled.
        self.listen(self.names.control(), ExchangeKind::Fanout, CancellationToken::new())
    }

    fn live_runs(&self, prefetch: u16) -> mpsc::Receiver<Delivery<LiveRun>> {
        let decode = |delivery: &lapin::message::Delivery| message::decode(&delivery.data);
        self.subscription(self.names.live(), prefetch, Requeue::Counted, decode).start(self.consuming.clone())
    }

    async fn join_live(
        &self,
        run: &LiveRun,
        worker: &str,
    ) -> Result<LiveLink<LiveOutput, LiveInput>, BrokerError> {
        self.live().join(run, worker).await
    }

    fn connected(&self) -> bool {
        self.both_connected()
    }
}

fn transient_message<T: Serialize>(
    to: Destination,
    exchange: ShortString,
    key: ShortString,
    said: &T,
) -> Result<Outgoing, BrokerError> {
    let (properties, body) = (properties::transient(), message::encode(said)?);
    Ok(Outgoing { to, exchange, key, properties, body, mandatory: false })
}
