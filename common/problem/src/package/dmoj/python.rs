//! Checkers in Python: `check(process_output, judge_output, **kwargs)` of a file of the problem.

use super::super::diagnostic::Report;
use super::super::fields::parse_number;
use super::super::yaml::{Node, Value};
use super::FILE;
use super::cases::StatedTest;

/// Arguments nested deeper than this are told of as words.
const MAX_DEPTH: usize = 32;

/// The longest arguments, in bytes of JSON: every test has them.
const MAX_ARGS: usize = 4096;

/// What the checker is told of a test, as [`ValidatorProtocol::PythonCheck`](super::super::ValidatorProtocol) has it.
pub(super) fn arguments(
    test: &StatedTest<'_>,
    args: Option<&Node>,
    file: &str,
    report: &mut Report,
) -> Option<Vec<String>> {
    let kind = if test.binary { "binary" } else { "text" };
    let args = args.map_or_else(|| "{}".to_owned(), |node| json(node, 0));
    if args.len() > MAX_ARGS {
        let line = test.checker.map_or(test.line, |node| node.line);
        report.error(FILE, Some(line), format!("checker.args: longer than {MAX_ARGS} bytes as JSON"));
        return None;
    }
    Some(vec![test.points.to_string(), kind.to_owned(), args, file.to_owned()])
}

/// A value of YAML as JSON, by YAML's reading of plain words.
pub(super) fn json(node: &Node, depth: usize) -> String {
    match &node.value {
        _ if node.is_null() || depth > MAX_DEPTH => "null".to_owned(),
        Value::Scalar { text, plain: true } => match text.as_str() {
            "true" | "True" | "TRUE" | "yes" | "Yes" | "on" => "true".to_owned(),
            "false" | "False" | "FALSE" | "no" | "No" | "off" => "false".to_owned(),
            _ => match (text.parse::<i64>(), parse_number(text)) {
                (Ok(whole), _) => whole.to_string(),
                (Err(_), Some(number)) => format!("{number:e}"),
                (Err(_), None) => quoted(text),
            },
        },
        Value::Scalar { text, .. } => quoted(text),
        Value::Sequence(items) => {
            let items: Vec<_> = items.iter().map(|item| json(item, depth + 1)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Mapping(entries) => {
            let entry = |entry: &super::super::yaml::Entry| {
                format!("{}:{}", quoted(&entry.key), json(&entry.value, depth + 1))
            };
            let entries: Vec<_> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
