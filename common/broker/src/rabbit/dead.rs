//! The queue of dead letters, looked at from its front.

use std::time::Duration;

use gavel_model::Lane;
use lapin::message::Delivery;
use lapin::options::{BasicGetOptions, BasicNackOptions};
use lapin::types::ShortString;
use lapin::{BasicProperties, Channel};

use super::properties;
use super::publish::{Outgoing, publish};
use super::reconnect::Reconnecting;
use super::session::Destination;
use super::settle::{Requeue, tell};
use super::topology::Names;
use crate::{BrokerError, Fate, KeptLetter, Origin, Settlement, Visit, Walk};

/// How long the broker may take to hand out one letter.
const GET_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the broker may take to say that the channel is closed.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The queue, through a channel of its own.
pub(super) struct DeadQueue<'a> {
    pub(super) channel: Channel,
    pub(super) names: &'a Names,
    /// Where letters are sent again.
    pub(super) publishing: &'a Reconnecting,
    pub(super) confirm_timeout: Duration,
}

impl DeadQueue<'_> {
    /// Looks at the oldest letters. Those that are kept are held meanwhile, and go back in their order in the end, or with
    /// the channel.
    pub(super) async fn walk(self, most: usize, visit: &mut Visit<'_>) -> Result<Walk, BrokerError> {
        let mut walk = Walk::default();
        let mut last = None;
        for _ in 0..most {
            let Some(delivery) = self.next().await? else { break };
            last = Some(delivery.delivery_tag);
            self.visit(delivery, visit, &mut walk).await;
        }
        if let Some(delivery) = self.next().await? {
            last = Some(delivery.delivery_tag);
            walk.more = true;
        }
        if let Some(last) = last {
            let all = BasicNackOptions { multiple: true, requeue: true };
            if let Err(error) = self.channel.basic_nack(last, all).await {
                tracing::debug!(%error, "dead letters go back with their channel");
            }
        }
        self.close().await;
        Ok(walk)
    }

    async fn visit(&self, delivery: Delivery, visit: &mut Visit<'_>, walk: &mut Walk) {
        let letter = letter(&delivery, self.names);
        match visit(&letter) {
            Fate::Keep => {}
            Fate::Purge => {
                if tell(&delivery.acker, Settlement::Done, Requeue::Uncounted).await {
                    walk.purged += 1;
                }
            }
            Fate::Replay => match self.send_again(&letter, delivery.properties, delivery.routing_key).await {
                Ok(()) => {
                    // Should the broker not hear it, the letter stays, and may be sent once more: the first result counts.
                    tell(&delivery.acker, Settlement::Done, Requeue::Uncounted).await;
                    walk.replayed.push(letter.id);
                }
                Err(error) => walk.failed.push((letter.id, error)),
            },
        }
    }

    /// Once the broker has answered, whoever looks next finds every letter that was kept.
    async fn close(&self) {
        let closed = tokio::time::timeout(CLOSE_TIMEOUT, self.channel.close(200, "looked at".into())).await;
        if !matches!(closed, Ok(Ok(()))) {
            tracing::debug!("the channel of the dead letters ends with its last handle");
        }
    }

    async fn next(&self) -> Result<Option<Delivery>, BrokerError> {
        let got = self.channel.basic_get(self.names.dead(), BasicGetOptions { no_ack: false });
        match tokio::time::timeout(GET_TIMEOUT, got).await {
            Ok(Ok(message)) => Ok(message.map(|message| message.delivery)),
            Ok(Err(_)) => Err(BrokerError::Unavailable),
            Err(_) => Err(BrokerError::Timeout(GET_TIMEOUT)),
        }
    }

    /// Publishes a letter as it was when it was new: without the headers of its death, so that its attempts are counted
    /// from 1.
    async fn send_again(
        &self,
        letter: &KeptLetter,
        properties: BasicProperties,
        key: ShortString,
    ) -> Result<(), BrokerError> {
        let (to, exchange) = match letter.origin {
            Some(Origin::Lane(lane)) => (Destination::Lane(lane), self.names.submissions()),
            Some(Origin::Results) => (Destination::Results, self.names.results()),
            None => return Err(BrokerError::Refused("it comes from no queue of this Gavel".to_owned())),
        };
        let headers = properties::headers(&properties);
        let properties = properties::persistent(properties::message_id(&properties).to_owned(), &headers);
        let message = Outgoing { to, exchange, key, properties, body: letter.body.clone(), mandatory: true };
        publish(self.publishing, message, self.confirm_timeout).await
    }
}

fn letter(delivery: &Delivery, names: &Names) -> KeptLetter {
    let told = properties::dead_letter(&delivery.properties, &delivery.data);
    KeptLetter {
        id: KeptLetter::id_of(properties::message_id(&delivery.properties), &delivery.data),
        submission: told.id,
        origin: origin(&delivery.properties, delivery.routing_key.as_str(), names),
        reason: told.reason,
        died_at: properties::died_at(&delivery.properties),
        body: delivery.data.clone(),
    }
}

/// Where it first died, if that is one of this Gavel's queues. A dead letter keeps the routing key it was published with.
fn origin(properties: &BasicProperties, key: &str, names: &Names) -> Option<Origin> {
    let queue = properties::died_in(properties)?;
    let lane = Lane::ALL.into_iter().find(|lane| names.lane(*lane).as_str() == queue);
    match lane {
        Some(lane) => (lane.as_str() == key).then_some(Origin::Lane(lane)),
        None => (queue == names.results().as_str()).then_some(Origin::Results),
    }
}
