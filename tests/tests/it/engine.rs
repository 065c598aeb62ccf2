//! A Docker Engine that does not do all it is asked for, and one that is restarted.

use gavel_testkit::{DockerEngine, EngineProxy, until};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::docker::Sandboxes;
use crate::fleet::{PATIENCE, unique};
use crate::process::Gavel;
use crate::up::settings;

/// Some seconds of work for a C compiler.
const SLOW_TO_COMPILE: &str = "#include <stdio.h>\n#define A x = x * 3 + n; n ^= x;\n#define B A A A A A A A A\n#define C B B B B B B B B\n\
    #define D C C C C C C C C\n#define E D D D D D D D D\nint main(void) { unsigned x = 1, n = 2; E E puts(\"done\"); return x == n; }\n";

/// Everything in one process, behind a proxy; not waited for.
fn behind(engine: &EngineProxy, folder: &std::path::Path, worker: &str) -> Gavel {
    let mut settings = settings(folder, worker);
    settings.extend([("sandbox.docker", engine.address()), ("worker.canary_every", "1s".to_owned())]);
    Gavel::start(&["up"], folder, &settings)
}

/// What the worker says of itself.
async fn readiness(address: std::net::SocketAddr) -> (u16, String) {
    let answer = reqwest::get(format!("http://{address}/readyz")).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn says(address: std::net::SocketAddr, status: u16, words: &str) {
    until(&format!("it says {status} {words}"), PATIENCE, async || {
        let (told, text) = readiness(address).await;
        (told == status && text.contains(words)).then_some(())
    })
    .await;
}

fn without_masks(body: &mut Value) {
    body["HostConfig"]["MaskedPaths"] = json!([]);
}

#[tokio::test]
async fn nothing_is_judged_while_programs_are_not_kept_in() {
    let folder = tempfile::tempdir().unwrap();
    let engine = EngineProxy::lying(without_masks);
    let mut gavel = behind(&engine, folder.path(), &unique("kept-in")).api_ready().await;
    let address = gavel.worker_address().await;
    let id = gavel.submit(&json!({"language": "python", "source": "print(1)"})).await;
    says(address, 503, "masks: files of /proc that tell of the machine").await;
    let unsound = "gavel_canaries_total{outcome=\"unsound\"}";
    until("it was tried again", PATIENCE, async || (gavel.metric(unsound).await >= 2.0).then_some(())).await;
    let absent = "gavel_protection_absent{protection=\"masks\"}";
    assert_eq!(gavel.metric(absent).await, 1.0);
    let (_, view) = gavel.get(&format!("/api/v1/submissions/{id}")).await;
    assert!(view.contains("\"queued\""), "{view}");

    engine.be_honest();
    assert_eq!(gavel.result(&id, PATIENCE).await["verdict"], "AC");
    says(address, 200, "").await;
    assert_eq!(gavel.metric(absent).await, 0.0);

    // What was there at the start may go later.
    engine.lie(without_masks);
    says(address, 503, "masks").await;
    let id = gavel.submit(&json!({"language": "python", "source": "print(2)"})).await;
    engine.be_honest();
    assert_eq!(gavel.result(&id, PATIENCE).await["verdict"], "AC");
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
}

#[tokio::test]
async fn nothing_is_judged_while_a_known_answer_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known");
    let write = |name: &str, text: &str| {
        let path = known.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("python/AC-twice.py", "print(2 * int(input()))");
    write("input.txt", "21");
    write("answer.txt", "42");
    let mut settings = settings(folder.path(), &unique("known"));
    settings.extend([
        ("worker.known_dir", known.display().to_string()),
        ("worker.canary_every", "1s".to_owned()),
    ]);
    let gavel = Gavel::start(&["up"], folder.path(), &settings);
    let mut gavel = gavel.api_ready().await.worker_ready().await;
    let address = gavel.worker_address().await;
    let sound = "gavel_canaries_total{outcome=\"sound\"}";
    until("it was tried twice", PATIENCE, async || (gavel.metric(sound).await >= 2.0).then_some(())).await;
    write("answer.txt", "43");
    says(address, 503, "a right program in python is WA").await;
    let id = gavel.submit(&json!({"language": "python", "source": "print(1)"})).await;
    let drifted = "gavel_canaries_total{outcome=\"drifted\"}";
    assert!(gavel.metric(drifted).await >= 1.0);
    let (_, view) = gavel.get(&format!("/api/v1/submissions/{id}")).await;
    assert!(view.contains("\"queued\""), "{view}");
    write("answer.txt", "42");
    assert_eq!(gavel.result(&id, PATIENCE).await["verdict"], "AC");
    says(address, 200, "").await;
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
}

#[tokio::test]
async fn submissions_outlive_a_restart_of_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let engine = EngineProxy::honest();
    let worker = unique("restart");
    let mut gavel = behind(&engine, folder.path(), &worker).api_ready().await.worker_ready().await;
    let address = gavel.worker_address().await;
    let sleeper = "import time\ntime.sleep(2)\nprint('slept')";
    let work = json!({"kind": "run", "expected_output": "slept"});
    let id = gavel.submit(&json!({"language": "python", "source": sleeper, "work": work})).await;
    Sandboxes::of(&worker).wait_for("main.py").await;
    engine.go_down();
    says(address, 503, "").await;
    let waits = gavel.submit(&json!({"language": "python", "source": "print(1)"})).await;
    engine.come_up();
    let view = gavel.result(&id, PATIENCE).await;
    assert_eq!((&view["verdict"], &view["attempt"]), (&json!("AC"), &json!(2)), "{view:#}");
    assert_eq!(gavel.result(&waits, PATIENCE).await["verdict"], "AC");
    says(address, 200, "").await;
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
}

/// The engine itself is killed, and what it looked after goes on alone until there is one again.
#[tokio::test]
#[ignore = "long: deploy/test.sh --long"]
async fn submissions_outlive_an_engine_that_is_killed() {
    let engine = DockerEngine::start(&["python-run", "c-compile", "c-run"]).await;
    let folder = tempfile::tempdir().unwrap();
    let worker = unique("killed-engine");
    let sandboxes = Sandboxes::at(&engine.socket(), &worker);
    let mut settings = settings(folder.path(), &worker);
    settings.push(("sandbox.docker", format!("unix://{}", engine.socket().display())));
    let gavel = Gavel::start(&["up"], folder.path(), &settings).api_ready().await.worker_ready().await;
    let sleeper = "import time\ntime.sleep(3)\nprint('done')";
    for (language, source, runs) in [("c", SLOW_TO_COMPILE, "cc1"), ("python", sleeper, "main.py")] {
        let work = json!({"kind": "run", "expected_output": "done"});
        let id = gavel.submit(&json!({"language": language, "source": source, "work": work})).await;
        sandboxes.wait_for(runs).await;
        engine.kill();
        let waits = gavel.submit(&json!({"language": "python", "source": "print(1)"})).await;
        engine.resume().await;
        let view = gavel.result(&id, PATIENCE).await;
        assert_eq!((&view["verdict"], &view["attempt"]), (&json!("AC"), &json!(2)), "{runs}: {view:#}");
        let view = gavel.result(&waits, PATIENCE).await;
        assert_eq!((&view["verdict"], &view["attempt"]), (&json!("AC"), &json!(1)), "{view:#}");
    }
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
    sandboxes.assert_gone_after(std::time::Instant::now()).await;
}
