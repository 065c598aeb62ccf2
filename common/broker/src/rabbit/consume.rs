//! Subscriptions that outlive their connections.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _};
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Consumer};
use tokio::sync::mpsc::{self, WeakSender};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use super::backoff::Backoff;
use super::properties;
use super::reconnect::Reconnecting;
use super::session::{OVER, Session};
use super::settle::{Flow, PendingAck, Requeue, Unsettled, tell};
use super::unbegun::Copies;
use crate::{Delivery, Settlement};
use gavel_wire::MessageError;

/// How long cancelling a consumer and giving back what it was sent may take.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

/// After what silence of the queue its consumer is cancelled though it could be sent more: what was settled last has
/// made room, and what fills it is on its way.
const SILENCE: Duration = Duration::from_millis(250);

/// One queue, read for one receiver.
pub(super) struct Subscription<T> {
    pub(super) queue: ShortString,
    /// How many deliveries may be unsettled.
    pub(super) prefetch: u16,
    pub(super) requeue: Requeue,
    /// How what was not begun comes back, where every return counts.
    pub(super) copies: Option<Copies>,
    pub(super) decode: fn(&lapin::message::Delivery) -> Result<T, MessageError>,
    /// Called for what comes a second or later time.
    pub(super) redelivered: Box<dyn Fn() + Send + Sync>,
    pub(super) tasks: TaskTracker,
    pub(super) shutdown: CancellationToken,
}

/// Why a consumer is no more.
enum End {
    /// Nobody listens, or the process ends.
    Wanted,
    /// The broker cancelled it, or an error did.
    Lost(String),
}

