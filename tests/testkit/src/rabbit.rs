//! A Gavel of its own for each test on one RabbitMQ: its names begin with a prefix nobody else has.

use lapin::options::{ExchangeDeleteOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Connection, ConnectionProperties};
use url::Url;

use crate::wait::{PATIENCE, until};

/// What a Gavel declares, as docs/MESSAGES.md names it behind the prefix.
const QUEUES: [&str; 7] = [
    "submissions.contest",
    "submissions.practice",
    "submissions.rejudge",
    "results",
    "dead",
    "dead.notify",
    "live",
];
const EXCHANGES: [&str; 6] = ["submissions", "results", "workers", "control", "events", "dead"];

/// A prefix on a RabbitMQ, and a connection past the Gavel under test, to look and to meddle.
pub struct Rabbit {
    /// The server.
    pub url: Url,
    /// What every name of this Gavel begins with.
    pub prefix: String,
    aside: Connection,
}

impl Rabbit {
    /// On the tests' own RabbitMQ, which `GAVEL_TEST_AMQP` names.
    pub async fn new() -> Self {
        Self::at(server()).await
    }

    /// On another one.
    pub async fn at(url: Url) -> Self {
        Self::of(url, format!("test.{}", uuid::Uuid::new_v4().simple())).await
    }

    /// Of a Gavel whose prefix is known: after its server was killed, for instance.
    ///
    /// # Panics
    /// When nobody answers.
    pub async fn of(url: Url, prefix: String) -> Self {
        let aside = Connection::connect(url.as_str(), ConnectionProperties::default())
            .await
            .unwrap_or_else(|error| panic!("no RabbitMQ answers at the tests' address: {error}"));
        Self { url, prefix, aside }
    }

    /// A name of this Gavel's.
    #[must_use]
    pub fn name(&self, rest: &str) -> ShortString {
        format!("{}.{rest}", self.prefix).into()
    }

    /// A channel past the Gavel under test.
    pub async fn channel(&self) -> Channel {
        self.aside.create_channel().await.unwrap()
    }

    /// How many messages wait in a queue (`submissions.practice`, `dead`), deliveries that are not settled left out.
    pub async fn waiting(&self, queue: &str) -> u32 {
        self.waiting_at(self.name(queue)).await
    }

    /// The same by the queue's whole name.
    pub async fn waiting_at(&self, queue: ShortString) -> u32 {
        let options = QueueDeclareOptions { passive: true, ..Default::default() };
        let channel = self.channel().await;
        channel.queue_declare(queue, options, FieldTable::default()).await.unwrap().message_count()
    }

    /// Waits until that many messages wait in a queue, by its whole name.
    pub async fn wait_for_waiting(&self, queue: ShortString, count: u32) {
        until(&format!("{queue} holds {count} messages"), PATIENCE, async || {
            (self.waiting_at(queue.clone()).await == count).then_some(())
        })
        .await;
    }

    /// Takes away what the processes declared.
    pub async fn remove(self) {
        let channel = self.channel().await;
        for queue in QUEUES {
            channel.queue_delete(self.name(queue), QueueDeleteOptions::default()).await.unwrap();
        }
        for exchange in EXCHANGES {
            channel.exchange_delete(self.name(exchange), ExchangeDeleteOptions::default()).await.unwrap();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
fn server() -> Url {
    let url = std::env::var("GAVEL_TEST_AMQP").unwrap_or_else(|_| {
        panic!(
            "these tests need a RabbitMQ: set GAVEL_TEST_AMQP=amqp://user:password@host:port/%2f, \
             or run deploy/test.sh, which starts one"
        )
    });
    url.parse().unwrap_or_else(|error| panic!("GAVEL_TEST_AMQP is no URL: {error}"))
}
