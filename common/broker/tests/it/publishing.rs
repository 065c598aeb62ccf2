//! A message that was published is there; one that is not there was not published.

use std::collections::HashSet;

use futures_util::future::join_all;
use gavel_broker::rabbit::MAX_MESSAGE;
use gavel_broker::{BrokerError, Dispatcher as _, Settlement, WorkSource as _};
use gavel_model::{FileName, Lane, Payload, SourceFile};
use lapin::options::QueueDeleteOptions;
use lapin::types::FieldTable;

use crate::rig::{
    Connected as _, Rig, eventually, next, nothing, publish, publish_result, result, submission, within,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_at_once_are_each_confirmed_and_there() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent: Vec<_> = (0..2_000).map(|k| submission(Lane::ALL[k % 3])).collect();
    let mut publishing = tokio::task::JoinSet::new();
    for submission in sent.clone() {
        let broker = broker.clone();
        publishing.spawn(async move { broker.publish(&submission).await });
    }
    assert!(publishing.join_all().await.iter().all(Result::is_ok));
    for (lane, count) in Lane::ALL.into_iter().zip([667, 667, 666]) {
        assert_eq!(rig.waiting(rig.names.lane(lane).as_str()).await, count, "{lane}");
    }
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lane_that_is_full_refuses_and_takes_again_when_there_is_room() {
    let mut rig = Rig::new().await;
    rig.max_length = 5;
    let broker = rig.broker().await;
    let mut taken = Vec::new();
    // RabbitMQ begins to refuse a moment after the limit.
    let refused = loop {
        let sent = submission(Lane::Practice);
        match broker.publish(&sent).await {
            Ok(()) => taken.push(sent.id),
            Err(error) => break error,
        }
        assert!(taken.len() < 1_000, "it takes without end");
    };
    assert!(matches!(refused, BrokerError::Refused(_)), "{refused:?}");
    assert!(taken.len() >= 5 && broker.is_connected(), "{} were taken", taken.len());
    publish(&broker, Lane::Contest).await;
    let mut work = broker.submissions(Lane::Practice, 8);
    for id in taken {
        let delivery = next(&mut work).await;
        assert_eq!(delivery.body.id, id, "what was confirmed is there, and nothing else");
        assert!(delivery.settle(Settlement::Done).await);
    }
    within("there is room again", async {
        while broker.publish(&submission(Lane::Practice)).await.is_err() {}
    })
    .await;
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_no_queue_takes_is_refused_and_its_neighbours_are_not() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let (queue, exchange) = (rig.names.lane(Lane::Rejudge), rig.names.submissions());
    let channel = rig.channel().await;
    channel.queue_unbind(queue, exchange, "rejudge".into(), FieldTable::default()).await.unwrap();
    let homeless: Vec<_> = (0..20).map(|_| submission(Lane::Rejudge)).collect();
    let neighbours: Vec<_> = (0..20).map(|_| submission(Lane::Contest)).collect();
    let (homeless, routable) = tokio::join!(
        join_all(homeless.iter().map(|s| broker.publish(s))),
        join_all(neighbours.iter().map(|s| broker.publish(s))),
    );
    // The first refusal renews the connection, which may end a neighbour's wait: then it is not said to be there.
    assert!(
        homeless.iter().all(Result::is_err)
            && homeless.iter().any(|outcome| matches!(outcome, Err(BrokerError::Refused(_)))),
        "{homeless:?}"
    );
    assert!(
        routable.iter().all(|outcome| matches!(outcome, Ok(()) | Err(BrokerError::Unavailable))),
        "{routable:?}"
    );
    for (sent, outcome) in neighbours.iter().zip(&routable) {
        if outcome.is_err() {
            within("a neighbour is confirmed", async { while broker.publish(sent).await.is_err() {} }).await;
        }
    }
    // Each is there, some perhaps twice: a confirm may be lost with its connection, and the message not.
    let mut work = broker.submissions(Lane::Contest, 1);
    let mut missing: HashSet<_> = neighbours.iter().map(|sent| sent.id).collect();
    while !missing.is_empty() {
        let delivery = next(&mut work).await;
        missing.remove(&delivery.body.id);
        assert!(delivery.settle(Settlement::Done).await);
    }
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_queue_is_declared_again() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let mut work = broker.submissions(Lane::Contest, 1);
    let mut results = broker.results();
    let channel = rig.channel().await;
    for queue in [rig.names.lane(Lane::Contest), rig.names.results()] {
        channel.queue_delete(queue, QueueDeleteOptions::default()).await.unwrap();
    }
    let again = submission(Lane::Contest);
    let mut refused = 0;
    while broker.publish(&again).await.is_err() {
        refused += 1;
        assert!(refused < 20, "the queue is not declared again");
    }
    assert_eq!(next(&mut work).await.body.id, again.id);
    publish_result(&broker, &result(&again, 1)).await;
    assert_eq!(next(&mut results).await.body.id, again.id);
    eventually("the broker is connected again", || broker.is_connected()).await;
    drop((work, results));
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_over_the_limit_is_refused_with_its_size() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let mut large = submission(Lane::Contest);
    let file = |size| SourceFile {
        name: FileName::try_from("main.c".to_owned()).unwrap(),
        content: Payload::Text("x".repeat(size)),
    };
    large.files = vec![file(MAX_MESSAGE)];
    let BrokerError::Refused(why) = broker.publish(&large).await.unwrap_err() else {
        panic!("not refused");
    };
    assert!(why.contains(&MAX_MESSAGE.to_string()), "{why}");
    large.files = vec![file(MAX_MESSAGE - 2_000)];
    broker.publish(&large).await.unwrap();
    let mut work = broker.submissions(Lane::Contest, 1);
    assert_eq!(next(&mut work).await.body, large, "one just below it arrives in many frames");
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gavels_share_one_rabbitmq_under_two_prefixes() {
    let (one, two) = (Rig::new().await, Rig::new().await);
    let (a, b) = (one.broker().await, two.broker().await);
    let sent = publish(&a, Lane::Contest).await;
    nothing(&b, Lane::Contest, &mut b.submissions(Lane::Contest, 1)).await;
    assert_eq!(next(&mut a.submissions(Lane::Contest, 1)).await.body, sent);
    one.remove().await;
    two.remove().await;
}
