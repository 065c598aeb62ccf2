//! Submissions that come back as if nobody had had them.
//!
//! Up to `RabbitMQ` 4.2 every return counts towards a queue's delivery limit, so that three workers which leave could make a
//! dead letter of what none of them had begun. So it is published anew, with what was counted so far, and acknowledged.

use std::time::Duration;

use gavel_model::Lane;
use lapin::BasicProperties;
use lapin::types::ShortString;

use super::properties;
use super::publish::{Outgoing, publish};
use super::reconnect::Reconnecting;
use super::session::Destination;

/// Where the copies of a lane's submissions go.
pub(super) struct Copies {
    pub(super) publishing: Reconnecting,
    pub(super) exchange: ShortString,
    pub(super) lane: Lane,
    pub(super) confirm_timeout: Duration,
}

/// What is published should its delivery not be begun.
pub(super) struct Copy {
    publishing: Reconnecting,
    message: Outgoing,
    confirm_timeout: Duration,
}

impl Copies {
    /// The copy of a delivery that would be the `attempt`-th.
    pub(super) fn of(&self, properties: &BasicProperties, body: Vec<u8>, attempt: u32) -> Copy {
        let message = Outgoing {
            to: Destination::Lane(self.lane),
            exchange: self.exchange.clone(),
            key: self.lane.as_str().into(),
            properties: properties::unbegun(properties, attempt - 1),
            body,
            mandatory: true,
        };
        Copy { publishing: self.publishing.clone(), message, confirm_timeout: self.confirm_timeout }
    }
}

impl Copy {
    /// Whether the broker has it.
    pub(super) async fn publish(self) -> bool {
        let published = publish(&self.publishing, self.message, self.confirm_timeout).await;
        published
            .inspect_err(|error| tracing::debug!(%error, "what was not begun goes back as it is"))
            .is_ok()
    }
}
