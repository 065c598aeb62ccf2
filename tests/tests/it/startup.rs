//! Processes that cannot start say why, and leave nothing behind.

use std::net::TcpListener;
use std::path::Path;
use std::time::Instant;

use rustix::process::Signal;
use test_case::test_case;

use crate::docker::Sandboxes;
use crate::process::{ANY_PORT, Ended, Gavel, root};

/// A folder with one language, so that a worker has one compiler to ask for its version.
pub fn one_language(folder: &Path) -> String {
    let languages = folder.join("languages");
    std::fs::create_dir(&languages).unwrap();
    std::os::unix::fs::symlink(root().join("images/python"), languages.join("python")).unwrap();
    languages.to_str().unwrap().to_owned()
}

async fn ends(command: &[&str], settings: &[(&str, String)]) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    Gavel::start(command, folder.path(), settings).end().await
}

#[test_case(&["up"]; "up")]
#[test_case(&["api"]; "api")]
#[test_case(&["worker"]; "worker")]
#[test_case(&["config", "check"]; "config check")]
#[tokio::test]
async fn wrong_settings_end_with_64_and_every_mistake_is_named(command: &[&str]) {
    let settings = [
        ("worker.slots", "many".to_owned()),
        ("api.bind", "nowhere".to_owned()),
        ("worker.grace", "5 parsecs".to_owned()),
        ("sandbox.privileged", "true".to_owned()),
        ("broker.prefix", "amq.mine".to_owned()),
    ];
    let ended = ends(command, &settings).await;
    ended.assert_code(64);
    for (key, _) in &settings {
        assert!(ended.log.contains(key), "{key} is not named: {}", ended.log);
    }
}

#[tokio::test]
async fn a_settings_file_that_is_not_there_is_a_mistake() {
    let ended = ends(&["--config", "nowhere.toml", "up"], &[]).await;
    ended.assert_code(64);
    assert!(ended.log.contains("nowhere.toml"), "{}", ended.log);
}

#[tokio::test]
async fn a_broker_address_that_is_none_is_a_mistake() {
    for command in ["api", "worker"] {
        let ended = ends(&[command], &[("broker.url", "amqp//user:hunter2@host".to_owned())]).await;
        ended.assert_code(64);
        assert!(!ended.log.contains("hunter2"), "the password is told: {}", ended.log);
    }
}

#[test_case("api", "api.bind"; "api")]
#[test_case("worker", "worker.bind"; "worker")]
#[test_case("up", "api.bind"; "up at its http port")]
#[test_case("up", "worker.bind"; "up at its worker port")]
#[tokio::test]
async fn a_port_in_use_is_told_and_ends_with_1(command: &str, key: &str) {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let id = format!("startup-{}", uuid::Uuid::new_v4().simple());
    let mut settings =
        vec![("worker.id", id.clone()), ("sandbox.pool.min", "0".to_owned()), (key, address.clone())];
    settings.push(("languages.dir", one_language(folder.path())));
    let other = if key == "api.bind" { "worker.bind" } else { "api.bind" };
    settings.push((other, ANY_PORT.to_owned()));
    let ended = Gavel::start(&[command], folder.path(), &settings).end().await;
    let end = Instant::now();
    ended.assert_code(1);
    assert!(ended.log.contains(&format!("cannot listen on {address}")), "{}", ended.log);
    assert!(ended.log.contains("Address already in use"), "{}", ended.log);
    Sandboxes::of(&id).assert_gone_after(end).await;
}

#[tokio::test]
async fn a_worker_without_a_docker_engine_says_so_and_ends_with_1() {
    let settings = [
        ("sandbox.docker", "unix:///nowhere/docker.sock".to_owned()),
        ("worker.bind", ANY_PORT.to_owned()),
        ("api.bind", ANY_PORT.to_owned()),
    ];
    for command in ["worker", "up"] {
        let ended = ends(&[command], &settings).await;
        ended.assert_code(1);
        assert!(ended.log.contains("Docker Engine"), "{}", ended.log);
    }
}

#[tokio::test]
async fn a_worker_without_a_broker_waits_says_so_and_still_ends_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        // Port 1 is TCPMUX's, which nobody runs.
        ("broker.url", "amqp://guest:guest@127.0.0.1:1/%2f".to_owned()),
        ("worker.bind", ANY_PORT.to_owned()),
        ("worker.id", format!("lonely-{}", uuid::Uuid::new_v4().simple())),
        ("sandbox.pool.min", "0".to_owned()),
        ("languages.dir", one_language(folder.path())),
    ];
    let mut worker = Gavel::start(&["worker"], folder.path(), &settings);
    worker.worker_address().await;
    let (status, text) = worker.get("/readyz").await;
    assert!(status == 503 && text.contains("no connection to the broker"), "{status} {text}");
    assert_eq!(worker.get("/healthz").await.0, 200, "it lives");
    worker.signal(Signal::TERM);
    let ended = worker.end().await;
    ended.assert_code(0);
}
