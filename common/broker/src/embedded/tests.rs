//! The broker of one process.

use super::*;
use crate::TRANSIENT_CAPACITY;
use gavel_model::{JudgingStep, SubmissionId};
use gavel_testkit::{heartbeat, submission};

fn judge_error(id: SubmissionId) -> JudgeResult {
    let created_at = jiff::Timestamp::UNIX_EPOCH;
    let of = gavel_model::SubmissionRef { id, lane: Lane::Practice, language: "c", created_at };
    JudgeResult::judge_error(of, "w", 1, "for a test".to_owned())
}

fn broker() -> EmbeddedBroker {
    let metrics = BrokerMetrics::register(&gavel_platform::telemetry::Registry::default()).unwrap();
    EmbeddedBroker::new(metrics, TaskTracker::new(), CancellationToken::new())
}

#[tokio::test]
async fn at_most_prefetch_are_unsettled() {
    let broker = broker();
    for _ in 0..3 {
        broker.publish(&submission(Lane::Practice)).await.unwrap();
    }
    let mut work = broker.submissions(Lane::Practice, 2);
    let first = work.recv().await.unwrap();
    let _second = work.recv().await.unwrap();
    tokio::task::yield_now().await;
    assert!(work.try_recv().is_err(), "a third delivery while two are unsettled");
    assert!(first.settle(Settlement::Done).await);
    assert!(work.recv().await.is_some());
}

#[tokio::test]
async fn what_is_dropped_comes_again_and_the_third_time_is_the_last() {
    let broker = broker();
    let sent = submission(Lane::Contest);
    broker.publish(&sent).await.unwrap();
    let mut work = broker.submissions(Lane::Contest, 1);
    for attempt in 1..=MAX_ATTEMPTS {
        let delivery = work.recv().await.unwrap();
        assert_eq!((delivery.body.id, delivery.attempt), (sent.id, attempt));
        drop(delivery.begin());
    }
    let letter = broker.dead_letters().recv().await.unwrap();
    assert_eq!(letter.body, DeadLetter { id: Some(sent.id), reason: "delivery_limit".to_owned() });
    assert!(work.try_recv().is_err());
}

#[tokio::test]
async fn a_drain_waits_until_the_last_result_is_settled() {
    let broker = broker();
    let result = judge_error(SubmissionId::new());
    broker.publish_result(&result).await.unwrap();
    let delivery = broker.results().recv().await.unwrap();
    let drained = broker.results_settled();
    tokio::pin!(drained);
    assert!(futures_util::poll!(&mut drained).is_pending());
    delivery.settle(Settlement::Done).await;
    drained.await;
}

#[tokio::test]
async fn a_receiver_that_goes_away_loses_nothing() {
    let broker = broker();
    broker.publish(&submission(Lane::Rejudge)).await.unwrap();
    let first = broker.submissions(Lane::Rejudge, 4);
    tokio::task::yield_now().await;
    drop(first);
    assert!(broker.submissions(Lane::Rejudge, 4).recv().await.is_some());
}

#[tokio::test]
async fn what_was_not_begun_has_lost_no_attempt() {
    let broker = broker();
    let sent = submission(Lane::Contest);
    broker.publish(&sent).await.unwrap();
    for _ in 0..=MAX_ATTEMPTS {
        let mut leaving = broker.submissions(Lane::Contest, 1);
        assert_eq!(leaving.recv().await.unwrap().attempt, 1);
    }
    let mut work = broker.submissions(Lane::Contest, 1);
    assert!(work.recv().await.unwrap().settle(Settlement::Unbegun).await);
    drop(work.recv().await.unwrap().begin());
    drop(work.recv().await.unwrap());
    assert_eq!(work.recv().await.unwrap().attempt, 2);
}

#[tokio::test]
async fn headers_travel_with_every_delivery_of_a_message_and_its_result() {
    let broker = broker();
    let mut headers = Headers::default();
    assert!(headers.insert("traceparent", "00-01-02-03"));
    broker.publish_with(&submission(Lane::Contest), &headers).await.unwrap();
    let mut work = broker.submissions(Lane::Contest, 1);
    drop(work.recv().await.unwrap().begin());
    let again = work.recv().await.unwrap();
    assert_eq!((again.attempt, &again.headers), (2, &headers));
    let (body, _, receipt) = again.begin();
    let result = judge_error(body.id);
    broker.publish_result_with(&result, &receipt.headers).await.unwrap();
    assert_eq!(broker.results().recv().await.unwrap().headers, headers);
}

#[tokio::test]
async fn everybody_who_listens_hears_a_heartbeat_and_nobody_is_waited_for() {
    let broker = broker();
    let heartbeat = heartbeat("w1", 1);
    broker.send_heartbeat(&heartbeat).await.unwrap();
    let (mut first, mut second) = (broker.heartbeats(), broker.heartbeats());
    let leaves = broker.heartbeats();
    drop(leaves);
    for _ in 0..TRANSIENT_CAPACITY + 1 {
        broker.send_heartbeat(&heartbeat).await.unwrap();
    }
    assert_eq!(first.recv().await.unwrap(), heartbeat);
    assert_eq!(
        first.len(),
        TRANSIENT_CAPACITY - 1,
        "only what came while it listened, and only as much as fits"
    );
    assert_eq!(second.recv().await.unwrap(), heartbeat);
    broker.shutdown.cancel();
    while first.recv().await.is_some() {}
    while second.recv().await.is_some() {}
}

#[tokio::test]
async fn every_worker_hears_an_order() {
    let broker = broker();
    let order = Control::Cancel { id: SubmissionId::new() };
    broker.send_control(&order).await.unwrap();
    let mut workers = [broker.controls(), broker.controls()];
    let next = Control::Cancel { id: SubmissionId::new() };
    broker.send_control(&next).await.unwrap();
    for worker in &mut workers {
        assert_eq!(worker.recv().await.unwrap(), next, "from the moment it listens");
    }
    broker.shutdown.cancel();
    for worker in &mut workers {
        assert_eq!(worker.recv().await, None);
    }
}

#[tokio::test]
async fn every_api_hears_the_events_of_every_submission() {
    let broker = broker();
    let mut apis = [broker.events(), broker.events()];
    let events: Vec<_> = (1..=3)
        .map(|number| {
            let (id, worker) = (SubmissionId::new(), "w1".to_owned());
            JudgingEvent { id, attempt: 1, number, worker, step: JudgingStep::Compiling }
        })
        .collect();
    for event in &events {
        broker.send_event(event).await.unwrap();
    }
    for api in &mut apis {
        for event in &events {
            assert_eq!(api.recv().await.as_ref(), Some(event));
        }
    }
}
