//! Dead letters: looked at, sent again, thrown away.

use std::time::Duration;

use gavel_broker::rabbit::RabbitBroker;
use gavel_broker::{Dispatcher as _, Fate, Headers, KeptLetter, Origin, Settlement, Walk, WorkSource as _};
use gavel_model::{Lane, Submission};
use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::options::BasicPublishOptions;

use crate::rig::{Rig, next, submission};

/// Lets so many submissions of a lane die, in order.
async fn dead(rig: &Rig, broker: &RabbitBroker, lane: Lane, count: u32) -> Vec<Submission> {
    let mut headers = Headers::default();
    assert!(headers.insert("traceparent", "00-01-02-03"));
    let mut work = broker.submissions(lane, 1);
    let mut sent = Vec::new();
    for _ in 0..count {
        let one = submission(lane);
        broker.publish_with(&one, &headers).await.unwrap();
        assert!(next(&mut work).await.settle(Settlement::Dead).await);
        sent.push(one);
    }
    drop(work);
    rig.wait_for_waiting(rig.names.dead().as_str(), count).await;
    sent
}

async fn looked_at(broker: &RabbitBroker, most: usize) -> (Vec<KeptLetter>, Walk) {
    let mut letters = Vec::new();
    let mut keep = |letter: &KeptLetter| {
        letters.push(letter.clone());
        Fate::Keep
    };
    let walk = broker.walk_dead(most, &mut keep).await.unwrap();
    (letters, walk)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_are_looked_at_and_stay_in_order() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = dead(&rig, &broker, Lane::Contest, 3).await;
    // More often than the twenty times after which a queue without a limit of its own drops a message.
    for round in 0..25 {
        let (letters, walk) = looked_at(&broker, 2).await;
        let ids: Vec<_> = letters.iter().map(|letter| letter.submission.unwrap()).collect();
        assert_eq!(ids, [sent[0].id, sent[1].id], "round {round}");
        assert!(walk.more && walk.purged == 0 && walk.replayed.is_empty());
        let one = &letters[0];
        assert_eq!((one.origin, one.reason.as_str()), (Some(Origin::Lane(Lane::Contest)), "rejected"));
        assert_eq!(one.id.len(), 16);
        let age = Timestamp::now().duration_since(one.died_at.unwrap());
        assert!(age.unsigned_abs() < Duration::from_secs(600), "{age}");
        let said: Submission = serde_json::from_slice(&one.body).unwrap();
        assert_eq!(said, sent[0]);
    }
    assert!(!looked_at(&broker, 3).await.1.more);
    rig.wait_for_waiting(rig.names.dead().as_str(), 3).await;
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_is_sent_again_is_as_new_and_the_others_stay() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = dead(&rig, &broker, Lane::Practice, 3).await;
    let mut replay = |letter: &KeptLetter| {
        if letter.submission == Some(sent[1].id) { Fate::Replay } else { Fate::Keep }
    };
    let walk = broker.walk_dead(10, &mut replay).await.unwrap();
    assert_eq!((walk.replayed.len(), walk.failed.len(), walk.more), (1, 0, false));
    let mut work = broker.submissions(Lane::Practice, 1);
    let again = next(&mut work).await;
    assert_eq!((&again.body, again.attempt), (&sent[1], 1));
    assert_eq!(again.headers.get("traceparent"), Some("00-01-02-03"));
    // Its death is not remembered: it may fail twice before it is given up again.
    assert!(again.settle(Settlement::Again).await);
    assert_eq!(next(&mut work).await.attempt, 2);
    rig.wait_for_waiting(rig.names.dead().as_str(), 2).await;
    let mut purge = |letter: &KeptLetter| {
        if letter.submission == Some(sent[0].id) { Fate::Purge } else { Fate::Keep }
    };
    assert_eq!(broker.walk_dead(10, &mut purge).await.unwrap().purged, 1);
    let left = looked_at(&broker, 10).await.0;
    assert_eq!(left.iter().map(|letter| letter.submission).collect::<Vec<_>>(), [Some(sent[2].id)]);
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_of_unknown_origin_is_kept_and_not_sent_anywhere() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let (channel, options) = (rig.channel().await, BasicPublishOptions::default());
    let thrown_in =
        channel.basic_publish(rig.names.dead(), "".into(), options, b"{}", BasicProperties::default());
    thrown_in.await.unwrap().await.unwrap();
    rig.wait_for_waiting(rig.names.dead().as_str(), 1).await;
    let (letters, _) = looked_at(&broker, 10).await;
    assert_eq!((letters[0].origin, letters[0].submission, letters[0].died_at), (None, None, None));
    let walk = broker.walk_dead(10, &mut |_| Fate::Replay).await.unwrap();
    assert_eq!((walk.replayed.len(), walk.failed.len()), (0, 1), "{walk:?}");
    rig.wait_for_waiting(rig.names.dead().as_str(), 1).await;
    rig.remove().await;
}
