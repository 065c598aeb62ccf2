//! A Gavel of its own for each test: its names begin with a prefix nobody else has.

use std::time::Duration;

use gavel_broker::rabbit::{RabbitBroker, topology::Names};
use gavel_broker::{BrokerConfig, BrokerMetrics};
use gavel_broker::{Delivery, Dispatcher as _};
use gavel_model::{
    Checker, Heartbeat, JudgeResult, Lane, Limits, Payload, Submission, SubmissionId, Timings, Verdict, Work,
};
use gavel_platform::telemetry::Registry;
use lapin::options::{ExchangeDeleteOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long is waited for what must not come.
pub const QUIET: Duration = Duration::from_millis(300);

pub struct Rig {
    pub url: Url,
    pub prefix: String,
    pub names: Names,
    pub metrics: BrokerMetrics,
    pub tasks: TaskTracker,
    pub shutdown: CancellationToken,
    shutdown_later: CancellationToken,
    /// Past the broker under test, to look and to meddle.
    pub aside: Connection,
}

impl Rig {
    pub async fn new() -> Self {
        let url = server();
        let prefix = format!("test.{}", uuid::Uuid::new_v4().simple());
        let aside = Connection::connect(url.as_str(), ConnectionProperties::default())
            .await
            .unwrap_or_else(|error| panic!("GAVEL_TEST_AMQP names no RabbitMQ that answers: {error}"));
        Self {
            names: Names::new(&prefix),
            url,
            prefix,
            metrics: BrokerMetrics::register(&Registry::default()).unwrap(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
            shutdown_later: CancellationToken::new(),
            aside,
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
            prefix: self.prefix.clone(),
            confirm_timeout: Duration::from_secs(5),
        };
        RabbitBroker::start(&config, self.metrics.clone(), self.tasks.clone(), shutdown).unwrap()
    }

    pub async fn channel(&self) -> Channel {
        self.aside.create_channel().await.unwrap()
    }

    /// How many messages wait in a queue, deliveries that are not settled left out.
    pub async fn waiting(&self, queue: &str) -> u32 {
        let options = QueueDeclareOptions { passive: true, ..Default::default() };
        let channel = self.channel().await;
        channel.queue_declare(queue.into(), options, FieldTable::default()).await.unwrap().message_count()
    }

    pub async fn wait_for_waiting(&self, queue: &str, count: u32) {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if self.waiting(queue).await == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{queue} holds {} messages, not {count}", self.waiting(queue).await);
    }

    /// Ends the brokers and takes away what they declared.
    pub async fn remove(self) {
        self.shutdown.cancel();
        self.shutdown_later.cancel();
        self.tasks.close();
        within("the broker's tasks end", self.tasks.wait()).await;
        let channel = self.channel().await;
        let names = &self.names;
        let lanes = Lane::ALL.map(|lane| names.lane(lane));
        for queue in lanes.into_iter().chain([names.results(), names.dead(), names.dead_notify()]) {
            channel.queue_delete(queue, QueueDeleteOptions::default()).await.unwrap();
        }
        for exchange in [names.submissions(), names.results(), names.workers(), names.dead()] {
            channel.exchange_delete(exchange, ExchangeDeleteOptions::default()).await.unwrap();
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
    url.parse().expect("GAVEL_TEST_AMQP is a URL")
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

pub async fn within<F: Future>(what: &str, future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}"))
}

pub async fn eventually(what: &str, condition: impl Fn() -> bool) {
    within(what, async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

pub async fn next<T>(receiver: &mut mpsc::Receiver<Delivery<T>>) -> Delivery<T> {
    within("a delivery", receiver.recv()).await.expect("the stream goes on")
}

pub async fn nothing<T>(receiver: &mut mpsc::Receiver<Delivery<T>>) {
    let delivery = tokio::time::timeout(QUIET, receiver.recv()).await;
    assert!(delivery.is_err(), "a delivery that should not be");
}

pub async fn publish(broker: &RabbitBroker, lane: Lane) -> Submission {
    let submission = submission(lane);
    broker.publish(&submission).await.unwrap();
    submission
}

pub fn submission(lane: Lane) -> Submission {
    Submission {
        id: SubmissionId::new(),
        lane,
        language: "c".to_owned(),
        files: Vec::new(),
        args: Vec::new(),
        compiler_options: Vec::new(),
        limits: Limits::DEFAULT,
        work: Work::Run { stdin: Payload::default(), expected_output: None, checker: Checker::default() },
        stdout: false,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

pub fn heartbeat(id: &str, busy: u32) -> Heartbeat {
    Heartbeat {
        id: id.to_owned(),
        version: "1.2.3".to_owned(),
        languages: vec!["c".to_owned()],
        slots: 4,
        busy,
        draining: false,
        started_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

pub fn result(submission: &Submission, attempt: u32) -> JudgeResult {
    JudgeResult {
        id: submission.id,
        lane: submission.lane,
        language: submission.language.clone(),
        verdict: Verdict::Ac,
        score: None,
        max_score: None,
        groups: Vec::new(),
        limits: None,
        compile: None,
        tests: Vec::new(),
        cpu_ms: 1.5,
        memory_bytes: None,
        attempt,
        worker: "w1".to_owned(),
        image: None,
        compiler: None,
        created_at: submission.created_at,
        started_at: submission.created_at,
        finished_at: submission.created_at,
        timings: Timings::default(),
        error: None,
    }
}
