//! Listening to what may be lost: a queue of our own, which goes with its connection.

use std::time::Instant;

use futures_util::StreamExt as _;
use gavel_wire::MessageError;
use lapin::ExchangeKind;
use lapin::options::{BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use super::backoff::Backoff;
use super::reconnect::Reconnecting;
use super::session::{OVER, Session};
use super::topology;
use crate::TRANSIENT_CAPACITY;

/// Binds a queue to all that goes through a topic exchange; a fanout exchange looks at no key.
const EVERYTHING: &str = "#";

/// One exchange, all of it listened to for one receiver.
pub(super) struct Subscription<T> {
    pub(super) exchange: ShortString,
    pub(super) kind: ExchangeKind,
    pub(super) decode: fn(&[u8]) -> Result<T, MessageError>,
    pub(super) tasks: TaskTracker,
    /// Ends it though the receiver is still there.
    pub(super) until: CancellationToken,
}

impl<T: Send + 'static> Subscription<T> {
    /// Listens until the receiver is dropped, or `until`.
    pub(super) fn start(self, connection: Reconnecting) -> mpsc::Receiver<T> {
        let (sender, receiver) = mpsc::channel(TRANSIENT_CAPACITY);
        let tasks = self.tasks.clone();
        tasks.spawn(async move {
            let (until, closed) = (self.until.clone(), sender.clone());
            tokio::select! {
                () = self.run(&connection, &sender) => {}
                () = until.cancelled() => {}
                () = closed.closed() => {}
            }
        });
        receiver
    }

    /// Ends with the last connection.
    async fn run(&self, connection: &Reconnecting, sender: &mpsc::Sender<T>) {
        let mut backoff = Backoff::new();
        while let Some(session) = connection.session().await {
            let begin = Instant::now();
            let error = match session.while_it_lasts(self.listen(&session, sender)).await {
                Some(Ok(())) => "the broker cancelled the consumer".to_owned(),
                Some(Err(error)) => error.to_string(),
                None => OVER.to_owned(),
            };
            if session.alive() {
                warn!(exchange = self.exchange.as_str(), error, "listening again");
            }
            drop(session);
            tokio::time::sleep(backoff.after(begin.elapsed())).await;
        }
    }

    async fn listen(&self, session: &Session, sender: &mpsc::Sender<T>) -> lapin::Result<()> {
        let channel = session.channel().await?;
        // Once more, should somebody have taken it away: that is no reason to give up a connection that others use.
        topology::declare_exchange(&channel, self.exchange.clone(), self.kind.clone()).await?;
        let options = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
        let mut arguments = FieldTable::default();
        // Where this process does not keep up, the oldest messages go.
        arguments.insert("x-max-length".into(), AMQPValue::LongInt(TRANSIENT_CAPACITY as i32));
        let queue = channel.queue_declare("".into(), options, arguments).await?.name().clone();
        let (bind, none) = (QueueBindOptions::default(), FieldTable::default());
        channel.queue_bind(queue.clone(), self.exchange.clone(), EVERYTHING.into(), bind, none).await?;
        let options = BasicConsumeOptions { no_ack: true, exclusive: true, ..Default::default() };
        let mut consumer = channel.basic_consume(queue, "".into(), options, FieldTable::default()).await?;
        while let Some(delivery) = consumer.next().await {
            match (self.decode)(&delivery?.data) {
                // A receiver without room loses it; one that is gone ends all of this.
                Ok(message) => drop(sender.try_send(message)),
                Err(error) => {
                    debug!(exchange = self.exchange.as_str(), %error, "passed over a message that cannot be read");
                }
            }
        }
        Ok(())
    }
}
