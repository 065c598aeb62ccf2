//! How often a submission is delivered, and what becomes of those that are given up.

use gavel_broker::rabbit::RabbitBroker;
use gavel_broker::{DeadLetter, Dispatcher as _, MAX_ATTEMPTS, Settlement, WorkSource as _};
use gavel_model::Lane;
use gavel_testkit::Proxy;
use lapin::BasicProperties;
use lapin::options::BasicPublishOptions;
use test_case::test_case;

use crate::rig::{Rig, next, nothing, publish, result};

/// It is kept, and told once: the next letter is that of a submission that is given up afterwards.
async fn is_told_dead(rig: &Rig, broker: &RabbitBroker, letter: DeadLetter) {
    let mut dead = broker.dead_letters();
    let told = next(&mut dead).await;
    assert_eq!(told.body, letter);
    assert!(told.settle(Settlement::Done).await);
    rig.wait_for_waiting(rig.names.dead().as_str(), 1).await;
    let last = publish(broker, Lane::Rejudge).await;
    let mut work = broker.submissions(Lane::Rejudge, 1);
    assert!(next(&mut work).await.settle(Settlement::Dead).await);
    let told = next(&mut dead).await;
    assert_eq!(told.body.id, Some(last.id), "a letter that should not be");
    assert!(told.settle(Settlement::Done).await);
    rig.wait_for_waiting(rig.names.dead().as_str(), 2).await;
}

enum GivenBack {
    BySettling,
    ByDropping,
}

#[test_case(GivenBack::BySettling; "by settling")]
#[test_case(GivenBack::ByDropping; "by dropping")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_back_three_times_is_dead(how: GivenBack) {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = publish(&broker, Lane::Contest).await;
    let mut work = broker.submissions(Lane::Contest, 1);
    for attempt in 1..=MAX_ATTEMPTS {
        let delivery = next(&mut work).await;
        assert_eq!((delivery.body.id, delivery.attempt), (sent.id, attempt));
        match how {
            GivenBack::BySettling => assert!(delivery.settle(Settlement::Again).await),
            GivenBack::ByDropping => drop(delivery.begin()),
        }
    }
    is_told_dead(&rig, &broker, DeadLetter { id: Some(sent.id), reason: "delivery_limit".to_owned() }).await;
    nothing(&broker, Lane::Contest, &mut work).await;
    assert_eq!(rig.metrics.redeliveries().get(), 2);
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_kills_its_worker_three_times_is_dead() {
    let rig = Rig::new().await;
    let api = rig.broker().await;
    let proxy = Proxy::start(&rig.url).await;
    let worker = rig.broker_at(&proxy.url).await;
    let sent = publish(&api, Lane::Practice).await;
    let mut work = worker.submissions(Lane::Practice, 1);
    let mut held = Vec::new();
    for attempt in 1..=MAX_ATTEMPTS {
        let delivery = next(&mut work).await;
        assert_eq!((delivery.body.id, delivery.attempt), (sent.id, attempt));
        held.push(delivery);
        proxy.cut();
    }
    is_told_dead(&rig, &api, DeadLetter { id: Some(sent.id), reason: "delivery_limit".to_owned() }).await;
    nothing(&api, Lane::Practice, &mut work).await;
    drop(work);
    rig.remove().await;
}

/// A fleet that is restarted again and again, and in between somebody dies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_was_begun_counts_as_an_attempt() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = publish(&broker, Lane::Contest).await;
    let queue = rig.names.lane(Lane::Contest);
    for attempt in 1..=MAX_ATTEMPTS {
        for _ in 0..2 {
            let mut leaving = broker.submissions(Lane::Contest, 1);
            let unbegun = next(&mut leaving).await;
            assert_eq!((unbegun.body.id, unbegun.attempt), (sent.id, attempt));
            drop((leaving, unbegun));
            rig.wait_for_waiting(queue.as_str(), 1).await;
        }
        let mut work = broker.submissions(Lane::Contest, 1);
        let delivery = next(&mut work).await;
        assert_eq!((&delivery.body, delivery.attempt), (&sent, attempt));
        let (.., begun) = delivery.begin();
        drop(work);
        assert!(begun.settle(Settlement::Again).await);
    }
    // The broker counts for each copy anew, so that it is whoever would begin it who has to see.
    let mut work = broker.submissions(Lane::Contest, 1);
    is_told_dead(&rig, &broker, DeadLetter { id: Some(sent.id), reason: "delivery_limit".to_owned() }).await;
    nothing(&broker, Lane::Contest, &mut work).await;
    drop(work);
    rig.remove().await;
}

