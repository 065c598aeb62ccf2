//! Brokers on a Gavel of the test's own, and what goes through them.

use std::time::Duration;

use gavel_broker::rabbit::{RabbitBroker, topology::Names};
use gavel_broker::{BrokerConfig, BrokerMetrics};
use gavel_broker::{Delivery, Dispatcher as _, Settlement, WorkSource as _};
use gavel_model::{JudgeResult, Lane, Submission, Verdict};
use gavel_platform::telemetry::Registry;
use gavel_testkit::Rabbit;
pub use gavel_testkit::{heartbeat, submission, within};
use lapin::Channel;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

pub struct Rig {
    pub url: Url,
    pub names: Names,
    pub metrics: BrokerMetrics,
    pub tasks: TaskTracker,
    pub shutdown: CancellationToken,
    /// How many messages a lane holds; 0: any number.
    pub max_length: u32,
    shutdown_later: CancellationToken,
    rabbit: Rabbit,
}

impl Rig {
    pub async fn new() -> Self {
        let rabbit = Rabbit::new().await;
        Self {
            url: rabbit.url.clone(),
            names: Names::new(&rabbit.prefix),
            metrics: BrokerMetrics::register(&Registry::default()).unwrap(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
            max_length: 0,
            shutdown_later: CancellationToken::new(),
            rabbit,
        }
    }

    /// A broker that is connected.
    pub async fn broker(&self) -> RabbitBroker {
        self.broker_at(&self.url).await
    }

    /// A broker that is connected through another address.
    pub async fn broker_at(&self, url: &Url) -> RabbitBroker {
        let broker = self.start(url);
        eventually("the broker connects", || broker.is_connected()).await;
        broker
    }

    pub fn start(&self, url: &Url) -> RabbitBroker {
        self.start_until(url, self.shutdown.clone())
    }

    /// A broker, connected, that `shutdown` does not end: as in another process.
    pub async fn another(&self) -> RabbitBroker {
        let broker = self.start_until(&self.url, self.shutdown_later.clone());
        eventually("the broker connects", || broker.is_connected()).await;
        broker
    }

    fn start_until(&self, url: &Url, shutdown: CancellationToken) -> RabbitBroker {
        let config = BrokerConfig {
            url: url.as_str().into(),
            prefix: self.rabbit.prefix.clone(),
            confirm_timeout: Duration::from_secs(5),
            max_length: self.max_length,
            ..BrokerConfig::default()
        };
        RabbitBroker::start(&config, self.metrics.clone(), self.tasks.clone(), shutdown).unwrap()
    }

    pub async fn channel(&self) -> Channel {
        self.rabbit.channel().await
    }

    /// How many messages wait in a queue, deliveries that are not settled left out.
    pub async fn waiting(&self, queue: &str) -> u32 {
        self.rabbit.waiting_at(queue.into()).await
    }

    pub async fn wait_for_waiting(&self, queue: &str, count: u32) {
        self.rabbit.wait_for_waiting(queue.into(), count).await;
    }

    /// Ends the brokers and takes away what they declared.
    pub async fn remove(self) {
        self.shutdown.cancel();
        self.shutdown_later.cancel();
        self.tasks.close();
        within("the broker's tasks end", self.tasks.wait()).await;
        self.rabbit.remove().await;
    }
}

/// Both traits have it; this says which.
pub trait Connected {
    fn is_connected(&self) -> bool;
}

impl Connected for RabbitBroker {
    fn is_connected(&self) -> bool {
        gavel_broker::Dispatcher::connected(self)
    }
}

pub async fn eventually(what: &str, condition: impl Fn() -> bool) {
    gavel_testkit::eventually(what, async || condition()).await;
}

pub async fn next<T>(receiver: &mut mpsc::Receiver<Delivery<T>>) -> Delivery<T> {
    within("a delivery", receiver.recv()).await.expect("the stream goes on")
}

/// Shows that nothing is left to come from a lane's queue: what is published now is the next that comes. It must be
/// able to come, so the receiver may not hold as many as it prefetches.
pub async fn nothing(broker: &RabbitBroker, lane: Lane, work: &mut mpsc::Receiver<Delivery<Submission>>) {
    let last = publish(broker, lane).await;
    let delivery = next(work).await;
    assert_eq!(delivery.body.id, last.id, "a delivery that should not be");
    assert!(delivery.settle(Settlement::Done).await);
}

pub async fn publish(broker: &RabbitBroker, lane: Lane) -> Submission {
    let submission = submission(lane);
    broker.publish(&submission).await.unwrap();
    submission
}

/// Publishes a result until it is confirmed: the connection may be new.
pub async fn publish_result(broker: &RabbitBroker, result: &JudgeResult) {
    within("a result is confirmed", async { while broker.publish_result(result).await.is_err() {} }).await;
}

pub fn result(submission: &Submission, attempt: u32) -> JudgeResult {
    JudgeResult { attempt, ..gavel_testkit::result(submission, Verdict::Ac) }
}
