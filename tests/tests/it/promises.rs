//! Attacks that broke a promise of an early version, each judged again and again by whole systems: `tests/hostile/promises`.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use gavel_testkit::Rabbit;
use serde_json::{Value, json};
use test_case::test_case;

use crate::fleet::{Fleet, unique};
use crate::process::{Gavel, root, time};
use crate::up::settings;

/// For all attacks of a round; the machine may be busy with other things.
const PATIENCE: Duration = Duration::from_secs(900);

/// How often each attack is judged.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
fn rounds() -> u32 {
    std::env::var("GAVEL_TEST_ROUNDS").map_or(10, |text| text.parse().unwrap())
}

/// A program and what must come of it.
struct Attack {
    name: String,
    body: Value,
    /// The verdict of each test.
    expected: Vec<String>,
    /// How what the validator says begins where the answer is wrong: it has come as far as that.
    says: &'static str,
}

impl Attack {
    /// Reads `EXPECT <work> <verdict of each test>` and `LIMITS <name>=<value>...` in the program's first lines.
    fn read(name: String, source: &str) -> Self {
        let said =
            |word: &str| source.lines().take(2).find_map(|line| line.split_once(word)?.1.strip_prefix(' '));
        let mut words = said("EXPECT").unwrap().split(' ');
        let work = words.next().unwrap();
        let expected: Vec<_> = words.map(str::to_owned).collect();
        let says = match work {
            "passes" => "pass 2 said",
            "quotes" => "wrong: ",
            _ => "",
        };
        let work = match work {
            "tests" => {
                let tests: Vec<_> =
                    (1..=expected.len()).map(|k| json!({"input": k.to_string(), "answer": "ok"})).collect();
                json!({"kind": "tests", "tests": tests, "all_tests": true})
            }
            problem => json!({"kind": "problem", "problem": problem, "all_tests": true}),
        };
        let mut limits = BTreeMap::new();
        if work["kind"] == "tests" {
            limits.extend([("cpu_ms", 5_000), ("wall_ms", 30_000)]);
        }
        for limit in said("LIMITS").into_iter().flat_map(|limits| limits.split(' ')) {
            let (name, value) = limit.split_once('=').unwrap();
            limits.insert(name, value.parse().unwrap());
        }
        let language = if name.ends_with(".c") { "c" } else { "python" };
        let body = json!({
            "language": language, "source": source, "stdout": true, "limits": limits, "work": work,
        });
        Self { name, body, expected, says }
    }

    /// What is wrong with the result, if anything is.
    fn wrong(&self, result: &Value) -> Option<String> {
        let tests = result["tests"].as_array().unwrap();
        let verdicts: Vec<_> = tests.iter().map(|test| test["verdict"].as_str().unwrap()).collect();
        let says =
            |test: &Value| test["checker_message"].as_str().is_some_and(|said| said.starts_with(self.says));
        let said = tests.iter().filter(|test| test["verdict"] == "WA" && !self.says.is_empty()).all(says);
        let right = verdicts == self.expected && said && result["error"].is_null();
        (!right).then(|| {
            let told: Vec<_> =
                tests.iter().map(|test| (&test["stdout"]["data"], &test["checker_message"])).collect();
            let text: String = format!("{told:?}").chars().take(600).collect();
            format!("{}: {verdicts:?}, {}: {text}", self.name, result["error"])
        })
    }
}

/// All of them, and a program that is right.
fn attacks() -> Vec<Attack> {
    let mut found = vec![Attack::read("honest.py".to_owned(), "# EXPECT tests AC AC\nprint('ok')\n")];
    for entry in fs::read_dir(root().join("tests/hostile/promises")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            found.push(Attack::read(name, &fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(found.len() > 40, "only {}", found.len());
    found
}

/// The problems that they attack: every folder beside the programs.
async fn upload_problems(api: &Gavel) {
    let places = root().join("tests/hostile/promises");
    for entry in fs::read_dir(&places).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_str().unwrap();
            api.put(&format!("/api/v1/problems/{name}"), crate::packages::folder(&path)).await;
        }
    }
}

/// Whether the two that would tell each other something ran at the same time.
fn side_by_side(attacks: &[Attack], results: &[Value]) -> bool {
    let of = |name: &str| &results[attacks.iter().position(|attack| attack.name == name).unwrap()];
    let (one, other) = (of("beside-send.py"), of("beside-sent.py"));
    time(one, "started_at") < time(other, "finished_at")
        && time(other, "started_at") < time(one, "finished_at")
}

async fn every_attack_is_judged_rightly(api: &Gavel, what: &str) {
    upload_problems(api).await;
    let attacks = attacks();
    let mut wrong = Vec::new();
    let mut beside = 0;
    for round in 1..=rounds() {
        let begin = Instant::now();
        let mut ids = Vec::new();
        for attack in &attacks {
            ids.push(api.submit(&attack.body).await);
        }
        let results = join_all(ids.iter().map(|id| api.result(id, PATIENCE))).await;
        beside += u32::from(side_by_side(&attacks, &results));
        let found = attacks.iter().zip(&results).filter_map(|(attack, result)| attack.wrong(result));
        wrong.extend(found.map(|text| format!("round {round}: {text}")));
        println!(
            "{what}, round {round}: {} programs in {:?}, {} wrong so far",
            ids.len(),
            begin.elapsed(),
            wrong.len()
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(beside > 0, "those that would talk never met");
}

/// So many submissions for each sandbox; nothing is the default.
fn uses(uses: Option<u32>) -> Vec<(&'static str, String)> {
    let set = |number: u32| ("sandbox.uses", number.to_string());
    let mut settings: Vec<_> = uses.map(set).into_iter().collect();
    settings.extend([("worker.slots", "2".to_owned()), ("sandbox.pool.max", "4".to_owned())]);
    settings
}

#[test_case(Some(1), "embedded, one use"; "with a sandbox each")]
#[test_case(None, "embedded, default"; "with sandboxes used again")]
#[tokio::test]
#[ignore = "minutes: deploy/test.sh --long"]
async fn in_one_process(number: Option<u32>, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut all = settings(folder.path(), &unique("promises"));
    all.extend(uses(number));
    let gavel = Gavel::start(&["up"], folder.path(), &all).api_ready().await.worker_ready().await;
    every_attack_is_judged_rightly(&gavel, what).await;
}

#[test_case(Some(1), "rabbitmq, one use"; "with a sandbox each")]
#[test_case(None, "rabbitmq, default"; "with sandboxes used again")]
#[tokio::test]
#[ignore = "minutes: deploy/test.sh --long"]
async fn over_rabbitmq(number: Option<u32>, what: &str) {
    let fleet = Fleet::on(Rabbit::new().await).await;
    let worker = fleet.worker_by(&unique("promises"), uses(number)).await;
    every_attack_is_judged_rightly(&fleet.api, what).await;
    drop(worker);
    fleet.end().await;
}