impl<T: Send + 'static> Subscription<T> {
    /// Reads until the receiver is dropped or the process ends.
    ///
    /// The receiver's buffer has room for one, so that what the consumer was sent and nobody has asked for stays
    /// here, where it can be given back, and dies with its connection.
    pub(super) fn start(self, connection: Reconnecting) -> mpsc::Receiver<Delivery<T>> {
        let (sender, receiver) = mpsc::channel(1);
        let shutdown = self.shutdown.clone();
        let listening = Arc::new(Mutex::new(Some(sender.downgrade())));
        let closed = {
            let listening = listening.clone();
            move || {
                let listening = listening.lock().unwrap_or_else(PoisonError::into_inner);
                listening.as_ref().and_then(WeakSender::upgrade).is_none_or(|sender| sender.is_closed())
            }
        };
        let flow = Flow {
            unwanted: Arc::new(move || shutdown.is_cancelled() || closed()),
            stopped: CancellationToken::new(),
        };
        let tasks = self.tasks.clone();
        tasks.spawn(async move {
            let _stopped = flow.stopped.clone().drop_guard();
            self.run(&connection, &sender, &flow).await;
            // What was sent when the receiver had just gone lies in the channel, and holds the channel by its flow:
            // without this it would be neither settled nor given back while the connection lasts.
            listening.lock().unwrap_or_else(PoisonError::into_inner).take();
        });
        receiver
    }

    async fn run(&self, connection: &Reconnecting, sender: &mpsc::Sender<Delivery<T>>, flow: &Flow) {
        let mut backoff = Backoff::new();
        while let Some(Some(session)) = self.unless_unwanted(sender, connection.session()).await {
            let begin = Instant::now();
            let error = match self.consume(&session, sender, flow).await {
                Ok(End::Wanted) => return,
                Ok(End::Lost(why)) => why,
                Err(error) => {
                    // Without its queue, say: a new connection declares it again.
                    session.fail(&error);
                    error.to_string()
                }
            };
            if session.alive() {
                warn!(queue = self.queue.as_str(), error, "subscribing again");
            }
            drop(session);
            let pause = backoff.after(begin.elapsed());
            if self.unless_unwanted(sender, tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    /// What the future says, or none when the receiver or the process has ended.
    async fn unless_unwanted<F: Future>(
        &self,
        sender: &mpsc::Sender<Delivery<T>>,
        future: F,
    ) -> Option<F::Output> {
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => None,
            () = sender.closed() => None,
            output = future => Some(output),
        }
    }

    async fn begin(&self, session: &Session) -> lapin::Result<(Channel, Consumer)> {
        let channel = session.channel().await?;
        channel.basic_qos(self.prefetch.max(1), BasicQosOptions::default()).await?;
        let options = BasicConsumeOptions::default();
        let consumer =
            channel.basic_consume(self.queue.clone(), "".into(), options, FieldTable::default()).await?;
        Ok((channel, consumer))
    }

    async fn consume(
        &self,
        session: &Session,
        sender: &mpsc::Sender<Delivery<T>>,
        flow: &Flow,
    ) -> lapin::Result<End> {
        let begun = self.unless_unwanted(sender, session.while_it_lasts(self.begin(session))).await;
        let (channel, mut consumer) = match begun {
            Some(Some(begun)) => begun?,
            Some(None) => return Ok(End::Lost(OVER.to_owned())),
            None => return Ok(End::Wanted),
        };
        let unsettled = Unsettled::default();
        loop {
            // Room first: what is in the consumer stays there until somebody can take it.
            let next =
                async { Some((sender.reserve().await.ok()?, session.while_it_lasts(consumer.next()).await)) };
            let Some(Some((room, delivery))) = self.unless_unwanted(sender, next).await else {
                self.cancel(&channel, consumer, flow, &unsettled).await;
                return Ok(End::Wanted);
            };
            match delivery {
                Some(Some(Ok(delivery))) => {
                    if let Some(delivery) = self.accept(&channel, delivery, flow, &unsettled).await {
                        room.send(delivery);
                    }
                }
                Some(Some(Err(error))) => return Ok(End::Lost(error.to_string())),
                // lapin ends the stream without an error when the broker cancels, as when a queue is deleted.
                Some(None) => return Ok(End::Lost("the broker cancelled the consumer".to_owned())),
                None => return Ok(End::Lost(OVER.to_owned())),
            }
        }
    }

    /// Reads a delivery; one that cannot be read is set aside, alone and at once, and one whose attempts are spent goes back.
    async fn accept(
        &self,
        channel: &Channel,
        delivery: lapin::message::Delivery,
        flow: &Flow,
        unsettled: &Unsettled,
    ) -> Option<Delivery<T>> {
        let attempt = properties::attempt(&delivery.properties);
        let body = match (self.decode)(&delivery) {
            Ok(_) if self.copies.is_some() && properties::is_spent(&delivery.properties) => {
                // As often as the broker lets it, and then for it to say that this was once too often.
                tell(&delivery.acker, Settlement::Again, self.requeue).await;
                return None;
            }
            Ok(body) => body,
            Err(error) => {
                warn!(
                    queue = self.queue.as_str(),
                    delivery_tag = delivery.delivery_tag,
                    size_bytes = delivery.data.len(),
                    reason = reason(&error),
                    "set aside a message that cannot be read"
                );
                tell(&delivery.acker, Settlement::Dead, self.requeue).await;
                return None;
            }
        };
        if attempt > 1 {
            (self.redelivered)();
        }
        let lapin::message::Delivery { properties, data, acker, .. } = delivery;
        let headers = properties::headers(&properties);
        let copy = self.copies.as_ref().map(|copies| copies.of(&properties, data, attempt));
        let (flow, unsettled, tasks) = (flow.clone(), unsettled.clone(), self.tasks.clone());
        let pending = PendingAck::new(acker, channel.clone(), copy, self.requeue, flow, unsettled, tasks);
        Some(Delivery::new(body, attempt, Box::new(pending)).with_headers(headers))
    }

    /// Stops the flow. What was sent and not handed over goes back when it is dropped; what was handed over can still be
    /// settled, since each delivery holds the channel.
    async fn cancel(&self, channel: &Channel, mut consumer: Consumer, flow: &Flow, unsettled: &Unsettled) {
        let mut held = Vec::new();
        let cancelled = async {
            let frozen = unsettled.freeze().await;
            if self.copies.is_some() {
                held = self.fill(channel, &mut consumer, flow, unsettled).await?;
            }
            channel.basic_cancel(consumer.tag(), BasicCancelOptions::default()).await?;
            drop(frozen);
            while let Some(next) = consumer.try_next().await? {
                held.extend(self.accept(channel, next, flow, unsettled).await);
            }
            Ok::<_, lapin::Error>(())
        };
        if !matches!(tokio::time::timeout(CANCEL_TIMEOUT, cancelled).await, Ok(Ok(()))) {
            debug!(
                queue = self.queue.as_str(),
                "a consumer could not be cancelled; its channel takes it along"
            );
        }
    }

    /// Takes what the consumer is sent, until it has all that it may have or the queue has nothing to send.
    ///
    /// What a quorum queue sends to a consumer that is cancelled just then, `RabbitMQ` takes back itself, and counts that
    /// as a delivery (rabbitmq-server#3729). Nothing is settled meanwhile, so that nothing is sent to a full consumer.
    async fn fill(
        &self,
        channel: &Channel,
        consumer: &mut Consumer,
        flow: &Flow,
        unsettled: &Unsettled,
    ) -> lapin::Result<Vec<Delivery<T>>> {
        let mut held = Vec::new();
        // What goes back at once makes room again, so there is a bound for that.
        for _ in 0..2 * usize::from(self.prefetch) {
            if unsettled.count() >= usize::from(self.prefetch) {
                break;
            }
            let Ok(Some(next)) = tokio::time::timeout(SILENCE, consumer.next()).await else { break };
            held.extend(self.accept(channel, next?, flow, unsettled).await);
        }
        Ok(held)
    }
}

/// Why a message cannot be read, without a word of what it says: it may be somebody's program.
fn reason(error: &MessageError) -> String {
    match error {
        MessageError::Json(error) => {
            format!("{:?} error in line {}, column {}", error.classify(), error.line(), error.column())
        }
        MessageError::Version(version) => format!("version {version}"),
    }
}
