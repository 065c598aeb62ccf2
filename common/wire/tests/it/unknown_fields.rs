//! A field of a later version is ignored wherever it stands.

use serde_json::{Value, json};

use crate::recorded::{read, recorded};

/// Every object of a message, as a JSON pointer.
fn objects(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(here.to_owned());
            for (name, field) in fields {
                objects(field, &format!("{here}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                objects(item, &format!("{here}/{place}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn a_field_of_a_later_version_is_ignored_at_every_depth() {
    let mut places = 0;
    for (name, message) in recorded() {
        let known = read(&name, &message).unwrap();
        let mut found = Vec::new();
        objects(&message, "", &mut found);
        let mut all = message.clone();
        for place in &found {
            places += 1;
            let mut later = message.clone();
            for target in [&mut later, &mut all] {
                target.pointer_mut(place).unwrap()["field_of_a_later_version"] = json!({"x": [1, null, "y"]});
            }
            let read = read(&name, &later).unwrap_or_else(|error| panic!("{name} at {place:?}: {error:?}"));
            assert_eq!(read, known, "{name} at {place:?}");
        }
        assert_eq!(read(&name, &all).unwrap(), known, "{name}, everywhere at once");
    }
    assert!(places > 20, "only {places} objects were tried");
}
