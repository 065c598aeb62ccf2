//! What goes through the tests' RabbitMQ.

use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use gavel_testkit::Rabbit;
use lapin::options::{BasicConsumeOptions, BasicGetOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use serde_json::Value;

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

/// The settings by which a process joins a Gavel.
pub fn settings(rabbit: &Rabbit) -> Vec<(&'static str, String)> {
    vec![("broker.url", rabbit.url.to_string()), ("broker.prefix", rabbit.prefix.clone())]
}

/// A second queue on the results exchange, which some process must have declared.
pub async fn watch_results(rabbit: &Rabbit) -> Seen {
    let channel = rabbit.channel().await;
    let queue = rabbit.name("watch");
    let options = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
    channel.queue_declare(queue.clone(), options, FieldTable::default()).await.unwrap();
    let (exchange, all) = (rabbit.name("results"), "#".into());
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

/// A durable queue that keeps every result from now on, also while the broker is killed.
pub async fn keep_results(rabbit: &Rabbit) {
    let channel = rabbit.channel().await;
    let queue = rabbit.name("kept");
    let options = QueueDeclareOptions { durable: true, ..Default::default() };
    channel.queue_declare(queue.clone(), options, FieldTable::default()).await.unwrap();
    let (exchange, all) = (rabbit.name("results"), "#".into());
    channel
        .queue_bind(queue, exchange, all, QueueBindOptions::default(), FieldTable::default())
        .await
        .unwrap();
}

/// What [`keep_results`] has kept.
pub async fn kept_results(rabbit: &Rabbit) -> Vec<Value> {
    let channel = rabbit.channel().await;
    let mut results = Vec::new();
    let options = BasicGetOptions { no_ack: true };
    while let Some(message) = channel.basic_get(rabbit.name("kept"), options).await.unwrap() {
        results.push(serde_json::from_slice(&message.data).unwrap());
    }
    results
}
