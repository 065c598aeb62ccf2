//! Live runs between two processes: their ends, their order, and what is left.

use std::time::Duration;

use gavel_broker::rabbit::RabbitBroker;
use gavel_broker::{Dispatcher as _, LiveLink, Settlement, WorkSource as _};
use gavel_model::{Lane, LiveBytes, LiveInput, LiveOutput, LiveRun, LiveStream};
use gavel_testkit::Proxy;

use crate::rig::{Rig, next, submission, within};

/// For a worker to come.
const LONG: Duration = Duration::from_secs(60);

fn run() -> LiveRun {
    LiveRun { submission: submission(Lane::Practice), session_ms: 1, idle_ms: 1, reply_to: String::new() }
}

fn written(number: usize) -> LiveOutput {
    LiveOutput::Data { stream: LiveStream::Stdout, data: LiveBytes(number.to_string().into_bytes()) }
}

type Ends = (LiveLink<LiveInput, LiveOutput>, LiveLink<LiveOutput, LiveInput>);

/// Both ends of a run, its begin heard.
async fn joined(api: &RabbitBroker, worker: &RabbitBroker) -> Ends {
    let mut runs = worker.live_runs(1);
    let mut client = api.open_live(run(), LONG).await.unwrap();
    let delivery = next(&mut runs).await;
    let link = worker.join_live(&delivery.body, "w1").await.unwrap();
    assert!(delivery.settle(Settlement::Done).await);
    let begun = within("the worker is heard of", client.receiver.receive()).await;
    assert!(matches!(begun, Some(LiveOutput::Begun { worker, .. }) if worker == "w1"));
    (client, link)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_keep_their_order_both_ways_and_an_end_is_noticed_by_the_other() {
    let rig = Rig::new().await;
    let (api, worker) = (rig.broker().await, rig.another().await);
    let (mut client, mut program) = joined(&api, &worker).await;
    for number in 0..50 {
        program.sender.send(&written(number)).await.unwrap();
        client.sender.send(&LiveInput::Taken { cost: number as u64 }).await.unwrap();
    }
    for number in 0..50 {
        assert_eq!(within("output", client.receiver.receive()).await, Some(written(number)));
        let taken = within("a word of the client", program.receiver.receive()).await;
        assert_eq!(taken, Some(LiveInput::Taken { cost: number as u64 }));
    }
    drop(client);
    within("the worker learns that nobody is there", async {
        while program.sender.send(&LiveOutput::Alive).await.is_ok() {}
    })
    .await;
    drop(program);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_worker_is_heard_of_and_one_whose_connection_is_cut_is_missed() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let (api, first, second) = (rig.broker().await, rig.broker_at(&proxy.url).await, rig.another().await);
    let mut client = api.open_live(run(), LONG).await.unwrap();
    let mut runs = first.live_runs(1);
    let delivery = next(&mut runs).await;
    let mut program = first.join_live(&delivery.body, "w1").await.unwrap();
    assert!(matches!(within("w1", client.receiver.receive()).await, Some(LiveOutput::Begun { .. })));
    let mut others = second.live_runs(1);
    proxy.cut();
    assert_eq!(within("the worker's end", program.receiver.receive()).await, None);
    // It comes back to somebody else, who begins nothing before it is told to.
    drop((delivery, runs));
    let again = next(&mut others).await;
    assert_eq!(again.attempt, 2);
    let other = second.join_live(&again.body, "w2").await.unwrap();
    let heard = within("w2", client.receiver.receive()).await;
    assert!(matches!(heard, Some(LiveOutput::Begun { worker, .. }) if worker == "w2"));
    let gone = client.sender.send(&LiveInput::Go).await;
    assert!(gone.is_err(), "what is said goes to the first, who is gone: {gone:?}");
    assert!(again.settle(Settlement::Done).await);
    drop((client, other, others, program));
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_nobody_waits_for_is_not_begun() {
    let rig = Rig::new().await;
    let (api, worker) = (rig.broker().await, rig.another().await);
    drop(api.open_live(run(), LONG).await.unwrap());
    let mut runs = worker.live_runs(1);
    let delivery = next(&mut runs).await;
    within("it is seen to be gone", async { while worker.join_live(&delivery.body, "w1").await.is_ok() {} })
        .await;
    assert!(delivery.settle(Settlement::Done).await);
    // One that waited for too long is not even delivered.
    let client = api.open_live(run(), Duration::from_millis(1)).await.unwrap();
    drop(runs);
    rig.wait_for_waiting(rig.names.live().as_str(), 0).await;
    drop(client);
    rig.remove().await;
}
