//! `testdata.yaml`, `test_group.yaml` and `NAME.yaml`.

use super::diagnostic::Report;
use super::fields::{Fields, Strings};
use super::manifest::FormatVersion;
use super::metadata::{AncientGrading, Metadata};
use super::yaml::{self, Node, Value};
use crate::grade::{Aggregation, LegacyRules, OnReject, ScoreMode, ScoreRange, VerdictMode};

/// Words and where they were written, for messages about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Args {
    pub words: Vec<String>,
    pub file: String,
    pub line: Option<u32>,
}

impl Args {
    pub fn new(strings: Strings, file: &str) -> Self {
        Self { words: strings.words, file: file.to_owned(), line: Some(strings.line) }
    }
}

/// What a test gets from its group, and a group from the one around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Inherited {
    pub args: Vec<String>,
    pub validator_args: Args,
    pub input_args: Vec<String>,
    pub legacy: LegacyRules,
    /// Some group uses legacy's rules: decides for `2023-07` packages, which may use either.
    pub states_legacy: bool,
}

/// What a `test_group.yaml` says of scores.
#[derive(Clone, Debug, Default)]
pub(super) struct StatedScore {
    /// `Some(None)` is `unbounded`.
    pub max_score: Option<Option<f64>>,
    pub aggregation: Option<Aggregation>,
    pub require_pass: Vec<String>,
    pub require_line: Option<u32>,
}

/// Where a group file stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    Root,
    Sample,
    Secret,
    Group,
}

/// Reads one group file over what is inherited.
pub(super) fn read_group(
    file: &str,
    text: &str,
    place: Place,
    metadata: &Metadata,
    inherited: &mut Inherited,
    report: &mut Report,
) -> StatedScore {
    let root = yaml::read(file, text, report);
    let mut fields = Fields::of(file, "", root.as_ref(), report);
    let format = metadata.format;
    if format.is_legacy() || format == FormatVersion::Draft2023 {
        read_legacy(&mut fields, file, place, metadata, inherited, report);
    }
    let mut score = StatedScore::default();
    if !format.is_legacy() {
        score = read_score(&mut fields, file, place, metadata, report);
        read_common(&mut fields, file, format, inherited, report);
        if let Some(node) = fields.take("static_validation_score") {
            report.error(file, Some(node.line), "static validators are not supported");
        }
        fields.take("static_validator_args");
    }
    fields.finish(report);
    score
}

/// Reads the file of one test over what its group says.
pub(super) fn read_test(
    file: &str,
    text: &str,
    format: FormatVersion,
    inherited: &mut Inherited,
    report: &mut Report,
) {
    let root = yaml::read(file, text, report);
    let mut fields = Fields::of(file, "", root.as_ref(), report);
    read_common(&mut fields, file, format, inherited, report);
    fields.text("hint", report);
    fields.text("description", report);
    fields.finish(report);
}

/// Keys that a group and a test share.
fn read_common(
    fields: &mut Fields<'_>,
    file: &str,
    format: FormatVersion,
    inherited: &mut Inherited,
    report: &mut Report,
) {
    // Early 2023-07 packages wrote arguments as one string of words.
    let split = format == FormatVersion::Draft2023;
    if let Some(args) = fields.args("args", split, report) {
        inherited.args = args.words;
    }
    if let Some(args) = fields.args("output_validator_args", split, report) {
        inherited.validator_args = Args::new(args, file);
    }
    let line = fields.line_of("full_feedback");
    if fields.flag("full_feedback", report) == Some(true) {
        let message = "full_feedback has no effect: who shows results decides what contestants see of a test";
        report.warning_once(file, line, message);
    }
    // Or by the validators' names: then none is the same for all, and they go without.
    if let Some(node) = fields.take("input_validator_args") {
        inherited.input_args = match &node.value {
            Value::Sequence(words) => words.iter().filter_map(Node::as_text).map(str::to_owned).collect(),
            Value::Scalar { text, .. } => words_of(text),
            Value::Mapping(_) => {
                let message = "input_validator_args by name are not used: the validators are run without";
                report.warning_once(file, Some(node.line), message);
                Vec::new()
            }
        };
    }
    for key in ["input_visualizer_args", "output_visualizer_args"] {
        fields.take(key);
    }
}

fn read_score(
    fields: &mut Fields<'_>,
    file: &str,
    place: Place,
    metadata: &Metadata,
    report: &mut Report,
) -> StatedScore {
    let nodes: Vec<(&str, &Node)> = ["max_score", "score_aggregation", "require_pass"]
        .into_iter()
        .filter_map(|key| Some((key, fields.take(key)?)))
        .collect();
    for (key, node) in &nodes {
        if !metadata.kind.scoring {
            report.error(file, Some(node.line), format!("{key} is for problems of type scoring only"));
        } else if matches!(place, Place::Sample | Place::Root) {
            report.error(file, Some(node.line), format!("{key} is not permitted here"));
        }
    }
    let mut score = StatedScore::default();
    for (key, node) in nodes {
        match (key, node.as_text()) {
            ("max_score", Some("unbounded")) => score.max_score = Some(None),
            ("max_score", text) => match text.and_then(|text| text.parse::<u32>().ok()) {
                Some(max) => score.max_score = Some(Some(f64::from(max))),
                None => {
                    let got = node.describe();
                    let message = format!("max_score must be a whole number or unbounded, not {got}");
                    report.error(file, Some(node.line), message);
                }
            },
            _ => {}
        }
    }
    let words = [("pass-fail", Aggregation::PassFail), ("sum", Aggregation::Sum), ("min", Aggregation::Min)];
    score.aggregation = fields.word("score_aggregation", &words, report);
    if let Some(require) = fields.list("require_pass", report) {
        score.require_line = Some(require.line);
        score.require_pass = require.words;
    }
    score
}

