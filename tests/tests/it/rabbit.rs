//! A Gavel of its own on the tests' RabbitMQ: its names begin with a prefix nobody else has.

use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use lapin::options::{
    BasicConsumeOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Connection, ConnectionProperties};
use serde_json::Value;

pub struct Rabbit {
    pub url: String,
    pub prefix: String,
    connection: Connection,
}

/// Everything that went through the results exchange.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<Vec<Value>>>);

impl Seen {
    pub fn all(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Rabbit {
    pub async fn new() -> Self {
        let url = server();
        let connection = Connection::connect(&url, ConnectionProperties::default())
            .await
            .unwrap_or_else(|error| panic!("GAVEL_TEST_AMQP names no RabbitMQ that answers: {error}"));
        Self { url, prefix: format!("test.{}", uuid::Uuid::new_v4().simple()), connection }
    }

    /// The settings by which a process joins this Gavel.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("broker.url", self.url.clone()), ("broker.prefix", self.prefix.clone())]
    }

    /// A second queue on the results exchange, which some process must have declared.
    pub async fn watch_results(&self) -> Seen {
        let channel = self.channel().await;
        let queue: ShortString = format!("{}.watch", self.prefix).into();
        let options = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
        channel.queue_declare(queue.clone(), options, FieldTable::default()).await.unwrap();
        let (exchange, all) = (self.name("results"), "#".into());
        channel
            .queue_bind(queue.clone(), exchange, all, QueueBindOptions::default(), FieldTable::default())
            .await
            .unwrap();
        let options = BasicConsumeOptions { no_ack: true, ..Default::default() };
        let mut messages =
            channel.basic_consume(queue, "watch".into(), options, FieldTable::default()).await.unwrap();
        let seen = Seen::default();
        let into = seen.clone();
        let task = async move {
            // Holds the channel: closing it would end the stream.
            let _channel = channel;
            while let Some(Ok(message)) = messages.next().await {
                into.0.lock().unwrap().push(serde_json::from_slice(&message.data).unwrap());
            }
        };
        #[expect(clippy::disallowed_methods, reason = "it ends with the test's runtime")]
        tokio::spawn(task);
        seen
    }

    /// How many messages wait in a queue (`submissions.practice`, `dead`).
    pub async fn waiting(&self, queue: &str) -> u32 {
        let options = QueueDeclareOptions { passive: true, ..Default::default() };
        let channel = self.channel().await;
        channel.queue_declare(self.name(queue), options, FieldTable::default()).await.unwrap().message_count()
    }

    /// Takes away what the processes declared.
    pub async fn remove(self) {
        let channel = self.channel().await;
        for queue in [
            "submissions.contest",
            "submissions.practice",
            "submissions.rejudge",
            "results",
            "dead",
            "dead.notify",
        ] {
            channel.queue_delete(self.name(queue), QueueDeleteOptions::default()).await.unwrap();
        }
        for exchange in ["submissions", "results", "workers", "dead"] {
            channel.exchange_delete(self.name(exchange), ExchangeDeleteOptions::default()).await.unwrap();
        }
    }

    async fn channel(&self) -> Channel {
        self.connection.create_channel().await.unwrap()
    }

    fn name(&self, rest: &str) -> ShortString {
        format!("{}.{rest}", self.prefix).into()
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
fn server() -> String {
    std::env::var("GAVEL_TEST_AMQP").unwrap_or_else(|_| {
        panic!(
            "these tests need a RabbitMQ: set GAVEL_TEST_AMQP=amqp://user:password@host:port/%2f, \
             or run deploy/test.sh, which starts one"
        )
    })
}
