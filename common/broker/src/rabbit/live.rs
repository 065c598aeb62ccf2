//! Live runs over `RabbitMQ`: each end has a queue of its own, which goes with its connection.
//!
//! Every frame is published with confirm and mandatory, one at a time, on a channel of the run's own: so they stay in
//! order, and an end learns from what is returned that the other one is gone.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use gavel_model::{LiveInput, LiveOutput, LiveRun};
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::{FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation, Consumer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, mpsc};
use tokio_util::task::TaskTracker;

use super::properties;
use super::publish::MAX_MESSAGE;
use super::reconnect::Reconnecting;
use crate::BrokerError;
use crate::live::{LIVE_CAPACITY, LiveLink, LiveSend};

/// How long a connection that is being made again is waited for.
const CONNECTION_WAIT: Duration = Duration::from_secs(1);
/// How long the queue's end may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// What the ends of live runs are made of.
pub(super) struct LiveParts<'a> {
    pub(super) publishing: &'a Reconnecting,
    pub(super) consuming: &'a Reconnecting,
    pub(super) confirm_timeout: Duration,
    pub(super) tasks: &'a TaskTracker,
}

/// Sends to one queue.
struct Outbox {
    channel: Channel,
    /// The other end's queue, once it is known.
    to: Arc<OnceLock<ShortString>>,
    timeout: Duration,
    turn: Mutex<()>,
}

impl Outbox {
    async fn publish(
        &self,
        to: ShortString,
        properties: BasicProperties,
        body: &[u8],
    ) -> Result<(), BrokerError> {
        if body.len() > MAX_MESSAGE {
            return Err(BrokerError::Refused(format!("it has {} bytes", body.len())));
        }
        let _turn = self.turn.lock().await;
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        let confirmed =
            async { self.channel.basic_publish("".into(), to, options, body, properties).await?.await };
        match tokio::time::timeout(self.timeout, confirmed).await {
            Err(_) => Err(BrokerError::Timeout(self.timeout)),
            Ok(Err(_)) => Err(BrokerError::Unavailable),
            Ok(Ok(Confirmation::Ack(None))) => Ok(()),
            Ok(Ok(_)) => Err(BrokerError::Refused("nobody is there for it".to_owned())),
        }
    }
}

#[async_trait]
impl<T: Serialize + Sync> LiveSend<T> for Outbox {
    async fn send(&self, frame: &T) -> Result<(), BrokerError> {
        let to = self.to.get().cloned().ok_or(BrokerError::Unavailable)?;
        self.publish(to, properties::transient(), &gavel_wire::encode(frame)?).await
    }
}

/// An end's own queue.
struct Inbox {
    channel: Channel,
    queue: ShortString,
    consumer: Consumer,
}

impl LiveParts<'_> {
    async fn outbox(&self, to: Arc<OnceLock<ShortString>>) -> Result<Outbox, BrokerError> {
        let session =
            self.publishing.session_within(CONNECTION_WAIT).await.ok_or(BrokerError::Unavailable)?;
        if session.blocked() {
            return Err(BrokerError::Unavailable);
        }
        let channel = session.channel().await.map_err(|_| BrokerError::Unavailable)?;
        let confirms = channel.confirm_select(ConfirmSelectOptions::default()).await;
        confirms.map_err(|_| BrokerError::Unavailable)?;
        Ok(Outbox { channel, to, timeout: self.confirm_timeout, turn: Mutex::default() })
    }

    async fn inbox(&self) -> Result<Inbox, BrokerError> {
        let session = self.consuming.session_within(CONNECTION_WAIT).await.ok_or(BrokerError::Unavailable)?;
        let open = async {
            let channel = session.channel().await?;
            let options = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
            let queue =
                channel.queue_declare("".into(), options, FieldTable::default()).await?.name().clone();
            let options = BasicConsumeOptions { no_ack: true, exclusive: true, ..Default::default() };
            let consumer =
                channel.basic_consume(queue.clone(), "".into(), options, FieldTable::default()).await?;
            Ok::<_, lapin::Error>(Inbox { channel, queue, consumer })
        };
        open.await.map_err(|_| BrokerError::Unavailable)
    }

    /// Both ends of one side. A server that has no memory left may answer nothing at all.
    async fn ends(&self, to: Arc<OnceLock<ShortString>>) -> Result<(Inbox, Outbox), BrokerError> {
        let ends = async { Ok((self.inbox().await?, self.outbox(to).await?)) };
        let within = self.confirm_timeout;
        tokio::time::timeout(within, ends).await.unwrap_or(Err(BrokerError::Timeout(within)))
    }

    /// The API's end of a run, which waits in `queue` for a worker, for so long.
    pub(super) async fn open(
        &self,
        queue: ShortString,
        mut run: LiveRun,
        within: Duration,
    ) -> Result<LiveLink<LiveInput, LiveOutput>, BrokerError> {
        let to = Arc::new(OnceLock::new());
        let (inbox, outbox) = self.ends(Arc::clone(&to)).await?;
        run.reply_to = inbox.queue.to_string();
        let expires = within.as_millis().to_string();
        let properties = properties::transient().with_expiration(expires.into());
        outbox.publish(queue, properties, &gavel_wire::encode(&run)?).await?;
        let learn = move |frame: &LiveOutput| {
            if let LiveOutput::Begun { reply_to, .. } = frame {
                // A second worker's is none to talk to: what it says of itself is told, and that ends the run.
                to.set(reply_to.as_str().into()).ok();
            }
        };
        Ok(LiveLink::new(Arc::new(outbox), self.deliver(inbox, learn)))
    }

    /// The worker's end of a run, whose other end is told so.
    pub(super) async fn join(
        &self,
        run: &LiveRun,
        worker: &str,
    ) -> Result<LiveLink<LiveOutput, LiveInput>, BrokerError> {
        let to = Arc::new(OnceLock::from(ShortString::from(run.reply_to.as_str())));
        let (inbox, outbox) = self.ends(to).await?;
        let begun = LiveOutput::Begun { worker: worker.to_owned(), reply_to: inbox.queue.to_string() };
        outbox.send(&begun).await?;
        Ok(LiveLink::new(Arc::new(outbox), self.deliver(inbox, |_: &LiveInput| ())))
    }

    /// Hands on what comes, until the receiver is dropped, the queue is gone, or nobody keeps to the windows.
    fn deliver<T: DeserializeOwned + Send + 'static>(
        &self,
        inbox: Inbox,
        learn: impl Fn(&T) + Send + Sync + 'static,
    ) -> mpsc::Receiver<T> {
        let (sender, receiver) = mpsc::channel(LIVE_CAPACITY);
        self.tasks.spawn(async move {
            let Inbox { channel, mut consumer, .. } = inbox;
            let closed = sender.clone();
            let frames = async {
                while let Some(Ok(delivery)) = consumer.next().await {
                    let Ok(frame) = gavel_wire::decode::<T>(&delivery.data) else { break };
                    learn(&frame);
                    if sender.try_send(frame).is_err() {
                        break;
                    }
                }
            };
            tokio::select! {
                () = frames => {}
                () = closed.closed() => {}
            }
            // The receiver ends first: whoever waits for it learns at once.
            drop((sender, closed));
            let goodbye = channel.close(200, "the run is over".into());
            if !matches!(tokio::time::timeout(CLOSE_WITHIN, goodbye).await, Ok(Ok(()))) {
                tracing::debug!("a live run's queue goes with its connection");
            }
        });
        receiver
    }
}
