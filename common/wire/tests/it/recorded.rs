//! What earlier versions wrote down, this version reads. One folder for each version, which is never changed once the
//! version is released; it has what is new in it.

use std::path::{Path, PathBuf};

use gavel_model::{Canary, Control, Heartbeat, JudgeResult, JudgingEvent, JudgingStep, Submission};
use serde_json::Value;

/// A recorded message with its name, such as `0.1/submission-run`.
pub fn recorded() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<PathBuf> = Vec::new();
    for version in std::fs::read_dir(folder).unwrap() {
        files.extend(std::fs::read_dir(version.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
    }
    files.sort();
    let name = |file: &Path| {
        let version = file.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
        format!("{version}/{}", file.file_stem().unwrap().to_string_lossy())
    };
    files
        .iter()
        .map(|file| (name(file), serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()))
        .collect()
}

/// A message of any kind, so that two can be compared.
#[derive(Debug, PartialEq)]
pub enum Message {
    Submission(Box<Submission>),
    Result(Box<JudgeResult>),
    Control(Control),
    Heartbeat(Heartbeat),
    Event(JudgingEvent),
}

/// Reads a message as what its name says it is: `0.1/submission-run` is a submission.
pub fn read(name: &str, message: &Value) -> Result<Message, gavel_wire::MessageError> {
    let bytes = serde_json::to_vec(message).unwrap();
    match name.split(['/', '-']).nth(1).unwrap() {
        "submission" => {
            gavel_wire::decode(&bytes).map(|submission| Message::Submission(Box::new(submission)))
        }
        "result" => gavel_wire::decode(&bytes).map(|result| Message::Result(Box::new(result))),
        "control" => gavel_wire::decode(&bytes).map(Message::Control),
        "event" => gavel_wire::decode(&bytes).map(Message::Event),
        "heartbeat" => gavel_wire::decode(&bytes).map(Message::Heartbeat),
        other => panic!("{other} is no kind of message"),
    }
}

#[test]
fn every_recorded_message_is_read() {
    let all = recorded();
    assert!(all.len() >= 11, "{} messages are recorded", all.len());
    for (name, message) in all {
        read(&name, &message).unwrap_or_else(|error| panic!("{name}: {error}: {error:?}"));
    }
}

/// What this version does not know the kind of is passed over, not set aside: nothing is lost.
#[test]
fn a_kind_of_a_later_version_is_read_as_unknown() {
    let later = serde_json::json!({"v": 1, "kind": "pause", "worker": "w1", "for": {"s": 5}});
    assert_eq!(read("later/control", &later).unwrap(), Message::Control(Control::Unknown));
    let (_, mut later) = recorded().into_iter().find(|(name, _)| name == "0.2/heartbeat").unwrap();
    let heard = |message: &serde_json::Value| match read("later/heartbeat", message).unwrap() {
        Message::Heartbeat(heartbeat) => heartbeat,
        _ => panic!("no heartbeat"),
    };
    let of_then = heard(&later);
    assert_eq!((of_then.canary, of_then.calibration, of_then.compilers.len()), (Canary::Unknown, None, 0));
    later["canary"] = serde_json::json!("resting");
    later["compilers"] = serde_json::json!({"c": "gcc 99"});
    later["cores"] = serde_json::json!([0, 1]);
    assert_eq!((heard(&later).canary, heard(&later).takes()), (Canary::Unknown, true));
    let (_, mut later) = recorded().into_iter().find(|(name, _)| name == "0.2/event-test").unwrap();
    later["step"] = serde_json::json!({"kind": "checking", "with": ["a", "b"]});
    let Message::Event(event) = read("later/event", &later).unwrap() else { panic!("no event") };
    assert_eq!((event.number, event.step), (3, JudgingStep::Unknown));
}
