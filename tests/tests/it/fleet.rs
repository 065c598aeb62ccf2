//! `gavel api` and two `gavel worker` over RabbitMQ.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use gavel_testkit::{Rabbit, on_core, until};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::collector::{Collector, TRACE, secretive, submit_traced};
use crate::docker::Sandboxes;
use crate::process::{ANY_PORT, Gavel};
use crate::rabbit::{settings, watch_results};

const SUBMISSIONS: usize = 200;
/// For everything that is judged in one test; the machine may be busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// One API and its workers, in a folder that they share.
pub struct Fleet {
    pub rabbit: Rabbit,
    pub folder: tempfile::TempDir,
    pub api: Gavel,
    /// Where API and workers export their traces.
    traces: Collector,
    /// How many workers were started: each is given another core.
    workers: AtomicUsize,
}

impl Fleet {
    pub async fn start() -> Self {
        Self::on(Rabbit::new().await).await
    }

    /// On another RabbitMQ than the tests' own.
    pub async fn on(rabbit: Rabbit) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&rabbit);
        settings.extend(shared(folder.path()));
        let traces = Collector::start().await;
        settings.extend([
            ("api.bind", ANY_PORT.to_owned()),
            ("store.path", path(folder.path(), "gavel.db")),
            traces.setting(),
        ]);
        let api = Gavel::start(&["api"], folder.path(), &settings).api_ready().await;
        Self { rabbit, folder, api, traces, workers: AtomicUsize::new(0) }
    }

    /// Ends the API and takes away what was declared. The workers must have ended.
    pub async fn end(self) {
        drop(self.api);
        self.rabbit.remove().await;
    }

    /// A worker with one slot, two warm sandboxes and a cache of its own.
    pub async fn worker(&self, id: &str) -> Gavel {
        self.worker_with(id, 1).await
    }

    /// The same with more slots, which share the worker's core.
    pub async fn worker_with(&self, id: &str, slots: usize) -> Gavel {
        self.worker_by(id, vec![("worker.slots", slots.to_string())]).await
    }

    /// One slot, and settings of its own, which outweigh the others.
    pub async fn worker_by(&self, id: &str, own: Vec<(&'static str, String)>) -> Gavel {
        let mut settings = settings(&self.rabbit);
        settings.extend(shared(self.folder.path()));
        settings.extend([
            ("worker.id", id.to_owned()),
            ("worker.bind", ANY_PORT.to_owned()),
            ("worker.slots", "1".to_owned()),
            ("worker.cache_dir", path(self.folder.path(), id)),
            ("sandbox.pool.min", "1".to_owned()),
            ("sandbox.pool.max", "2".to_owned()),
            self.traces.setting(),
        ]);
        settings.extend(own);
        let number = self.workers.fetch_add(1, Ordering::Relaxed);
        let start = || Gavel::start(&["worker"], self.folder.path(), &settings);
        on_core(number, start).worker_ready().await
    }
}

fn shared(folder: &Path) -> Vec<(&'static str, String)> {
    vec![("blobs.dir", path(folder, "blobs")), ("log.filter", "info".to_owned())]
}

pub fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

/// A name no other worker has, so that its sandboxes are told from those of others on this machine.
pub fn unique(name: &str) -> String {
    format!("{name}-{}", uuid::Uuid::new_v4().simple())
}

/// The submission of a number, and the verdict it must get.
pub fn mixed(number: usize) -> (Value, &'static str) {
    let lane = ["contest", "practice"][number / 3 % 2];
    let c = |body: &str| format!("#include <stdio.h>\nint main(){{ int n; scanf(\"%d\",&n); {body} }}\n");
    let (language, source, verdict) = match number % 20 {
        0 => ("c", c("return 3;"), "RTE"),
        1 => ("c", c("return n"), "CE"),
        2 => ("python", "while True: pass\n".to_owned(), "TLE"),
        3 => ("python", "print(int(input()) + 1)\n".to_owned(), "WA"),
        4 => ("python", "print(int(input()) +\n".to_owned(), "CE"),
        5 => ("python", "raise SystemExit(int(input()) * 0 + 2)\n".to_owned(), "RTE"),
        6 | 7 => ("c", c("printf(\"%d\\n\", n + 1);"), "WA"),
        8..=12 => ("c", c(&format!("printf(\"%d\\n\", n * 2); return {number} * 0;")), "AC"),
        _ => ("python", format!("print(int(input()) * 2)  # {number}\n"), "AC"),
    };
    let body = json!({
        "language": language, "source": source, "lane": lane,
        "limits": {"cpu_ms": 300, "wall_ms": 6000},
        "work": {"kind": "tests", "tests": [
            {"input": format!("{number}\n"), "answer": format!("{}\n", number * 2)},
            {"input": format!("{}\n", number + 1), "answer": format!("{}\n", number * 2 + 2)},
        ]},
    });
    (body, verdict)
}

