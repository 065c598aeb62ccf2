//! Handing a message over, and being sure of it.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::PoisonError;
use std::time::Duration;

use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use lapin::{BasicProperties, Confirmation};

use super::reconnect::Reconnecting;
use super::session::{Destination, PublishChannel};
use crate::BrokerError;

/// The largest message, in bytes; larger contents travel by hash.
pub const MAX_MESSAGE: usize = 1024 * 1024;

/// How long a message waits for a connection that is being made again.
const CONNECTION_WAIT: Duration = Duration::from_secs(1);

/// A message on its way out.
pub(super) struct Outgoing {
    pub(super) to: Destination,
    pub(super) exchange: ShortString,
    pub(super) key: ShortString,
    pub(super) properties: BasicProperties,
    pub(super) body: Vec<u8>,
    /// Whether a message that no queue takes is an error.
    pub(super) mandatory: bool,
}

/// Publishes with confirm: `Ok` means that a majority of the queue's replicas has it, if it is mandatory, or else that
/// whoever listens gets it.
pub(super) async fn publish(
    connection: &Reconnecting,
    message: Outgoing,
    timeout: Duration,
) -> Result<(), BrokerError> {
    if message.body.len() > MAX_MESSAGE {
        let size = message.body.len();
        return Err(BrokerError::Refused(format!("it has {size} bytes, at most {MAX_MESSAGE} are allowed")));
    }
    let session = connection.session_within(CONNECTION_WAIT).await.ok_or(BrokerError::Unavailable)?;
    if session.blocked() {
        return Err(BrokerError::Unavailable);
    }
    let publish_channel = session.publish_channel(message.to).ok_or(BrokerError::Unavailable)?;
    match tokio::time::timeout(timeout, confirmed(publish_channel, message)).await {
        Err(_) => Err(BrokerError::Timeout(timeout)),
        Ok(Err(error)) => {
            session.fail(error);
            Err(BrokerError::Unavailable)
        }
        Ok(Ok(Confirmation::Ack(None))) => Ok(()),
        Ok(Ok(Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned)))) => {
            // Somebody took the queue or its binding away: a new connection declares them again.
            session.fail("a message was returned, no queue takes it");
            Err(BrokerError::Refused(format!("no queue takes it ({})", returned.reply_text.as_str())))
        }
        Ok(Ok(Confirmation::Nack(None))) => Err(BrokerError::Refused("not stored".to_owned())),
        Ok(Ok(Confirmation::NotRequested)) => Err(BrokerError::Refused("confirms are off".to_owned())),
    }
}

/// How long a message that may be lost may take to be written.
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// Hands a message over and asks for no confirm: `Ok` means that it is on its way. One at a time, so that they arrive in
/// their order.
pub(super) async fn publish_unconfirmed(
    connection: &Reconnecting,
    message: Outgoing,
) -> Result<(), BrokerError> {
    let session = connection.session_now().ok_or(BrokerError::Unavailable)?;
    let channel = session.publish_channel(message.to).ok_or(BrokerError::Unavailable)?;
    let Outgoing { exchange, key, properties, body, .. } = message;
    let options = BasicPublishOptions::default();
    let written = channel.channel.basic_publish(exchange, key, options, &body, properties);
    match tokio::time::timeout(WRITE_TIMEOUT, written).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => {
            session.fail(error);
            Err(BrokerError::Unavailable)
        }
        Err(_) => Err(BrokerError::Timeout(WRITE_TIMEOUT)),
    }
}

/// Many of these run at a time on one channel.
///
/// lapin (4.12) numbers a message and queues its frames in the first poll, as two steps: two threads at once could
/// number in one order and send in the other, and then read each other's confirms. So polls take turns.
///
/// It also pairs a returned message with whichever message is confirmed next on the channel. That is why every
/// [`Destination`] has a channel of its own: what is returned there is returned for all.
async fn confirmed(publish_channel: &PublishChannel, message: Outgoing) -> lapin::Result<Confirmation> {
    let Outgoing { exchange, key, properties, body, mandatory, .. } = message;
    let options = BasicPublishOptions { mandatory, ..Default::default() };
    let mut publish = pin!(publish_channel.channel.basic_publish(exchange, key, options, &body, properties));
    let confirm = poll_fn(|context| {
        let _turn = publish_channel.turn.lock().unwrap_or_else(PoisonError::into_inner);
        publish.as_mut().poll(context)
    });
    confirm.await?.await
}
