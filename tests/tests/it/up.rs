//! `gavel up`: everything in one process.

use std::path::Path;
use std::time::{Duration, Instant};

use gavel_testkit::until;
use rustix::process::Signal;
use serde_json::{Value, json};
use test_case::test_case;

use crate::collector::{Collector, secretive, submit_traced};
use crate::docker::Sandboxes;
use crate::process::{ANY_PORT, Gavel};

const PATIENCE: Duration = Duration::from_secs(180);

/// Settings of an all-in-one Gavel that keeps everything in `folder`.
pub fn settings(folder: &Path, id: &str) -> Vec<(&'static str, String)> {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    vec![
        ("api.bind", ANY_PORT.to_owned()),
        ("worker.bind", ANY_PORT.to_owned()),
        ("worker.id", id.to_owned()),
        ("worker.slots", "1".to_owned()),
        ("worker.cache_dir", path("cache")),
        ("worker.grace", "1s".to_owned()),
        ("store.path", path("gavel.db")),
        ("blobs.dir", path("blobs")),
        ("sandbox.pool.min", "0".to_owned()),
        ("sandbox.pool.max", "1".to_owned()),
    ]
}

fn unique() -> String {
    format!("up-{}", uuid::Uuid::new_v4().simple())
}

pub async fn up(folder: &Path, id: &str) -> Gavel {
    start(folder, &settings(folder, id)).await
}

/// Ready is not enough: the worker's half begins with programs of its own, which ask compilers for their versions.
async fn start(folder: &Path, settings: &[(&'static str, String)]) -> Gavel {
    Gavel::start(&["up"], folder, settings).api_ready().await.worker_ready().await
}

async fn run(gavel: &Gavel, language: &str, code: &str, input: &str) -> Value {
    gavel.post("/run", &json!({"selectedLanguage": language, "userCode": code, "userInput": input})).await
}

#[tokio::test]
async fn the_simple_call_says_hello_in_five_languages_and_tells_failures() {
    let folder = tempfile::tempdir().unwrap();
    let id = unique();
    let gavel = up(folder.path(), &id).await;
    let hello = json!({"success": true, "verdict": "AC", "output": "Hello", "error": null});
    for (language, code) in [
        ("cpp", "#include <bits/stdc++.h>\nint main(){ std::cout << \"Hello\" << std::endl; }"),
        ("go", "package main\nimport \"fmt\"\nfunc main() { fmt.Println(\"Hello\") }"),
        ("rust", "fn main() { println!(\"Hello\"); }"),
        (
            "java",
            "public class Main { public static void main(String[] a) { System.out.println(\"Hello\"); } }",
        ),
        ("node", "console.log('Hello')"),
    ] {
        assert_eq!(run(&gavel, language, code, "").await, hello, "{language}");
    }
    let (_, workers) = gavel.get("/api/v1/workers").await;
    assert!(workers.contains(&format!("{id:?}")), "the worker inside is listed: {workers}");
    assert_eq!(
        run(&gavel, "python3", "print(input()[::-1])", "abc\n").await,
        json!({"success": true, "verdict": "AC", "output": "cba", "error": null})
    );

    let refused = run(&gavel, "cpp", "int main() { return nothing; }", "").await;
    assert_eq!((&refused["success"], &refused["verdict"]), (&json!(false), &json!("CE")), "{refused}");
    let text = refused["error"].as_str().unwrap();
    assert!(text.contains("nothing") && text.contains("error"), "the compiler's text: {text}");

    let failed = run(&gavel, "python", "import sys\nprint('before')\nsys.exit('what went wrong')", "").await;
    assert_eq!((&failed["success"], &failed["verdict"]), (&json!(false), &json!("RTE")), "{failed}");
    assert_eq!((&failed["output"], &failed["error"]), (&json!("before"), &json!("what went wrong")));

    let slow = run(&gavel, "node", "for(;;);", "").await;
    assert_eq!((&slow["success"], &slow["verdict"]), (&json!(false), &json!("TLE")), "{slow}");

    gavel.signal(Signal::TERM);
    let ended = gavel.end().await;
    ended.assert_code(0);
    Sandboxes::of(&id).assert_gone_after(Instant::now()).await;
}

#[test_case(Signal::TERM; "a polite signal")]
#[test_case(Signal::KILL; "a kill")]
#[tokio::test]
async fn what_was_not_finished_is_finished_after_a_restart(signal: Signal) {
    let folder = tempfile::tempdir().unwrap();
    let id = unique();
    let traces = Collector::start().await;
    let mut settings = settings(folder.path(), &id);
    settings.push(traces.setting());
    let gavel = start(folder.path(), &settings).await;
    let sleeper = secretive(3);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(gavel.submit(&sleeper).await);
    }
    ids.push(submit_traced(&gavel, &sleeper).await);
    // One is done, one runs, two wait.
    assert_eq!(gavel.result(&ids[0], PATIENCE).await["verdict"], "AC");
    Sandboxes::of(&id).wait_for_a_program().await;
    gavel.signal(signal);
    let ended = gavel.end().await;
    let end = Instant::now();
    if signal == Signal::TERM {
        ended.assert_code(0);
    }
    Sandboxes::of(&id).assert_gone_after(end).await;

    let again = start(folder.path(), &settings).await;
    let first = again.result(&ids[0], PATIENCE).await;
    assert_eq!(first["verdict"], "AC", "a result outlives the process");
    let finished = first["finished_at"].clone();
    for id in &ids[1..] {
        assert_eq!(again.result(id, PATIENCE).await["verdict"], "AC");
    }
    assert_eq!(again.result(&ids[0], PATIENCE).await["finished_at"], finished, "it was judged again");
    again.signal(Signal::TERM);
    let ended = again.end().await;
    ended.assert_code(0);
    // Accepted by one process, judged by the next.
    traces.whole().await.assert_whole(&ids[3], "gavel", "gavel");
    Sandboxes::of(&id).assert_gone_after(Instant::now()).await;
}

#[tokio::test]
async fn what_the_engine_left_lying_its_worker_takes_away_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let id = unique();
    let gavel = up(folder.path(), &id).await;
    let sandboxes = Sandboxes::of(&id);
    until("a sandbox is warm", PATIENCE, async || (!sandboxes.list(false).await.is_empty()).then_some(()))
        .await;
    sandboxes.leave_one().await;
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
    sandboxes.assert_gone_after(Instant::now()).await;
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once_and_leaves_no_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let id = unique();
    let mut settings = settings(folder.path(), &id);
    settings.retain(|(key, _)| *key != "worker.grace");
    settings.push(("worker.grace", "5m".to_owned()));
    let gavel = start(folder.path(), &settings).await;
    let sleeper = json!({
        "language": "c", "source": "#include <unistd.h>\nint main(){ sleep(50); }", "limits": {"wall_ms": 60_000},
    });
    gavel.submit(&sleeper).await;
    Sandboxes::of(&id).wait_for_a_program().await;
    gavel.signal(Signal::TERM);
    until("it says that it drains", PATIENCE, async || gavel.log().contains("draining").then_some(())).await;
    gavel.signal(Signal::TERM);
    let ended = gavel.end().await;
    ended.assert_code(130);
    Sandboxes::of(&id).assert_gone_after(Instant::now()).await;
}
