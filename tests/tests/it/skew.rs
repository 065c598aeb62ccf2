//! Processes over one store whose clocks differ.

use gavel_testkit::{Does, PostgresDatabase, Rabbit, Receiver, until};
use rustix::process::Signal;
use serde_json::json;

use crate::clock::Clock;
use crate::fleet::{PATIENCE, path};
use crate::process::{ANY_PORT, Gavel};
use crate::rabbit::settings;

/// What is done later is done by the clock of the store: one process that is two hours ahead puts nothing off for the others.
#[tokio::test]
async fn what_one_by_a_wrong_clock_put_off_another_one_does_in_time() {
    let (database, rabbit) = (PostgresDatabase::new().await, Rabbit::new().await);
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::that(&[Does::Answer(500), Does::Answer(204)]).await;
    let mut settings = settings(&rabbit);
    settings.extend([
        ("api.bind", ANY_PORT.to_owned()),
        ("blobs.dir", path(folder.path(), "blobs")),
        ("store.url", database.url().to_string()),
        ("webhooks.allow_private", "true".to_owned()),
        ("webhooks.retry_after", "10s".to_owned()),
    ]);
    let clock = Clock::right(folder.path());
    clock.jump(2 * 60 * 60);
    let ahead = Gavel::start_by(&clock, &["api"], folder.path(), &settings).api_ready().await;
    let source = json!({"language": "python", "source": "", "callback_url": receiver.url});
    let id = ahead.submit(&source).await;
    ahead.cancel(&id).await;
    assert_eq!(receiver.call().await.does, Does::Answer(500));
    until("its answer is noted", PATIENCE, async || {
        let told = ahead.view(&format!("/api/v1/webhooks?submission={id}")).await;
        (told["webhooks"][0]["tries"].as_array()?.len() == 1).then_some(())
    })
    .await;
    ahead.signal(Signal::KILL);
    drop(ahead);
    let right = Gavel::start(&["api"], folder.path(), &settings).api_ready().await;
    assert_eq!(receiver.call().await.does, Does::Answer(204));
    drop(right);
    rabbit.remove().await;
}
