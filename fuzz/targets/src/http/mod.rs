//! Bodies of HTTP requests, at every door that takes one, of a service that keeps and judges what it accepts.

mod doors;
mod service;

pub use doors::{DOORS, Door};

use reqwest::StatusCode;
use serde_json::Value;

use doors::Form;
use service::{SERVICE, Told};

/// The bit of the first byte that says that a query stands before the body, up to the first line feed.
pub const WITH_QUERY: u8 = 0x80;

/// The first byte chooses the door, the rest is the body. Whatever it is, the service does not fail, refuses in the door's
/// own form without telling where it runs, has what it says it accepted, and sends its workers nothing that they would refuse.
///
/// # Panics
/// When a rule is broken.
pub fn read(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let door = &DOORS[usize::from(choice & !WITH_QUERY) % DOORS.len()];
    let (query, body) = match rest.iter().position(|byte| *byte == b'\n') {
        Some(end) if choice & WITH_QUERY != 0 => (&rest[..end], &rest[end + 1..]),
        _ => (&[][..], rest),
    };
    let told = SERVICE.ask(door, query, body);
    let place = format!("{} {}: {}: {}", door.method, door.path, told.status, told.text);
    // Piston answers so to a file that would leave its folder.
    let silent = matches!(door.form, Form::Piston) && told.text.is_empty();
    assert!(!told.status.is_server_error() || silent, "{place}");
    assert!(!told.text.contains(SERVICE.folder()) && !told.text.contains("panicked"), "{place}");
    if told.status.is_client_error() {
        assert!(is_refusal(&told, door.form), "{place}");
    } else if let Form::Own { kept: Some(kept) } = door.form
        && let Some(id) = serde_json::from_str::<Value>(&told.text).unwrap()["id"].as_str()
    {
        let again = SERVICE.get(&format!("{kept}/{id}"));
        assert_eq!(again.status, StatusCode::OK, "{place} and then {}", again.text);
    }
    if let Some(refused) = SERVICE.refused_by_workers() {
        panic!("accepted, but no worker would judge it: {refused}; {place}");
    }
}

/// Whether a refusal is worded as the door's clients expect it.
fn is_refusal(told: &Told, form: Form) -> bool {
    let json: Option<Value> = serde_json::from_str(&told.text).ok();
    match (form, json) {
        (Form::Own { .. }, Some(json)) => {
            let error = &json["error"];
            error["code"].is_string()
                && error["message"].is_string()
                && (error["field"].is_string() || error["field"].is_null())
        }
        (Form::Judge0, Some(json)) => json.is_object() || json.is_array(),
        (Form::Judge0, None) => told.text.is_empty(),
        (Form::Piston, Some(json)) => json["message"].is_string() || json["stack"].is_string(),
        (Form::Jobe, Some(json)) => json.is_string(),
        (Form::Own { .. } | Form::Piston | Form::Jobe, None) => false,
    }
}
