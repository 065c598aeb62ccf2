//! `submissions/submissions.yaml` (spec `2025-09`, "Example submissions").

use super::diagnostic::Report;
use super::expectation::{Rule, UseForTimeLimit};
use super::fields::{Fields, parse_number};
use super::glob::glob_matches;
use super::metadata::Metadata;
use super::yaml::{self, Entry, Node, Value};
use crate::Verdict;

/// What one pattern says of the submissions it matches.
#[derive(Debug)]
pub(super) struct Pattern {
    pub glob: String,
    pub line: u32,
    pub language: Option<String>,
    pub entrypoint: Option<String>,
    pub model_solution: bool,
    pub rules: Vec<Rule>,
}

pub(super) fn read(file: &str, text: &str, metadata: &Metadata, report: &mut Report) -> Vec<Pattern> {
    let root = yaml::read(file, text, report);
    let mut fields = Fields::of(file, "", root.as_ref(), report);
    fields.take_rest().into_iter().map(|entry| pattern(file, entry, metadata, report)).collect()
}

fn pattern(file: &str, entry: &Entry, metadata: &Metadata, report: &mut Report) -> Pattern {
    check_glob(file, &entry.key, entry.line, report);
    let prefix = format!("{}.", entry.key);
    let node = Some(&entry.value).filter(|node| !node.is_null());
    let mut fields = Fields::of(file, &prefix, node, report);
    let language = fields.text("language", report).map(str::to_owned);
    let entrypoint = fields.text("entrypoint", report).map(str::to_owned);
    fields.take("authors");
    let model_solution = fields.flag("model_solution", report).unwrap_or(false);
    let mut rules = Vec::new();
    rules.extend(rule(file, &entry.key, None, &mut fields, metadata, report));
    // Every other key names tests or groups. A misspelt key would be taken for one: those hold maps.
    for inner in fields.take_rest() {
        if !matches!(inner.value.value, Value::Mapping(_)) {
            report.error(file, Some(inner.line), format!("unknown key {prefix}{}", inner.key));
            continue;
        }
        check_glob(file, &inner.key, inner.line, report);
        let path = format!("{prefix}{}.", inner.key);
        let mut fields = Fields::of(file, &path, Some(&inner.value), report);
        rules.extend(rule(file, &entry.key, Some(&inner.key), &mut fields, metadata, report));
        fields.finish(report);
    }
    Pattern { glob: entry.key.clone(), line: entry.line, language, entrypoint, model_solution, rules }
}

fn check_glob(file: &str, glob: &str, line: u32, report: &mut Report) {
    if let Err(error) = glob_matches(glob, "") {
        report.error(file, Some(line), error.to_string());
    }
    if glob.contains("**") || glob.contains(['[', ']', '?']) {
        report.error(file, Some(line), format!("pattern {glob:?}: only * and {{a,b}} are supported"));
    }
}

/// The rule of one map; `None` if it asks for nothing.
fn rule(
    file: &str,
    source: &str,
    tests: Option<&str>,
    fields: &mut Fields<'_>,
    metadata: &Metadata,
    report: &mut Report,
) -> Option<Rule> {
    let mut rule = Rule { source: source.to_owned(), tests: tests.map(str::to_owned), ..Rule::default() };
    rule.permitted = verdicts(file, "permitted", fields, report);
    rule.required = verdicts(file, "required", fields, report);
    if let Some(node) = fields.take("score") {
        rule.score = score(node);
        if rule.score.is_none() {
            let message = format!("score must be a number or two, the lower first, not {}", node.describe());
            report.error(file, Some(node.line), message);
        }
        if !metadata.kind.scoring {
            report.error(file, Some(node.line), "score is for problems of type scoring only");
        }
    }
    rule.message = fields.text("message", report).map(str::to_owned);
    let uses = [
        ("true", UseForTimeLimit::Yes),
        ("false", UseForTimeLimit::No),
        ("lower", UseForTimeLimit::Lower),
        ("upper", UseForTimeLimit::Upper),
    ];
    rule.use_for_time_limit = fields.word("use_for_time_limit", &uses, report);
    let empty = Rule { source: rule.source.clone(), tests: rule.tests.clone(), ..Rule::default() };
    (rule != empty).then_some(rule)
}

/// `AC`, `WA`, `TLE`, `RTE`; also `MLE` and `OLE`, which the format folds into `RTE`.
fn verdicts(file: &str, key: &str, fields: &mut Fields<'_>, report: &mut Report) -> Option<Vec<Verdict>> {
    let list = fields.list(key, report)?;
    let mut verdicts = Vec::new();
    for word in &list.words {
        match word.parse() {
            Ok(
                verdict @ (Verdict::Ac
                | Verdict::Wa
                | Verdict::Tle
                | Verdict::Rte
                | Verdict::Mle
                | Verdict::Ole),
            ) => {
                verdicts.push(verdict);
            }
            _ => report.error(file, Some(list.line), format!("{key}: unknown verdict {word:?}")),
        }
    }
    if list.words.is_empty() {
        report.error(file, Some(list.line), format!("{key} must not be empty"));
    }
    (!verdicts.is_empty()).then_some(verdicts)
}

fn score(node: &Node) -> Option<(f64, f64)> {
    match &node.value {
        Value::Scalar { text, .. } => parse_number(text).map(|score| (score, score)),
        Value::Sequence(items) => match items.as_slice() {
            [low, high] => {
                let (low, high) = (parse_number(low.as_text()?)?, parse_number(high.as_text()?)?);
                (low <= high).then_some((low, high))
            }
            _ => None,
        },
        Value::Mapping(_) => None,
    }
}
