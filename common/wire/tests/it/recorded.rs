//! What version 0.1 wrote down, this version reads. One folder for each version that was released; none is ever changed.

use std::path::{Path, PathBuf};

use gavel_model::{JudgeResult, Submission};
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

/// A message of either kind, so that two can be compared.
#[derive(Debug, PartialEq)]
pub enum Message {
    Submission(Box<Submission>),
    Result(Box<JudgeResult>),
}

pub fn read(message: &Value) -> Result<Message, gavel_wire::MessageError> {
    let bytes = serde_json::to_vec(message).unwrap();
    if message.get("verdict").is_some() {
        gavel_wire::decode(&bytes).map(|result| Message::Result(Box::new(result)))
    } else {
        gavel_wire::decode(&bytes).map(|submission| Message::Submission(Box::new(submission)))
    }
}

#[test]
fn every_recorded_message_is_read() {
    let all = recorded();
    assert!(all.len() >= 6, "{} messages are recorded", all.len());
    for (name, message) in all {
        read(&message).unwrap_or_else(|error| panic!("{name}: {error}: {error:?}"));
    }
}
