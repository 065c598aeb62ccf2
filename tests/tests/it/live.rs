//! Programs that talk with their client while they run, in containers, over both brokers.

use std::time::{Duration, Instant};

use gavel_testkit::{Heard, Talk};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::docker::Sandboxes;
use crate::fleet::{Fleet, unique};
use crate::process::Gavel;
use crate::up::up;

/// How soon after its client has gone everything of a program must be dead.
const DEAD_WITHIN: Duration = Duration::from_secs(1);

const PYTHON: &str = "import sys\nfor question in ['name', 'age', 'town']:\n    print(question, end='? ', flush=True)\n    \
    print('[' + input() + ']', flush=True)\nsys.exit(7)\n";
const C: &str = "#include <stdio.h>\nint main(){ char line[64]; const char *ask[] = {\"name\", \"age\", \"town\"};\n\
    for (int k = 0; k < 3; k++) { printf(\"%s? \", ask[k]); fflush(stdout); if (scanf(\"%63s\", line) != 1) return 1;\n\
    printf(\"[%s]\\n\", line); } return 7; }";
const SLEEPER: &str = "#include <unistd.h>\nint main(){ write(1, \"ready\", 5); for (;;) sleep(60); }";

/// Begins a run of our own words; the next message is of the program.
async fn begin(gavel: &Gavel, language: &str, source: &str, more: &Value) -> Talk {
    let mut talk = Talk::begin(&format!("{}/api/v1/run/live", gavel.url())).await;
    let mut start = json!({"type": "start", "language": language, "source": source});
    start.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    talk.say(&start).await;
    assert_eq!(talk.message().await["type"], "started");
    talk
}

async fn runs(talk: &mut Talk) {
    loop {
        let message = talk.message().await;
        match message["type"].as_str().unwrap() {
            "stage" if message["stage"] == "run" => return,
            "stage" | "compiled" => {}
            _ => panic!("{message}"),
        }
    }
}

/// Answers three questions, each of which comes before its answer is given.
async fn answered(talk: &mut Talk, say: impl Fn(&str) -> Value) {
    talk.hear_written("stdout", "name? ").await;
    for (answer, then) in [("Ann", "[Ann]\nage? "), ("36", "[36]\ntown? "), ("Ulm", "[Ulm]\n")] {
        talk.say(&say(&format!("{answer}\n"))).await;
        talk.hear_written("stdout", then).await;
    }
}

async fn both_doors_are_answered(gavel: &Gavel) {
    let mut talk = begin(gavel, "python", PYTHON, &json!({})).await;
    runs(&mut talk).await;
    answered(&mut talk, |text| json!({"type": "stdin", "data": text})).await;
    let (last, code) = talk.to_the_end().await;
    let result = &last[0]["result"];
    assert_eq!(
        (code, &last[0]["reason"], &result["verdict"]),
        (1000, &json!("done"), &json!("RTE")),
        "{last:?}"
    );
    assert_eq!(result["tests"][0]["exit_code"], 7, "{result}");
    assert!(
        result["cpu_ms"].as_f64().unwrap() > 0.0 && result["memory_bytes"].as_u64().unwrap() > 0,
        "{result}"
    );

    let mut talk = Talk::begin(&format!("{}/piston/api/v2/connect", gavel.url())).await;
    talk.say(&json!({"type": "init", "language": "c", "version": "*", "files": [{"content": C}]})).await;
    let expected =
        [("runtime", None), ("stage", Some("compile")), ("exit", Some("compile")), ("stage", Some("run"))];
    for (kind, stage) in expected {
        let message = talk.message().await;
        assert_eq!((message["type"].as_str(), message["stage"].as_str()), (Some(kind), stage), "{message}");
    }
    answered(&mut talk, |text| json!({"type": "data", "stream": "stdin", "data": text})).await;
    assert_eq!(talk.message().await, json!({"type": "exit", "stage": "run", "code": 7, "signal": null}));
    assert_eq!(talk.hear().await, Heard::Close(4999, "Job Completed".to_owned()));
}