fn read_legacy(
    fields: &mut Fields<'_>,
    file: &str,
    place: Place,
    metadata: &Metadata,
    inherited: &mut Inherited,
    report: &mut Report,
) {
    let rules = &mut inherited.legacy;
    let policies = [("break", OnReject::Break), ("continue", OnReject::Continue)];
    let mut stated = false;
    if let Some(on_reject) = fields.word("on_reject", &policies, report) {
        rules.on_reject = on_reject;
        stated = true;
    }
    if let Some(node) = fields.take("grading") {
        match node.as_text() {
            Some("default") => {}
            Some("custom") => report.error(file, Some(node.line), "custom graders are not supported"),
            _ => {
                let message = format!("grading must be one of default, custom, not {}", node.describe());
                report.error(file, Some(node.line), message);
            }
        }
    }
    if let Some(flags) = fields.words("grader_flags", report) {
        read_grader_flags(&flags, file, place, rules, report);
        stated = true;
    }
    for key in ["accept_score", "reject_score", "range"] {
        let Some(node) = fields.take(key) else { continue };
        stated = true;
        if !metadata.kind.scoring {
            report.error(file, Some(node.line), format!("{key} is for problems of type scoring only"));
        }
    }
    if let Some(score) = fields.number("accept_score", "a number", |_| true, report) {
        rules.accept_score = score;
    }
    if let Some(score) = fields.number("reject_score", "a number", |_| true, report) {
        rules.reject_score = score;
    }
    if let Some(node) = fields.take("range") {
        match node.as_text().and_then(parse_range) {
            Some(range) => rules.range = range,
            None => {
                let message = format!("range must be two numbers, the lower first, not {}", node.describe());
                report.error(file, Some(node.line), message);
            }
        }
    }
    inherited.states_legacy |= stated;
    if let Some(flags) = fields.take("input_validator_flags").and_then(validator_flags) {
        inherited.input_args = words_of(flags);
    }
    if let Some(node) = fields.take("output_validator_flags") {
        if let Some(flags) = validator_flags(node) {
            let mut words = metadata.validator_flags.as_ref().map_or_else(Vec::new, |f| f.words.clone());
            words.extend(words_of(flags));
            inherited.validator_args = Args { words, file: file.to_owned(), line: Some(node.line) };
        } else {
            let message = format!("output_validator_flags must be a string, not {}", node.describe());
            report.error(file, Some(node.line), message);
        }
    }
}

fn words_of(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// A string of flags, or a map of the validator's `name` and its `flags`.
fn validator_flags(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar { text, .. } => Some(text),
        Value::Mapping(entries) => {
            let known = entries.iter().all(|entry| matches!(entry.key.as_str(), "name" | "flags"));
            entries.iter().find(|entry| known && entry.key == "flags")?.value.as_text()
        }
        Value::Sequence(_) => None,
    }
}

/// The flags of the default grader; "if multiple conflicting modes are given, the last one is used".
fn read_grader_flags(
    flags: &Strings,
    file: &str,
    place: Place,
    rules: &mut LegacyRules,
    report: &mut Report,
) {
    let fresh = LegacyRules::default();
    rules.verdict_mode = fresh.verdict_mode;
    rules.score_mode = fresh.score_mode;
    rules.ignore_sample = false;
    rules.accept_if_any_accepted = false;
    for flag in &flags.words {
        match flag.as_str() {
            // The second is its older name.
            "worst_error" | "no_errors" => rules.verdict_mode = VerdictMode::WorstError,
            "first_error" => rules.verdict_mode = VerdictMode::FirstError,
            "always_accept" => rules.verdict_mode = VerdictMode::AlwaysAccept,
            "sum" => rules.score_mode = ScoreMode::Sum,
            "avg" => rules.score_mode = ScoreMode::Avg,
            "min" => rules.score_mode = ScoreMode::Min,
            "max" => rules.score_mode = ScoreMode::Max,
            "accept_if_any_accepted" => rules.accept_if_any_accepted = true,
            "ignore_sample" if place == Place::Root => rules.ignore_sample = true,
            "ignore_sample" => {
                report.error(
                    file,
                    Some(flags.line),
                    "grader flag ignore_sample is for data/testdata.yaml only",
                );
            }
            // So does problemtools' default grader.
            _ => report.warning(file, Some(flags.line), format!("unknown grader flag {flag:?} is ignored")),
        }
    }
}

/// Two numbers, `inf` with or without sign for no bound.
fn parse_range(text: &str) -> Option<ScoreRange> {
    let mut words = text.split_whitespace();
    let (low, high) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let min = if low == "-inf" { None } else { Some(super::fields::parse_number(low)?) };
    let max = if matches!(high, "inf" | "+inf") { None } else { Some(super::fields::parse_number(high)?) };
    let ordered = min.is_none_or(|min| max.is_none_or(|max| min <= max));
    ordered.then_some(ScoreRange { min, max })
}

/// Settings in `problem.yaml` from before `testdata.yaml` hold for every group and outweigh its file.
pub(super) fn apply_ancient(ancient: &AncientGrading, rules: &mut LegacyRules, report: &mut Report) {
    rules.on_reject = ancient.on_reject.unwrap_or(rules.on_reject);
    rules.accept_score = ancient.accept_score.unwrap_or(rules.accept_score);
    rules.reject_score = ancient.reject_score.unwrap_or(rules.reject_score);
    if let Some(text) = &ancient.range {
        match parse_range(text) {
            Some(range) => rules.range = range,
            None => {
                let message = format!("grading.range must be two numbers, the lower first, not {text:?}");
                report.error(super::metadata::FILE, None, message);
            }
        }
    }
}
