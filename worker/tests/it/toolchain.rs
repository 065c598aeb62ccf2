//! Tools that cannot be started are a fault of this installation, never a verdict on a submission.

use std::sync::Arc;
use std::time::Duration;

use gavel_broker::embedded::EmbeddedBroker;
use gavel_broker::{BrokerMetrics, Dispatcher as _, MAX_ATTEMPTS, Settlement};
use gavel_model::{JudgeResult, Submission, Verdict};
use gavel_platform::telemetry::Registry;
use gavel_worker::{RunParts, WorkerMetrics, run_worker};
use tempfile::TempDir;
use test_case::test_case;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::rig::{Program, Rig, root};

const NOWHERE: &str = "/usr/bin/no-such-tool";

/// A folder with one language, some of whose words are others.
fn language(image: &str, changes: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = std::fs::read_to_string(root().join("images").join(image).join("language.toml")).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is not in {image}'s language.toml");
        text = text.replace(from, to);
    }
    std::fs::create_dir(folder.path().join(image)).unwrap();
    std::fs::write(folder.path().join(image).join("language.toml"), text).unwrap();
    folder
}

fn no_compiler() -> TempDir {
    language("c", &[("\"gcc\", \"-std", &format!("\"{NOWHERE}\", \"-std"))])
}

fn no_interpreter() -> TempDir {
    language("python", &[("\"python3\", \"-B\", \"{main}\"", &format!("\"{NOWHERE}\", \"{{main}}\""))])
}

#[tokio::test]
async fn a_language_without_images_is_not_offered() {
    let folder = language("c", &[]);
    let other = language("python", &[("image = \"python\"", "image = \"never-built\"")]);
    std::fs::rename(other.path().join("python"), folder.path().join("python")).unwrap();
    let rig = Rig::with(|config| config.languages.dir = folder.path().to_owned()).await;
    assert_eq!(rig.host.toolchains.languages().collect::<Vec<_>>(), ["c"]);
}

fn program(language: &str) -> Submission {
    let source = if language == "c" { "int main(){return 0;}" } else { "print(1)" };
    Program::new(language, source).submission()
}

#[test_case("c", no_compiler(); "a compiler")]
#[test_case("python", no_interpreter(); "an interpreter")]
#[tokio::test]
async fn a_tool_that_is_not_there_is_our_fault(language: &str, folder: TempDir) {
    let rig = Rig::with(|config| config.languages.dir = folder.path().to_owned()).await;
    let slot = rig.host.slots.get().await.unwrap();
    let fault = rig.host.judge.judge(&program(language), 1, &slot, &mut |_| ()).await.unwrap_err();
    assert_eq!(fault.kind(), "toolchain", "{fault:?}");
    assert!(!fault.is_permanent(), "another worker may have it");
    let complaint = rig.host.toolchains.starts().complaint().unwrap();
    assert!(complaint.contains(language) && complaint.contains(NOWHERE), "{complaint}");
}

/// What the submission brings may be refused by the kernel: that is its own run-time error.
#[tokio::test]
async fn an_artifact_that_the_kernel_refuses_is_a_run_time_error() {
    let script = "\"/bin/sh\", \"-c\", \"echo not a program > /tmp/out/main; chmod 755 /tmp/out/main\", \"sh\", \"-std";
    let folder = language("c", &[("\"gcc\", \"-std", script)]);
    let rig = Rig::with(|config| config.languages.dir = folder.path().to_owned()).await;
    let result = rig.judge(&program("c")).await;
    assert_eq!(result.verdict, Verdict::Rte, "{result:#?}");
    assert_eq!(rig.host.toolchains.starts().complaint(), None);
}

/// The whole way: three attempts, a judge error that names the tool, and a worker that says it is not ready.
#[tokio::test]
async fn a_missing_compiler_is_tried_again_and_the_worker_says_it_is_not_ready() {
    let folder = no_compiler();
    let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let _end = shutdown.clone().drop_guard();
    let registry = Registry::default();
    let metrics = BrokerMetrics::register(&registry).unwrap();
    let broker = EmbeddedBroker::new(metrics, tasks.clone(), shutdown.clone());
    let mut config = Rig::settings();
    config.languages.dir = folder.path().to_owned();
    config.blobs.dir = folder.path().join("blobs");
    config.worker.bind = free_address().await;
    let address = config.worker.bind;
    let parts = RunParts {
        source: Arc::new(broker.clone()),
        metrics: WorkerMetrics::register(&registry).unwrap(),
        registry,
        tasks: tasks.clone(),
        shutdown: shutdown.clone(),
    };
    let story = async {
        ready(address, "200").await;
        broker.publish(&program("c")).await.unwrap();
        let result = first_result(&broker).await;
        assert_eq!(result.verdict, Verdict::Je, "{result:#?}");
        assert_eq!(result.attempt, MAX_ATTEMPTS);
        assert!(result.error.as_deref().is_some_and(|error| error.contains(NOWHERE)), "{:?}", result.error);
        let answer = ready(address, "503").await;
        assert!(answer.contains("c: ") && answer.contains(NOWHERE), "{answer}");
    };
    tokio::select! {
        ended = run_worker(&config, parts) => panic!("the worker ended: {ended:?}"),
        () = story => {}
    }
}

async fn first_result(broker: &EmbeddedBroker) -> JudgeResult {
    let mut results = broker.results();
    let delivery = tokio::time::timeout(Duration::from_secs(60), results.recv()).await;
    let (result, _, receipt) = delivery.expect("a result within a minute").unwrap().begin();
    receipt.settle(Settlement::Done).await;
    result
}

async fn free_address() -> std::net::SocketAddr {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// Asks `/readyz` until it answers with this status, and returns the answer.
async fn ready(address: std::net::SocketAddr, status: &str) -> String {
    let asked = async {
        loop {
            if let Some(answer) = get(address, "/readyz").await
                && answer.split_whitespace().nth(1) == Some(status)
            {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked)
        .await
        .unwrap_or_else(|_| panic!("/readyz does not answer {status}"))
}

async fn get(address: std::net::SocketAddr, path: &str) -> Option<String> {
    let mut stream = tokio::net::TcpStream::connect(address).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer)
}