#[tokio::test]
async fn programs_are_answered_and_bounded_in_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let worker = unique("live");
    let gavel = up(folder.path(), &worker).await;
    let sandboxes = Sandboxes::of(&worker);
    both_doors_are_answered(&gavel).await;

    // Nobody says anything.
    let talk = begin(&gavel, "python", PYTHON, &json!({"idle_ms": 300})).await;
    let last = assert_ended(talk, "idle", "TLE").await;
    assert_eq!(last["tests"][0]["limit"], "wall", "{last}");

    let chatter = "import time\nwhile True:\n    print('.', flush=True)\n    time.sleep(0.05)\n";
    let talk = begin(&gavel, "python", chatter, &json!({"limits": {"wall_ms": 500}})).await;
    assert_ended(talk, "session", "TLE").await;

    let flood = "while True:\n    print('x' * 1000)\n";
    let mut talk = begin(&gavel, "python", flood, &json!({"limits": {"output_kb": 64}})).await;
    runs(&mut talk).await;
    let (messages, _) = talk.to_the_end().await;
    let (last, written) = messages.split_last().unwrap();
    assert_eq!((&last["reason"], &last["result"]["verdict"]), (&json!("done"), &json!("OLE")), "{last}");
    let written: usize = written.iter().map(|message| message["data"].as_str().unwrap().len()).sum();
    assert_eq!(written, 64 * 1024, "no byte more");

    let talk = begin(&gavel, "c", "int main(){ return nothing; }", &json!({})).await;
    let last = assert_ended(talk, "done", "CE").await;
    assert!(last["compile"]["output"].as_str().unwrap().contains("nothing"), "{last}");

    // Signals, one that it catches and one that nobody can. Where it is caught nothing is printed: it may come in the middle of a print.
    let catches = "import os, signal\nsignal.signal(signal.SIGINT, lambda *_: os.write(1, b'caught\\n'))\n\
        print('ready', flush=True)\nwhile True: signal.pause()\n";
    let mut talk = begin(&gavel, "python", catches, &json!({})).await;
    runs(&mut talk).await;
    talk.hear_written("stdout", "ready\n").await;
    talk.say(&json!({"type": "signal", "signal": "SIGINT"})).await;
    talk.hear_written("stdout", "caught\n").await;
    talk.say(&json!({"type": "signal", "signal": "SIGKILL"})).await;
    let last = assert_ended(talk, "done", "RTE").await;
    assert_eq!(last["tests"][0]["signal"], 9, "{last}");

    let mut talk = begin(&gavel, "c", SLEEPER, &json!({})).await;
    runs(&mut talk).await;
    talk.hear_written("stdout", "ready").await;
    drop(talk);
    sandboxes.assert_no_program_after(Instant::now(), DEAD_WITHIN).await;
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
    sandboxes.assert_gone_after(Instant::now()).await;
}

/// Writes the time, in microseconds, every few milliseconds, and at last once more than a line's worth.
const CLOCK: &str = "#include <stdio.h>\n#include <time.h>\n#include <unistd.h>\nint main(){ for (int k = 0; k < 300; k++) {\n\
    usleep(17000); struct timespec t; clock_gettime(CLOCK_REALTIME, &t);\n\
    printf(\"%lld\\n\", t.tv_sec * 1000000LL + t.tv_nsec / 1000); fflush(stdout); } }";

/// How long what a program writes is on its way to its client; the smallest half, and all but one in a hundred, in milliseconds.
async fn delays(gavel: &Gavel) -> (f64, f64) {
    let mut talk = begin(gavel, "c", CLOCK, &json!({})).await;
    runs(&mut talk).await;
    let mut delays = Vec::new();
    loop {
        let message = talk.message().await;
        let now =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros() as f64;
        if message["type"] != "data" {
            break;
        }
        let written = message["data"].as_str().unwrap().lines();
        delays.extend(written.map(|line| (now - line.parse::<f64>().unwrap()) / 1e3));
    }
    assert_eq!(delays.len(), 300, "nothing is lost");
    delays.sort_by(f64::total_cmp);
    (delays[150], delays[297])
}

/// What live output takes, from the program's clock to its client's.
#[tokio::test]
#[ignore = "half a minute: cargo nextest run --workspace --run-ignored only --no-capture -E 'test(live_output_arrives)'"]
async fn live_output_arrives_soon_after_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let one = up(folder.path(), &unique("soon")).await;
    let fleet = Fleet::start().await;
    let worker = fleet.worker(&unique("soon")).await;
    for (what, gavel) in [("one process", &one), ("RabbitMQ", &fleet.api)] {
        for round in 1..=3 {
            let (median, most) = delays(gavel).await;
            println!("{what}, round {round}: median {median:.2} ms, p99 {most:.2} ms");
            assert!(median < 20.0, "{what}");
        }
    }
    drop(worker);
    fleet.end().await;
}

/// The result that a run came to its end with.
async fn assert_ended(talk: Talk, reason: &str, verdict: &str) -> Value {
    let (mut messages, code) = { talk }.to_the_end().await;
    let last = messages.pop().unwrap();
    assert_eq!(
        (code, &last["reason"], &last["result"]["verdict"]),
        (1000, &reason.into(), &verdict.into()),
        "{last}"
    );
    last["result"].clone()
}

#[tokio::test]
async fn programs_are_answered_over_rabbitmq_and_a_killed_worker_ends_its_run() {
    let fleet = Fleet::start().await;
    let [first, second] = ["live-1", "live-2"].map(unique);
    let worker = fleet.worker(&first).await;
    both_doors_are_answered(&fleet.api).await;

    let mut talk = begin(&fleet.api, "c", SLEEPER, &json!({})).await;
    runs(&mut talk).await;
    talk.hear_written("stdout", "ready").await;
    let other = fleet.worker(&second).await;
    worker.signal(Signal::KILL);
    worker.end().await;
    Sandboxes::of(&first).assert_gone_after(Instant::now()).await;
    let told = talk.message().await;
    assert_eq!(
        (&told["type"], &told["reason"]),
        (&json!("error"), &json!("lost")),
        "nobody begins it again: {told}"
    );
    assert!(matches!(talk.hear().await, Heard::Close(4503, _)));

    // A client that leaves frees the slot of the one worker that is left.
    let mut talk = begin(&fleet.api, "c", SLEEPER, &json!({})).await;
    runs(&mut talk).await;
    talk.hear_written("stdout", "ready").await;
    drop(talk);
    Sandboxes::of(&second).assert_no_program_after(Instant::now(), DEAD_WITHIN).await;
    let queue = fleet.rabbit.name("live");
    fleet.rabbit.wait_for_waiting(queue, 0).await;
    other.signal(Signal::TERM);
    other.end().await.assert_code(0);
    fleet.end().await;
}
