//! A submission that nobody wants any more: what runs of it is dead at once, what waits of it is not begun.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use gavel_testkit::until;
use rustix::process::Signal;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::docker::Sandboxes;
use crate::fleet::{Fleet, PATIENCE, unique};
use crate::process::Gavel;
use crate::rabbit::watch_results;
use crate::up::up;

/// How soon after the answer to its cancellation everything of a submission must be dead.
const DEAD_WITHIN: Duration = Duration::from_secs(1);

const SLEEPER: &str = "#include <unistd.h>\nint main(){ for (;;) sleep(60); }";

/// A package with one test and a validator that never ends.
fn package(kind: &str) -> Vec<u8> {
    let yaml = format!(
        "problem_format_version: 2025-09\nname: Endless\nuuid: 5f0e1a52-1111-4222-8333-944455566677\n\
         type: {kind}\nlimits:\n  time_limit: 20\n  validation_time: 60\n"
    );
    let files = [
        ("problem.yaml", yaml.as_str()),
        ("data/secret/1.in", "1\n"),
        ("data/secret/1.ans", "1\n"),
        ("output_validator/validate.c", SLEEPER),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sleeper() -> Value {
    json!({"language": "c", "source": SLEEPER, "limits": {"wall_ms": 60_000}})
}

fn at_problem(source: &str, problem: &str) -> Value {
    json!({"language": "c", "source": source, "work": {"kind": "problem", "problem": problem}})
}

async fn assert_canceled(gavel: &Gavel, id: &str) {
    let view = gavel.result(id, PATIENCE).await;
    assert_eq!((&view["state"], &view["verdict"]), (&json!("canceled"), &json!("CANCELED")), "{view:#}");
}

#[tokio::test]
async fn whatever_runs_of_a_submission_is_dead_within_a_second_of_its_cancellation() {
    let folder = tempfile::tempdir().unwrap();
    let worker = unique("cancel");
    let gavel = up(folder.path(), &worker).await;
    for (problem, kind) in [("checked", "pass-fail"), ("interactive", "interactive")] {
        gavel.put(&format!("/api/v1/problems/{problem}"), package(kind)).await;
    }
    let bomb = "template<long D,long I> struct X{ static const long v=X<D-1,2*I>::v+X<D-1,2*I+1>::v; };\n\
        template<long I> struct X<0,I>{ static const long v=I; };\nint main(){ return X<30,1>::v; }\n";
    let forks = "import os, time\nfor _ in range(20):\n  if os.fork() == 0: os.setsid()\ntime.sleep(60)\n";
    let sandboxes = Sandboxes::of(&worker);
    let cases = [
        ("a program", sleeper(), "/tmp/out/main"),
        ("a compiler", json!({"language": "cpp", "source": bomb}), "cc1plus"),
        (
            "processes in sessions of their own",
            json!({"language": "python", "source": forks, "limits": {"wall_ms": 60_000}}),
            "python",
        ),
        ("a validator", at_problem("int main(){ return 0; }", "checked"), "judge.in"),
        ("an interactor, with its program", at_problem(SLEEPER, "interactive"), "judge.in"),
    ];
    for (number, (what, submission, words)) in cases.iter().enumerate() {
        let id = gavel.submit(submission).await;
        sandboxes.wait_for(words).await;
        gavel.cancel(&id).await;
        let begin = Instant::now();
        sandboxes.assert_no_program_after(begin, DEAD_WITHIN).await;
        println!("{what}: nothing runs after {:?}", begin.elapsed());
        assert_canceled(&gavel, &id).await;
        let count = (number + 1) as f64;
        until("it is counted", PATIENCE, async || {
            (gavel.metric("gavel_canceled_total{when=\"judging\"}").await == count).then_some(())
        })
        .await;
    }
    // The one slot is free, and nothing of all that came to a result.
    let fine = gavel.submit(&json!({"language": "python", "source": "print(1)"})).await;
    assert_eq!(gavel.result(&fine, PATIENCE).await["verdict"], "AC");
    assert_eq!(gavel.metric("gavel_results_canceled_total").await, 0.0);
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
    sandboxes.assert_gone_after(Instant::now()).await;
}

#[tokio::test]
async fn over_rabbitmq_a_canceled_submission_is_stopped_or_not_begun() {
    let fleet = Fleet::start().await;
    let seen = watch_results(&fleet.rabbit).await;
    let name = unique("only");
    let worker = fleet.worker(&name).await;
    let running = fleet.api.submit(&sleeper()).await;
    let sandboxes = Sandboxes::of(&name);
    sandboxes.wait_for("/tmp/out/main").await;
    let waiting = fleet.api.submit(&sleeper()).await;
    let last = fleet.api.submit(&json!({"language": "python", "source": "print(1)"})).await;
    fleet.api.cancel(&waiting).await;
    fleet.api.cancel(&running).await;
    sandboxes.assert_no_program_after(Instant::now(), DEAD_WITHIN).await;
    assert_eq!(fleet.api.result(&last, PATIENCE).await["verdict"], "AC", "what came after both is judged");
    for id in [&running, &waiting] {
        assert_canceled(&fleet.api, id).await;
    }
    for when in ["judging", "waiting"] {
        let counted = worker.metric(&format!("gavel_canceled_total{{when=\"{when}\"}}")).await;
        assert_eq!(counted, 1.0, "{when}");
    }
    assert_eq!(seen.count(), 1, "only one came to a result");

    // A worker that ends is still told, and need not wait for its grace period.
    let long = fleet.api.submit(&sleeper()).await;
    sandboxes.wait_for("/tmp/out/main").await;
    worker.signal(Signal::TERM);
    until("it drains", PATIENCE, async || worker.log().contains("draining").then_some(())).await;
    fleet.api.cancel(&long).await;
    let ended = worker.end().await;
    ended.assert_code(0);
    assert!(!ended.log.contains("the grace period is over"), "{}", ended.log);
    fleet.rabbit.wait_for_waiting(fleet.rabbit.name("submissions.practice"), 0).await;

    // One that was not there when it was said judges in vain.
    let unheard = fleet.api.submit(&json!({"language": "python", "source": "print(2)"})).await;
    fleet.api.cancel(&unheard).await;
    let late = fleet.worker(&unique("late")).await;
    until("its result is dropped and counted", PATIENCE, async || {
        (fleet.api.metric("gavel_results_canceled_total").await == 1.0).then_some(())
    })
    .await;
    assert_canceled(&fleet.api, &unheard).await;
    drop(late);
    fleet.end().await;
}

/// Cancellations that come while a sandbox is made, sources are put, a compiler runs, a program runs, a result is
/// published: whatever they meet, nothing of it is left.
#[tokio::test]
async fn at_whatever_moment_it_is_canceled_the_slot_and_the_sandboxes_are_free() {
    let folder = tempfile::tempdir().unwrap();
    let gavel = up(folder.path(), &unique("moments")).await;
    let mut ends = BTreeMap::<String, usize>::new();
    for number in 0..60 {
        // Another source each time: nothing comes from the cache.
        let source = format!("#include <stdio.h>\nint main(){{ puts(\"{number}\"); }}");
        let id = gavel.submit(&json!({"language": "c", "source": source})).await;
        tokio::time::sleep(Duration::from_millis(number * 8)).await;
        let (status, _) = gavel.delete(&format!("/api/v1/submissions/{id}")).await;
        let verdict = gavel.result(&id, PATIENCE).await["verdict"].as_str().unwrap().to_owned();
        assert_eq!(verdict, if status == 200 { "CANCELED" } else { "AC" }, "{status}");
        *ends.entry(verdict).or_default() += 1;
    }
    println!("{ends:?}");
    assert!(ends["CANCELED"] > 5, "{ends:?}");
    for metric in [
        "gavel_slots{state=\"busy\"}",
        "gavel_sandboxes{image=\"c-run\",state=\"leased\"}",
        "gavel_sandboxes{image=\"c-compile\",state=\"leased\"}",
    ] {
        until(metric, PATIENCE, async || (gavel.metric(metric).await == 0.0).then_some(())).await;
    }
    let fine = gavel.submit(&json!({"language": "c", "source": "int main(){ return 0; }"})).await;
    assert_eq!(gavel.result(&fine, PATIENCE).await["verdict"], "AC");
}
