//! Constants of `problem.yaml`, and where they stand in for themselves (spec `2025-09`, "Constants").

use std::collections::BTreeMap;

use super::diagnostic::Report;
use super::fields::Fields;
use super::metadata::FILE;
use super::yaml::{Entry, Node, Value};

/// The variant that a plain constant has, and that a plain name means.
const VALUE: &str = "value";

/// Reads the map below `constants`. A constant is a number or a string, or a map of variants: `value`, which `{{name}}`
/// stands for, and others for `{{name.variant}}`.
pub(super) fn read(node: Option<&Node>, report: &mut Report) -> BTreeMap<String, String> {
    let mut constants = BTreeMap::new();
    let mut fields = Fields::of(FILE, "constants.", node, report);
    for entry in fields.take_rest() {
        let name = &entry.key;
        if !is_name(name) {
            refuse_name(name, entry, report);
        } else if let Some(text) = entry.value.as_text() {
            constants.insert(format!("{name}.{VALUE}"), text.to_owned());
            constants.insert(name.clone(), text.to_owned());
        } else if let Value::Mapping(variants) = &entry.value.value {
            read_variants(name, entry, variants, &mut constants, report);
        } else {
            let message = format!("constant {name} must be a number or a string, or a map of them");
            report.error(FILE, Some(entry.line), message);
        }
    }
    constants
}

fn read_variants(
    name: &str,
    constant: &Entry,
    variants: &[Entry],
    constants: &mut BTreeMap<String, String>,
    report: &mut Report,
) {
    for variant in variants {
        let full = format!("{name}.{}", variant.key);
        if !is_name(&variant.key) {
            refuse_name(&full, variant, report);
        } else if let Some(text) = variant.value.as_text() {
            if variant.key == VALUE {
                constants.insert(name.to_owned(), text.to_owned());
            }
            constants.insert(full, text.to_owned());
        } else {
            let message = format!("constant {full} must be a number or a string");
            report.error(FILE, Some(variant.line), message);
        }
    }
    if !variants.iter().any(|variant| variant.key == VALUE) {
        report.error(FILE, Some(constant.line), format!("constant {name} has no {VALUE}"));
    }
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
fn is_name(name: &str) -> bool {
    let word = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    word && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

fn refuse_name(name: &str, entry: &Entry, report: &mut Report) {
    let message = format!("constant {name:?}: names are letters, digits and underscores");
    report.error(FILE, Some(entry.line), message);
}

/// Replaces `{{name}}` and `{{name.variant}}` by the value of a constant; other text stays.
#[must_use]
pub fn substitute_constants(text: &str, constants: &BTreeMap<String, String>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find("{{") {
        let (before, from) = rest.split_at(begin);
        replaced.push_str(before);
        let value = from.find("}}").and_then(|end| Some((constants.get(&from[2..end])?, end + 2)));
        let (text, used) = value.map_or(("{", 1), |(value, used)| (value.as_str(), used));
        replaced.push_str(text);
        rest = &from[used..];
    }
    replaced.push_str(rest);
    replaced
}
