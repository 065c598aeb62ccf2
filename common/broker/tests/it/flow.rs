//! What goes in comes out, no more of it at a time than was asked for, and nothing of it is lost.

use gavel_broker::{Dispatcher as _, Settlement, WorkSource as _};
use gavel_model::Lane;
use lapin::options::{BasicGetOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::FieldTable;

use crate::rig::{Rig, next, nothing, publish, result, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_goes_round_and_its_result_comes_back() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let (mut work, mut results) = (broker.submissions(Lane::Contest, 2), broker.results());
    let sent = publish(&broker, Lane::Contest).await;
    let delivery = next(&mut work).await;
    assert_eq!((&delivery.body, delivery.attempt), (&sent, 1));
    broker.publish_result(&result(&sent, 1)).await.unwrap();
    assert!(delivery.settle(Settlement::Done).await);
    let delivery = next(&mut results).await;
    assert_eq!((&delivery.body, delivery.attempt), (&result(&sent, 1), 1));
    assert!(delivery.settle(Settlement::Done).await);
    assert_eq!(rig.metrics.redeliveries().get(), 0);
    drop((work, results));
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lanes_do_not_mix() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = publish(&broker, Lane::Rejudge).await;
    nothing(&broker, Lane::Contest, &mut broker.submissions(Lane::Contest, 1)).await;
    assert_eq!(next(&mut broker.submissions(Lane::Rejudge, 1)).await.body.id, sent.id);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_prefetch_are_unsettled() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    for _ in 0..5 {
        publish(&broker, Lane::Practice).await;
    }
    let mut work = broker.submissions(Lane::Practice, 2);
    let (first, _second) = (next(&mut work).await, next(&mut work).await);
    // The queue is asked in order: a message that is in it by now and could be delivered has been.
    let queue = rig.names.lane(Lane::Practice);
    publish(&broker, Lane::Practice).await;
    rig.wait_for_waiting(queue.as_str(), 4).await;
    assert!(work.try_recv().is_err(), "a third before one of two is settled");
    assert!(first.settle(Settlement::Done).await);
    let _third = next(&mut work).await;
    publish(&broker, Lane::Practice).await;
    rig.wait_for_waiting(queue.as_str(), 4).await;
    assert!(work.try_recv().is_err(), "a fourth before another is settled");
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_goes_away_gives_back_what_it_did_not_take() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    for _ in 0..4 {
        publish(&broker, Lane::Practice).await;
    }
    let queue = rig.names.lane(Lane::Practice);
    let mut work = broker.submissions(Lane::Practice, 4);
    let taken = next(&mut work).await;
    rig.wait_for_waiting(queue.as_str(), 0).await;
    drop(work);
    rig.wait_for_waiting(queue.as_str(), 3).await;
    assert!(taken.settle(Settlement::Done).await, "what was taken can still be settled");
    let mut work = broker.submissions(Lane::Practice, 4);
    for _ in 0..3 {
        assert!(next(&mut work).await.settle(Settlement::Done).await);
    }
    nothing(&broker, Lane::Practice, &mut work).await;
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_shutdown_what_runs_is_finished_and_answered() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = publish(&broker, Lane::Contest).await;
    let mut work = broker.submissions(Lane::Contest, 1);
    let delivery = next(&mut work).await;
    rig.shutdown.cancel();
    assert!(within("the stream ends", work.recv()).await.is_none());
    broker.publish_result(&result(&sent, 1)).await.unwrap();
    drop((broker, work));
    assert!(delivery.settle(Settlement::Done).await, "the delivery keeps its connection");
    rig.wait_for_waiting(rig.names.results().as_str(), 1).await;
    let another = rig.another().await;
    nothing(&another, Lane::Contest, &mut another.submissions(Lane::Contest, 1)).await;
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_binds_a_results_queue_of_its_own() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let channel = rig.channel().await;
    let options = QueueDeclareOptions { exclusive: true, ..Default::default() };
    let queue = channel.queue_declare("".into(), options, FieldTable::default()).await.unwrap();
    let name = queue.name().clone();
    let bind = |key: &str| {
        let (channel, key) = (channel.clone(), key.into());
        let (queue, exchange) = (name.clone(), rig.names.results());
        async move {
            let options = QueueBindOptions::default();
            channel.queue_bind(queue, exchange, key, options, FieldTable::default()).await.unwrap();
        }
    };
    bind("contest.AC").await;
    let theirs = publish(&broker, Lane::Contest).await;
    let other = publish(&broker, Lane::Practice).await;
    broker.publish_result(&result(&other, 1)).await.unwrap();
    broker.publish_result(&result(&theirs, 2)).await.unwrap();
    rig.wait_for_waiting(name.as_str(), 1).await;
    let got = channel.basic_get(name.clone(), BasicGetOptions { no_ack: true }).await.unwrap().unwrap();
    let properties = &got.delivery.properties;
    let text = |value: &Option<lapin::types::ShortString>| value.as_ref().unwrap().as_str().to_owned();
    assert_eq!(text(properties.message_id()), format!("{}/2", theirs.id));
    assert_eq!(text(properties.content_type()), "application/json");
    assert_eq!(*properties.delivery_mode(), Some(2), "persistent");
    assert!(properties.timestamp().is_some());
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_not_there_is_no_error_at_start() {
    let rig = Rig::new().await;
    rig.broker().await;
    let mut nowhere = rig.url.clone();
    nowhere.set_port(Some(1)).unwrap();
    let broker = rig.start(&nowhere);
    let begin = std::time::Instant::now();
    let error = broker.publish(&crate::rig::submission(Lane::Contest)).await.unwrap_err();
    assert_eq!(error.kind().as_str(), "unavailable");
    assert!(begin.elapsed() < std::time::Duration::from_secs(3), "{:?}", begin.elapsed());
    rig.remove().await;
}

/// A worker that drains must not spend the attempts of what it never began, wherever that is: with the broker's client,
/// on its way, or taken already. Nor may it come to the same worker again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_leaving_receiver_did_not_begin_has_lost_no_attempt() {
    for round in 0..8 {
        let rig = Rig::new().await;
        let broker = rig.broker().await;
        for _ in 0..6 {
            publish(&broker, Lane::Practice).await;
        }
        let queue = rig.names.lane(Lane::Practice);
        let mut leaving = broker.submissions(Lane::Practice, 3);
        let held = next(&mut leaving).await;
        rig.wait_for_waiting(queue.as_str(), 3).await;
        drop((leaving, held));
        rig.wait_for_waiting(queue.as_str(), 6).await;
        let mut work = broker.submissions(Lane::Practice, 6);
        for _ in 0..6 {
            let delivery = next(&mut work).await;
            assert_eq!(delivery.attempt, 1, "in round {round}");
            assert!(delivery.settle(Settlement::Done).await);
        }
        drop((work, broker));
        rig.remove().await;
    }
}
