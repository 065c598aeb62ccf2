//! The connection is cut, refused, or hangs.

use std::collections::HashSet;

use gavel_broker::{Dispatcher as _, MAX_ATTEMPTS, Settlement, WorkSource as _};
use gavel_model::Lane;
use gavel_testkit::Proxy;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::rig::{
    Connected as _, Rig, eventually, next, publish, publish_result, result, submission, within,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ack_over_a_connection_that_is_gone_is_false_and_the_submission_comes_again() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let broker = rig.broker_at(&proxy.url).await;
    let sent = publish(&broker, Lane::Contest).await;
    let mut work = broker.submissions(Lane::Contest, 1);
    let delivery = next(&mut work).await;
    proxy.refuse();
    eventually("the cut is noticed", || !broker.is_connected()).await;
    assert!(!delivery.settle(Settlement::Done).await);
    let error = broker.publish(&submission(Lane::Contest)).await.unwrap_err();
    assert_eq!(error.kind().as_str(), "unavailable");
    proxy.forward();
    let delivery = next(&mut work).await;
    assert_eq!((delivery.body.id, delivery.attempt), (sent.id, 2));
    assert!(delivery.settle(Settlement::Done).await);
    assert!(rig.metrics.broker_reconnects().get() >= 1);
    drop(work);
    rig.remove().await;
}

/// Each cut may cost a submission one attempt, so with one cut fewer than there are attempts none may be given up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_submission_is_answered_while_the_connection_is_cut_again_and_again() {
    const CUTS: usize = MAX_ATTEMPTS as usize - 1;
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let broker = rig.broker_at(&proxy.url).await;
    let mut work = broker.submissions(Lane::Practice, 4);
    let mut results = broker.results();
    let sent: Vec<_> = (0..60).map(|_| submission(Lane::Practice)).collect();
    let judge = {
        let broker = broker.clone();
        async move {
            while let Some(delivery) = work.recv().await {
                publish_result(&broker, &result(&delivery.body, delivery.attempt)).await;
                // False over a connection that is gone: then it comes again and is answered twice.
                delivery.settle(Settlement::Done).await;
            }
        }
    };
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(judge);
    let publishing = {
        let (broker, sent) = (broker.clone(), sent.clone());
        async move {
            for submission in sent {
                within("it is published", async { while broker.publish(&submission).await.is_err() {} })
                    .await;
            }
        }
    };
    tasks.spawn(publishing);
    let mut dead = broker.dead_letters();
    let mut answered = HashSet::new();
    let mut cuts = 0;
    within("every submission has an answer", async {
        while answered.len() < sent.len() {
            let delivery = tokio::select! {
                delivery = results.recv() => delivery.unwrap(),
                letter = dead.recv() => panic!("given up: {:?}", letter.unwrap().body),
            };
            let id = delivery.body.id;
            if delivery.settle(Settlement::Done).await {
                answered.insert(id);
            }
            if cuts < CUTS && answered.len() > (cuts + 1) * 15 {
                cuts += 1;
                proxy.cut();
            }
        }
    })
    .await;
    assert!(sent.iter().all(|submission| answered.contains(&submission.id)));
    assert_eq!(cuts, CUTS);
    assert_eq!(rig.waiting(rig.names.dead().as_str()).await, 0);
    drop((results, dead));
    rig.shutdown.cancel();
    within("the judge ends", tasks.join_all()).await;
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_hangs_is_noticed_and_made_again() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let mut url = proxy.url.clone();
    url.set_query(Some("heartbeat=1"));
    let broker = rig.broker_at(&url).await;
    let sent = publish(&broker, Lane::Contest).await;
    let mut work = broker.submissions(Lane::Contest, 1);
    let _held = next(&mut work).await;
    proxy.stall();
    eventually("the silence is noticed", || !broker.is_connected()).await;
    let error = broker.publish(&submission(Lane::Contest)).await.unwrap_err();
    assert_eq!(error.kind().as_str(), "unavailable");
    proxy.cut();
    proxy.forward();
    let again = next(&mut work).await;
    assert_eq!((again.body.id, again.attempt), (sent.id, 2));
    assert!(again.settle(Settlement::Done).await);
    drop(work);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirm_that_does_not_come_is_a_timeout() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let broker = rig.broker_at(&proxy.url).await;
    proxy.stall();
    let error = broker.publish(&submission(Lane::Contest)).await.unwrap_err();
    assert_eq!(error.kind().as_str(), "timeout");
    proxy.cut();
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_go_on_after_a_cut() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let broker = rig.broker_at(&proxy.url).await;
    let mut results = broker.results();
    let sent = submission(Lane::Contest);
    proxy.cut();
    eventually("the cut is noticed", || !broker.is_connected()).await;
    publish_result(&broker, &result(&sent, 1)).await;
    let delivery = next(&mut results).await;
    assert_eq!(delivery.body.id, sent.id);
    assert!(delivery.settle(Settlement::Done).await);
    drop(results);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handshake_nobody_answers_is_given_up_with_its_socket() {
    let rig = Rig::new().await;
    rig.broker().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut url = rig.url.clone();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(silent.local_addr().unwrap().port())).unwrap();
    url.set_query(Some("connection_timeout=100"));
    let _broker = rig.start(&url);
    let mut connections = tokio::task::JoinSet::new();
    within("four connections are ended by the side that waits", async {
        for _ in 0..4 {
            let (mut connection, _) = silent.accept().await.unwrap();
            connections.spawn(async move { connection.read_to_end(&mut Vec::new()).await.is_ok() });
        }
        assert!(std::mem::take(&mut connections).join_all().await.into_iter().all(|ended| ended));
    })
    .await;
    rig.remove().await;
}
