//! Fleets that shrink and grow, over RabbitMQ.

use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, future::join_all, stream};
use gavel_testkit::until;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::docker::Sandboxes;
use crate::fleet::{Fleet, PATIENCE, unique};
use crate::process::{binary, time};

/// A program that sleeps, so that a core is no bound.
fn sleeper(milliseconds: u32) -> Value {
    let source = format!("#include <unistd.h>\nint main(){{ usleep({milliseconds}000); }}");
    json!({"language": "c", "source": source, "limits": {"wall_ms": 20_000}})
}

/// Submits so many, and waits until all are judged.
async fn judged(fleet: &Fleet, body: &Value, count: usize) -> Vec<Value> {
    let ids: Vec<String> =
        stream::iter(0..count).map(|_| fleet.api.submit(body)).buffered(16).collect().await;
    join_all(ids.iter().map(|id| fleet.api.result(id, PATIENCE))).await
}

#[tokio::test]
async fn a_drained_worker_finishes_and_the_other_one_takes_the_rest() {
    let fleet = Fleet::start().await;
    let (leaves, stays) = (unique("a-leaves"), unique("b-stays"));
    let (leaving, staying) = tokio::join!(fleet.worker(&leaves), fleet.worker(&stays));
    let body = sleeper(500);
    let ids = join_all((0..8).map(|_| fleet.api.submit(&body))).await;
    Sandboxes::of(&leaves).wait_for_a_program().await;
    let told = Command::new(binary())
        .args(["drain", "--wait", &leaves])
        .env("GAVEL_URL", fleet.api.url())
        .current_dir(fleet.folder.path())
        .output()
        .unwrap();
    let drained_at = Timestamp::now();
    let text = String::from_utf8_lossy(&told.stdout);
    assert!(told.status.success() && text.ends_with(&format!("{leaves} is done\n")), "{told:?}");
    let results = join_all(ids.iter().map(|id| fleet.api.result(id, PATIENCE))).await;
    for result in &results {
        let got = (result["verdict"].as_str(), result["attempt"].as_u64());
        assert_eq!(got, (Some("AC"), Some(1)), "{result:#}");
    }
    let by = |worker: &str| {
        let of_worker = |result: &&Value| result["worker"].as_str() == Some(worker);
        results.iter().filter(of_worker).cloned().collect::<Vec<_>>()
    };
    let (left, taken) = (by(&leaves), by(&stays));
    assert_eq!(left.len() + taken.len(), ids.len());
    assert!(!left.is_empty(), "it finished what it had begun");
    assert!(left.iter().all(|result| time(result, "started_at") < drained_at), "it took more: {left:#?}");
    assert!(taken.len() > left.len(), "the other one took the rest: {} and {}", left.len(), taken.len());
    for queue in ["submissions.contest", "submissions.practice", "dead"] {
        assert_eq!(fleet.rabbit.waiting(queue).await, 0, "{queue}");
    }
    drop((leaving, staying));
    fleet.end().await;
}

/// Verdicts a second with one, two and four workers of one slot each.
#[tokio::test]
#[ignore = "half a minute, and an idle machine: cargo nextest run --workspace --run-ignored only -E 'test(verdicts_grow)'"]
async fn verdicts_grow_with_workers() {
    const EACH: usize = 10;
    let fleet = Fleet::start().await;
    let (mut workers, mut rates) = (Vec::new(), Vec::new());
    for count in [1, 2, 4] {
        while workers.len() < count {
            workers.push(fleet.worker(&unique("grows")).await);
        }
        // Every worker has the artifact, and a warm sandbox.
        judged(&fleet, &sleeper(900), 2 * count).await;
        let results = judged(&fleet, &sleeper(900), EACH * count).await;
        let begin = results.iter().map(|result| time(result, "started_at")).min().unwrap();
        let end = results.iter().map(|result| time(result, "finished_at")).max().unwrap();
        let rate = results.len() as f64 / end.duration_since(begin).as_secs_f64();
        println!("{count} workers: {rate:.2} verdicts/s");
        rates.push(rate);
    }
    let (two, four) = (rates[1] / rates[0], rates[2] / rates[0]);
    println!("2 workers: {two:.2} times as many, 4 workers: {four:.2} times as many");
    assert!(two >= 1.9 && four >= 3.7, "{rates:?}");
    drop(workers);
    fleet.end().await;
}