/// What is settled while a consumer is cancelled makes room in it, and what fills that is in nobody's hands then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_settled_while_a_receiver_leaves_costs_the_next_no_attempt() {
    for round in 0..8 {
        let rig = Rig::new().await;
        let broker = rig.broker().await;
        let queue = rig.names.lane(Lane::Practice);
        for _ in 0..6 {
            publish(&broker, Lane::Practice).await;
        }
        let mut leaving = broker.submissions(Lane::Practice, 2);
        let (_, _, begun) = next(&mut leaving).await.begin();
        rig.wait_for_waiting(queue.as_str(), 4).await;
        drop(leaving);
        assert!(begun.settle(Settlement::Done).await);
        rig.wait_for_waiting(queue.as_str(), 5).await;
        let mut work = broker.submissions(Lane::Practice, 5);
        for _ in 0..5 {
            let delivery = next(&mut work).await;
            assert_eq!(delivery.attempt, 1, "in round {round}");
            assert!(delivery.settle(Settlement::Done).await);
        }
        drop(work);
        rig.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_begun_comes_back_before_the_others() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let first = publish(&broker, Lane::Practice).await;
    let mut leaving = broker.submissions(Lane::Practice, 1);
    let held = next(&mut leaving).await;
    for _ in 0..5 {
        publish(&broker, Lane::Practice).await;
    }
    drop((leaving, held));
    rig.wait_for_waiting(rig.names.lane(Lane::Practice).as_str(), 6).await;
    let mut work = broker.submissions(Lane::Practice, 1);
    let again = next(&mut work).await;
    assert_eq!((again.body.id, again.attempt), (first.id, 1));
    drop((work, again));
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_worked_on_is_dead_at_once() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = publish(&broker, Lane::Contest).await;
    let mut work = broker.submissions(Lane::Contest, 1);
    assert!(next(&mut work).await.settle(Settlement::Dead).await);
    is_told_dead(&rig, &broker, DeadLetter { id: Some(sent.id), reason: "rejected".to_owned() }).await;
    drop(work);
    rig.remove().await;
}

#[test_case(b"not json", None; "not json")]
#[test_case(br#"{"v":7}"#, None; "another version")]
#[test_case(br#"{"v":1,"id":"01890a5d-ac96-774b-bcce-b302099a8057"}"#, Some("01890a5d-ac96-774b-bcce-b302099a8057"); "fields missing")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_dead_alone(body: &[u8], id: Option<&str>) {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let before = publish(&broker, Lane::Contest).await;
    let confirm = rig
        .channel()
        .await
        .basic_publish(
            rig.names.submissions(),
            "contest".into(),
            BasicPublishOptions::default(),
            body,
            BasicProperties::default(),
        )
        .await
        .unwrap();
    confirm.await.unwrap();
    rig.wait_for_waiting(rig.names.lane(Lane::Contest).as_str(), 2).await;
    let after = publish(&broker, Lane::Contest).await;
    let mut work = broker.submissions(Lane::Contest, 8);
    for neighbour in [before, after] {
        let delivery = next(&mut work).await;
        assert_eq!((delivery.body.id, delivery.attempt), (neighbour.id, 1));
        assert!(delivery.settle(Settlement::Done).await);
    }
    let id = id.map(|id| id.parse().unwrap());
    is_told_dead(&rig, &broker, DeadLetter { id, reason: "rejected".to_owned() }).await;
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_survives_fifty_failures_to_store_it() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = publish(&broker, Lane::Contest).await;
    broker.publish_result(&result(&sent, 1)).await.unwrap();
    let mut results = broker.results();
    for attempt in 1..=50 {
        let delivery = next(&mut results).await;
        assert_eq!((delivery.body.id, delivery.attempt), (sent.id, attempt));
        match attempt % 2 {
            0 => drop(delivery.begin()),
            _ => assert!(delivery.settle(Settlement::Again).await),
        }
    }
    assert!(next(&mut results).await.settle(Settlement::Done).await);
    assert_eq!(rig.waiting(rig.names.dead().as_str()).await, 0);
    assert_eq!(rig.metrics.redeliveries().get(), 0, "only submissions are counted");
    drop(results);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_that_cannot_be_read_is_kept_and_told() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let id = crate::rig::submission(Lane::Contest).id;
    let properties = BasicProperties::default().with_message_id(format!("{id}/1").into());
    let channel = rig.channel().await;
    let options = BasicPublishOptions::default();
    let exchange = rig.names.results();
    channel.basic_publish(exchange, "contest.AC".into(), options, b"{}", properties).await.unwrap();
    let results = broker.results();
    is_told_dead(&rig, &broker, DeadLetter { id: Some(id), reason: "rejected".to_owned() }).await;
    rig.wait_for_waiting(rig.names.results().as_str(), 0).await;
    drop(results);
    rig.remove().await;
}