#[tokio::test]
async fn two_workers_judge_two_hundred_and_one_may_leave_half_way() {
    let fleet = Fleet::start().await;
    let seen = watch_results(&fleet.rabbit).await;
    let (stays, leaves) = (unique("stays"), unique("leaves"));
    let (staying, leaving) = tokio::join!(fleet.worker(&stays), fleet.worker(&leaves));

    let wanted: BTreeMap<String, &str> = stream::iter(0..SUBMISSIONS)
        .map(async |number| {
            let (body, verdict) = mixed(number);
            (fleet.api.submit(&body).await, verdict)
        })
        .buffered(16)
        .collect()
        .await;
    assert_eq!(wanted.len(), SUBMISSIONS, "every submission has an id of its own");

    until("a third is judged", PATIENCE, async || (seen.count() >= SUBMISSIONS / 3).then_some(())).await;
    leaving.signal(Signal::TERM);
    let left_at = seen.count();
    let ended = leaving.end().await;
    let end = Instant::now();
    ended.assert_code(0);
    assert!(seen.count() < SUBMISSIONS, "it left when all was done: nothing was shown");
    Sandboxes::of(&leaves).assert_gone_after(end).await;

    let mut workers = BTreeMap::<String, usize>::new();
    for (id, verdict) in &wanted {
        let view = fleet.api.result(id, PATIENCE).await;
        assert_eq!(view["verdict"], *verdict, "{view:#}");
        assert!(view["attempt"].as_u64().unwrap() <= 2, "{view:#}");
        *workers.entry(view["worker"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    println!("left after {left_at}; judged by each: {workers:?}");
    assert_eq!(workers.keys().collect::<BTreeSet<_>>(), BTreeSet::from([&stays, &leaves]), "both did some");
    assert!(workers[&stays] > workers[&leaves], "the one that stayed did more");

    // What the second queue saw: each exactly once, and the same.
    let results = seen.all();
    let ids: BTreeSet<&str> = results.iter().filter_map(|result| result["id"].as_str()).collect();
    assert_eq!(
        (results.len(), ids.len()),
        (SUBMISSIONS, SUBMISSIONS),
        "results, and submissions they are of"
    );
    for result in &results {
        assert_eq!(result["verdict"], wanted[result["id"].as_str().unwrap()]);
    }
    for queue in ["submissions.contest", "submissions.practice", "submissions.rejudge", "dead"] {
        assert_eq!(fleet.rabbit.waiting(queue).await, 0, "{queue}");
    }
    drop(staying);
    fleet.end().await;
}

#[tokio::test]
async fn a_killed_workers_sandboxes_are_gone_and_its_submission_is_judged_elsewhere() {
    let fleet = Fleet::start().await;
    let seen = watch_results(&fleet.rabbit).await;
    let (dies, lives) = (unique("dies"), unique("lives"));
    let dying = fleet.worker(&dies).await;
    let id = submit_traced(&fleet.api, &secretive(6)).await;
    let sandboxes = Sandboxes::of(&dies);
    sandboxes.wait_for_a_program().await;
    let warm = until("sandboxes are warm beside it", PATIENCE, async || {
        let alive = sandboxes.list(false).await.len();
        (alive >= 2).then_some(alive)
    })
    .await;
    dying.signal(Signal::KILL);
    let end = Instant::now();
    sandboxes.assert_gone_after(end).await;
    println!("{warm} sandboxes gone {:?} after their worker was killed", end.elapsed());
    assert!(dying.end().await.status.code().is_none(), "it was killed");
    assert_eq!(seen.count(), 0, "a result of the killed worker");

    let living = fleet.worker(&lives).await;
    let view = fleet.api.result(&id, PATIENCE).await;
    assert_eq!(view["verdict"], "AC", "{view:#}");
    assert_eq!((view["attempt"].as_u64(), view["worker"].as_str()), (Some(2), Some(lives.as_str())));
    assert_eq!(seen.count(), 1, "one result");
    let trace = fleet.traces.whole().await;
    trace.assert_whole(&id, "gavel-api", "gavel-worker");
    let attempts: Vec<_> =
        trace.named("judge").iter().map(|span| span.attributes["attempt"].clone()).collect();
    assert_eq!(attempts, ["2"], "what the killed worker did is nowhere");
    let line = living.log().lines().find(|line| line.contains("verdict=\"AC\"")).unwrap().to_owned();
    assert!(line.contains(TRACE) && line.contains(&id), "{line}");
    drop(living);
    fleet.end().await;
}

#[tokio::test]
async fn the_fleet_is_listed_and_who_drains_says_so() {
    let fleet = Fleet::start().await;
    let (leaves, stays) = (unique("a-leaves"), unique("b-stays"));
    let leaving = fleet.worker(&leaves).await;
    // Alone, so that it is the one that gets the submission.
    let sleeper = json!({
        "language": "c",
        "source": "#include <unistd.h>\nint main(){ sleep(6); }",
        "limits": {"wall_ms": 20_000},
    });
    let id = fleet.api.submit(&sleeper).await;
    let sandboxes = Sandboxes::of(&leaves);
    sandboxes.wait_for_a_program().await;
    let staying = fleet.worker_with(&stays, 2).await;
    let listed = async || fleet.api.view("/api/v1/workers").await["workers"].as_array().unwrap().clone();
    let both = until("both are listed", PATIENCE, async || {
        let workers = listed().await;
        (workers.len() == 2).then_some(workers)
    })
    .await;
    for (worker, id, slots) in [(&both[0], &leaves, 1), (&both[1], &stays, 2)] {
        assert_eq!((&worker["id"], &worker["slots"]), (&json!(id), &json!(slots)), "{worker:#}");
        assert!(worker["languages"].as_array().unwrap().contains(&json!("c")), "{worker:#}");
    }
    leaving.signal(Signal::TERM);
    until("it says that it drains, and is still busy", PATIENCE, async || {
        let workers = listed().await;
        let left = workers.iter().find(|worker| worker["id"] == json!(leaves))?;
        (left["draining"] == json!(true) && left["busy"] == json!(1)).then_some(())
    })
    .await;
    assert_eq!(fleet.api.result(&id, PATIENCE).await["worker"], json!(leaves));
    leaving.end().await.assert_code(0);
    until("it is listed no more", PATIENCE, async || {
        let workers = listed().await;
        (workers.len() == 1 && workers[0]["id"] == json!(stays)).then_some(())
    })
    .await;
    drop(staying);
    fleet.end().await;
}

#[tokio::test]
async fn the_last_attempt_of_a_submission_that_kills_its_workers_is_a_judge_error() {
    let fleet = Fleet::start().await;
    let sleeper = json!({
        "language": "c",
        "source": "#include <unistd.h>\nint main(){ sleep(60); }",
        "limits": {"wall_ms": 60_000},
    });
    let id = fleet.api.submit(&sleeper).await;
    for _ in 0..3 {
        let name = unique("victim");
        let victim = fleet.worker(&name).await;
        Sandboxes::of(&name).wait_for_a_program().await;
        victim.signal(Signal::KILL);
        victim.end().await;
    }
    let view = fleet.api.result(&id, PATIENCE).await;
    assert_eq!(view["verdict"], "JE", "{view:#}");
    assert_eq!(fleet.rabbit.waiting("dead").await, 1, "the message is kept for people");
    // The fleet is alive.
    let name = unique("next");
    let next = fleet.worker(&name).await;
    let fine = fleet.api.submit(&json!({"language": "python", "source": "print(1)"})).await;
    assert_eq!(fleet.api.result(&fine, PATIENCE).await["verdict"], "AC");
    drop(next);
    fleet.end().await;
}
