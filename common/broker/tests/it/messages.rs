//! docs/MESSAGES.md says what the code does.

use std::collections::BTreeSet;

use gavel_broker::BrokerConfig;
use gavel_broker::rabbit::topology::{DEFAULT_PREFIX, DELIVERY_LIMIT, NO_DELIVERY_LIMIT, Names};
use gavel_model::{
    Control, Heartbeat, JudgeResult, JudgingEvent, JudgingStep, Lane, LiveRun, Submission, Work,
};
use gavel_wire as message;
use serde_json::Value;

const PAGE: &str = include_str!("../../../../docs/MESSAGES.md");

/// The JSON block with this label.
fn example(label: &str) -> &'static str {
    let begin = format!("```json {label}\n");
    let (_, rest) = PAGE.split_once(&begin).unwrap_or_else(|| panic!("no example {label}"));
    rest.split("```").next().unwrap()
}

/// Reads the example and writes it down again: whatever either side leaves out or adds makes a difference.
fn same_after_a_round<T: serde::Serialize + serde::de::DeserializeOwned>(label: &str) -> Value {
    let text = example(label);
    let body: T = message::decode(text.as_bytes()).unwrap_or_else(|error| panic!("{label}: {error:?}"));
    let again: Value = serde_json::from_slice(&message::encode(&body).unwrap()).unwrap();
    let written: Value = serde_json::from_str(text).unwrap();
    assert_eq!(written, again, "{label}");
    written
}

/// Every path in a value, such as `tests[].name`.
fn paths(value: &Value, here: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if here.is_empty() { name.clone() } else { format!("{here}.{name}") };
                found.insert(path.clone());
                paths(field, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{here}[]"), found)),
        _ => {}
    }
}

fn assert_explained(value: &Value, elsewhere: &[&str]) {
    let mut found = BTreeSet::new();
    paths(value, "", &mut found);
    let missing: Vec<_> = found
        .iter()
        .filter(|path| !elsewhere.iter().any(|prefix| path.starts_with(prefix)))
        .filter(|path| !PAGE.contains(&format!("\n| `{path}` | ")))
        .collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[test]
fn the_submission_is_what_the_code_reads_and_every_field_is_explained() {
    let written = same_after_a_round::<Submission>("submission");
    let payloads = ["files[].content.", "work.tests[].input.", "work.tests[].answer."];
    assert_explained(&written, &payloads);
}

#[test]
fn the_smallest_submission_is_enough_and_each_of_its_fields_is_needed() {
    let written: Value = serde_json::from_str(example("submission-least")).unwrap();
    assert!(message::decode::<Submission>(example("submission-least").as_bytes()).is_ok());
    for field in written.as_object().unwrap().keys() {
        let mut less = written.clone();
        less.as_object_mut().unwrap().remove(field);
        let less = serde_json::to_vec(&less).unwrap();
        assert!(message::decode::<Submission>(&less).is_err(), "{field} is not needed");
    }
}

#[test]
fn the_problem_work_is_what_the_code_reads() {
    let work: Work = serde_json::from_str(example("work")).unwrap();
    let written: Value = serde_json::from_str(example("work")).unwrap();
    assert_eq!(serde_json::to_value(work).unwrap(), written);
}

#[test]
fn the_result_is_what_the_code_reads_and_every_field_is_explained() {
    let written = same_after_a_round::<JudgeResult>("result");
    // Counts by the verdicts there are.
    assert_explained(&written, &["tests[].stdout.", "left_out.verdicts."]);
    assert_explained(&written["tests"][0]["stdout"], &[]);
}

#[test]
fn the_heartbeat_is_what_the_code_reads_and_every_field_is_explained() {
    let written = same_after_a_round::<Heartbeat>("heartbeat");
    assert_explained(&written, &["compilers."]);
    let seconds = [Heartbeat::PERIOD, Heartbeat::GONE_AFTER].map(|time| time.as_secs());
    assert!(
        PAGE.contains(&format!("every {} s", seconds[0]))
            && PAGE.contains(&format!("{} s of silence", seconds[1]))
    );
}

#[test]
fn the_order_is_what_the_code_reads_and_every_field_is_explained() {
    let written = same_after_a_round::<Control>("control");
    assert_explained(&written, &[]);
}

#[test]
fn the_event_is_what_the_code_reads_and_every_field_is_explained() {
    let written = same_after_a_round::<JudgingEvent>("event");
    assert_explained(&written, &[]);
    for step in [JudgingStep::Compiling, JudgingStep::Judging { tests: 2 }] {
        let written = serde_json::to_string(&step).unwrap().replace(',', ", ").replace(':', ": ");
        let written = written.replace('{', "{ ").replace('}', " }");
        assert!(PAGE.contains(&format!("`{written}`")), "{written}");
    }
}

#[test]
fn the_live_run_is_what_the_code_reads_and_every_field_is_explained() {
    let written = same_after_a_round::<LiveRun>("live");
    assert_explained(&written, &["submission."]);
}

#[test]
fn every_name_and_limit_is_listed() {
    assert_eq!(BrokerConfig::default().prefix, DEFAULT_PREFIX);
    let names = Names::new(DEFAULT_PREFIX);
    let all = Lane::ALL.map(|lane| names.lane(lane));
    let others = [
        names.submissions(),
        names.results(),
        names.workers(),
        names.control(),
        names.events(),
        names.dead(),
        names.dead_notify(),
        names.live(),
    ];
    for name in all.iter().chain(&others) {
        assert!(PAGE.contains(&format!("\n| `{}` | ", name.as_str())), "no row for {}", name.as_str());
    }
    assert!(PAGE.contains(&format!("| `x-delivery-limit` | `{DELIVERY_LIMIT}` |")));
    assert!(PAGE.contains(&format!("`x-delivery-limit: {NO_DELIVERY_LIMIT}`")));
}