/// How long submissions of a contest wait, beside nothing else and beside ten thousand of rejudges; and what as many cost the API that
/// come in one call.
#[tokio::test]
#[ignore = "three minutes: cargo nextest run --workspace --run-ignored only --no-capture -E 'test(a_contest_waits)'"]
async fn a_contest_waits_no_longer_beside_ten_thousand_of_a_rejudge() {
    const EACH: usize = 500;
    const REJUDGES: usize = 20;
    let fleet = Fleet::start().await;
    // Room for what both languages keep warm: with less each would end the other's.
    let own = [("worker.slots", "2"), ("sandbox.pool.max", "8")];
    let own = own.map(|(key, value)| (key, value.to_owned())).to_vec();
    let worker = fleet.worker_by(&unique("busy"), own).await;
    let batch = submit_batch(&fleet, EACH).await;
    until("the batch is judged", PATIENCE, async || {
        (batch_state(&fleet, &batch).await == "done").then_some(())
    })
    .await;
    let mut contest = sleeper(200);
    contest["lane"] = json!("contest");
    judged(&fleet, &contest, 4).await;
    let alone = waits_of_bursts(&fleet, &contest).await;
    let mut rejudges = Vec::new();
    for _ in 0..REJUDGES {
        let rejudge = fleet.api.post(&format!("/api/v1/batches/{batch}/rejudge"), &json!({})).await;
        rejudges.push(format!("/api/v1/rejudges/{}", rejudge["id"].as_str().unwrap()));
    }
    let beside = waits_of_bursts(&fleet, &contest).await;
    let last = fleet.api.view(rejudges.last().unwrap()).await;
    assert_eq!(last["state"], "judging", "they went on all the time: {last:#}");
    println!(
        "p95 of the contest's waits: {alone:.0} ms alone, {beside:.0} ms beside: {:.2} times",
        beside / alone
    );
    for rejudge in &rejudges {
        fleet.api.delete(rejudge).await;
    }

    let (memory, begin) = (fleet.api.memory().unwrap() >> 20, Instant::now());
    let batch = submit_batch(&fleet, EACH * REJUDGES).await;
    let accepted = begin.elapsed();
    let grown = (fleet.api.peak_memory() >> 20).saturating_sub(memory);
    println!("{} accepted in {accepted:.1?}; {memory} MiB of memory, {grown} more at most", EACH * REJUDGES);
    fleet.api.delete(&format!("/api/v1/batches/{batch}")).await;
    assert!(beside <= 1.5 * alone && grown < 100);
    drop(worker);
    fleet.end().await;
}

/// Submits so many small programs at once; the batch's id.
async fn submit_batch(fleet: &Fleet, count: usize) -> String {
    let entries: Vec<Value> = (0..count).map(|k| json!({"source": format!("print({k})")})).collect();
    let body = json!({"common": {"language": "python"}, "submissions": entries});
    fleet.api.post("/api/v1/batches", &body).await["id"].as_str().unwrap().to_owned()
}

async fn batch_state(fleet: &Fleet, batch: &str) -> String {
    fleet.api.view(&format!("/api/v1/batches/{batch}")).await["state"].as_str().unwrap().to_owned()
}

/// The 95th percentile of the waits, in milliseconds, of twenty bursts that keep two slots half busy.
async fn waits_of_bursts(fleet: &Fleet, body: &Value) -> f64 {
    let mut bursts = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(2));
    for _ in 0..20 {
        ticks.tick().await;
        bursts.push(join_all((0..10).map(|_| fleet.api.submit(body))).await);
    }
    let results = join_all(bursts.iter().flatten().map(|id| fleet.api.result(id, PATIENCE))).await;
    let mut waits: Vec<f64> =
        results.iter().map(|result| result["timings"]["queue_ms"].as_f64().unwrap()).collect();
    waits.sort_unstable_by(f64::total_cmp);
    waits[waits.len() * 95 / 100]
}
