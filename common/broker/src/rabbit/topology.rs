//! Exchanges and queues, declared on every connection (docs/MESSAGES.md lists them for people).

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Channel, ExchangeKind};

use crate::MAX_ATTEMPTS;
use gavel_model::Lane;

/// What every name begins with unless `broker.prefix` says otherwise.
pub const DEFAULT_PREFIX: &str = "gavel";

/// Argument `x-delivery-limit` of the lanes' queues: how often a message may come *back*. It is counted after the
/// fact, so one more than this is how often it is delivered: the third return dead-letters it.
pub const DELIVERY_LIMIT: i32 = MAX_ATTEMPTS as i32 - 1;

/// Argument `x-delivery-limit` of the queues that must keep what they hold: results and dead letters.
///
/// Without the argument `RabbitMQ` 4 drops a message after 20 returns; -1 switches that off on 4.x but is refused by
/// 3.13. A number that is never reached means the same on both.
pub const NO_DELIVERY_LIMIT: i32 = i32::MAX;

/// The names of one Gavel's exchanges and queues.
#[derive(Clone, Debug)]
pub struct Names {
    prefix: String,
    max_length: u32,
}

impl Names {
    /// Names that begin with `prefix`, a dot after it.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), max_length: 0 }
    }

    /// The same, with lanes whose queues hold so many messages at most; 0: as many as come.
    #[must_use]
    pub fn bounded(self, max_length: u32) -> Self {
        Self { max_length, ..self }
    }

    /// Direct exchange; the routing key is the lane.
    #[must_use]
    pub fn submissions(&self) -> ShortString {
        self.name("submissions")
    }

    /// Queue of one lane.
    #[must_use]
    pub fn lane(&self, lane: Lane) -> ShortString {
        self.name(&format!("submissions.{lane}"))
    }

    /// Topic exchange with the key `<lane>.<verdict>`, and the queue of the same name that takes all of it.
    #[must_use]
    pub fn results(&self) -> ShortString {
        self.name("results")
    }

    /// Fanout exchange of workers' heartbeats; who listens binds a queue of its own for as long as it does.
    #[must_use]
    pub fn workers(&self) -> ShortString {
        self.name("workers")
    }

    /// Fanout exchange of orders to every worker, each of which binds a queue of its own.
    #[must_use]
    pub fn control(&self) -> ShortString {
        self.name("control")
    }

    /// Topic exchange of what workers tell of submissions that they judge; the key is the submission's id.
    #[must_use]
    pub fn events(&self) -> ShortString {
        self.name("events")
    }

    /// Queue of live runs, each of which waits there for as long as its client does. Without an exchange of its own.
    #[must_use]
    pub fn live(&self) -> ShortString {
        self.name("live")
    }

    /// Fanout exchange of dead letters, and the queue of the same name that keeps them.
    #[must_use]
    pub fn dead(&self) -> ShortString {
        self.name("dead")
    }

    /// Queue of a second copy of each dead letter, which tells the API.
    #[must_use]
    pub fn dead_notify(&self) -> ShortString {
        self.name("dead.notify")
    }

    fn name(&self, rest: &str) -> ShortString {
        format!("{}.{rest}", self.prefix).into()
    }
}

/// Declares everything; what is there already, and the same, stays as it is.
pub(super) async fn declare(channel: &Channel, names: &Names) -> lapin::Result<()> {
    let exchanges = [
        (names.submissions(), ExchangeKind::Direct),
        (names.results(), ExchangeKind::Topic),
        (names.workers(), ExchangeKind::Fanout),
        (names.control(), ExchangeKind::Fanout),
        (names.events(), ExchangeKind::Topic),
        (names.dead(), ExchangeKind::Fanout),
    ];
    for (name, kind) in exchanges {
        declare_exchange(channel, name, kind).await?;
    }
    // The dead letters' queues first: from its first moment, nothing a lane gives up may be without a home.
    for queue in [names.dead(), names.dead_notify()] {
        declare_queue(channel, &queue, quorum(NO_DELIVERY_LIMIT)).await?;
        bind(channel, queue, names.dead(), "").await?;
    }
    for lane in Lane::ALL {
        let queue = names.lane(lane);
        declare_queue(channel, &queue, bounded(dead_lettering(quorum(DELIVERY_LIMIT), names), names)).await?;
        bind(channel, queue, names.submissions(), lane.as_str()).await?;
    }
    // Nothing of it is given up to the dead letters: who waited for a run is gone by then.
    declare_queue(channel, &names.live(), quorum(DELIVERY_LIMIT)).await?;
    let results = names.results();
    declare_queue(channel, &results, dead_lettering(quorum(NO_DELIVERY_LIMIT), names)).await?;
    bind(channel, results.clone(), results, "#").await
}

/// Declares one exchange alone.
pub(super) async fn declare_exchange(
    channel: &Channel,
    name: ShortString,
    kind: ExchangeKind,
) -> lapin::Result<()> {
    let options = ExchangeDeclareOptions { durable: true, ..Default::default() };
    channel.exchange_declare(name, kind, options, FieldTable::default()).await
}

async fn declare_queue(channel: &Channel, name: &ShortString, arguments: FieldTable) -> lapin::Result<()> {
    let options = QueueDeclareOptions { durable: true, ..Default::default() };
    channel.queue_declare(name.clone(), options, arguments).await.map(drop)
}

async fn bind(channel: &Channel, queue: ShortString, exchange: ShortString, key: &str) -> lapin::Result<()> {
    channel.queue_bind(queue, exchange, key.into(), QueueBindOptions::default(), FieldTable::default()).await
}

fn quorum(delivery_limit: i32) -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), text("quorum"));
    arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(delivery_limit));
    arguments
}

/// At least once: the queue keeps a message until the dead letters' queues have confirmed it. `RabbitMQ` asks for
/// `reject-publish` with that; without a maximal length it never rejects.
fn dead_lettering(mut arguments: FieldTable, names: &Names) -> FieldTable {
    arguments
        .insert("x-dead-letter-exchange".into(), AMQPValue::LongString(names.dead().as_str().into()))
        .insert("x-dead-letter-strategy".into(), text("at-least-once"))
        .insert("x-overflow".into(), text("reject-publish"));
    arguments
}

/// What comes beyond the maximal length is refused to its publisher.
fn bounded(mut arguments: FieldTable, names: &Names) -> FieldTable {
    if names.max_length > 0 {
        arguments.insert("x-max-length".into(), AMQPValue::LongLongInt(names.max_length.into()));
    }
    arguments
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
