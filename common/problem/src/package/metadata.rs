//! `problem.yaml`.

use std::collections::BTreeMap;

use super::constants;
use super::diagnostic::Report;
use super::fields::{Fields, Strings};
use super::io_files;
use super::limits::Limits;
use super::manifest::{FormatVersion, ProblemKind};
use super::yaml::{self, Node, Value};
use crate::file_io::FileIo;
use crate::grade::{Objective, OnReject};

pub(super) const FILE: &str = "problem.yaml";

/// What `problem.yaml` says.
#[derive(Debug)]
pub(super) struct Metadata {
    pub format: FormatVersion,
    pub name: Option<String>,
    pub uuid: Option<String>,
    pub kind: ProblemKind,
    pub limits: Limits,
    pub file_io: FileIo,
    pub validation: Option<StatedValidation>,
    pub validator_flags: Option<Strings>,
    pub objective: Objective,
    /// Settings for all groups from before `testdata.yaml`.
    pub ancient: AncientGrading,
    pub languages: Option<Vec<String>>,
    pub constants: BTreeMap<String, String>,
}

impl Metadata {
    /// What holds where nothing is said.
    pub fn of(format: FormatVersion) -> Self {
        Self {
            format,
            name: None,
            uuid: None,
            kind: ProblemKind::default(),
            limits: if format.is_legacy() { Limits::legacy() } else { Limits::modern() },
            file_io: FileIo::default(),
            validation: None,
            validator_flags: None,
            objective: Objective::Max,
            ancient: AncientGrading::default(),
            languages: None,
            constants: BTreeMap::new(),
        }
    }
}

/// `validation` of legacy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StatedValidation {
    pub custom: bool,
    pub score: bool,
    pub line: u32,
}

/// Keys of `grading` that older packages have (`LegacyGrading` of problemtools' `metadata.py`).
#[derive(Debug, Default)]
pub(super) struct AncientGrading {
    pub on_reject: Option<OnReject>,
    pub accept_score: Option<f64>,
    pub reject_score: Option<f64>,
    pub range: Option<String>,
}

/// Reads `problem.yaml`; what is wrong or absent takes its default and is reported.
pub(super) fn read(text: &str, report: &mut Report) -> Metadata {
    let root = yaml::read(FILE, text, report);
    let mut fields = Fields::of(FILE, "", root.as_ref(), report);
    let format = version(&mut fields, report);
    let legacy = format.is_legacy();
    let mixed = format == FormatVersion::Draft2023;
    let mut metadata = Metadata::of(format);
    metadata.name = name(&mut fields, legacy, report);
    metadata.uuid = fields.text("uuid", report).map(str::to_owned);
    read_kind(&mut fields, &mut metadata, report);
    let inner = fields.take("limits");
    let limits = Fields::of(FILE, "limits.", inner, report);
    metadata.limits = metadata.limits.read(limits, FILE, report);
    metadata.file_io = io_files::read(&mut fields, report);
    if legacy || mixed {
        read_validation(&mut fields, &mut metadata, report);
        let inner = fields.take("grading");
        read_grading(inner, &mut metadata, report);
    }
    let known = ["author", "source_url"];
    for key in known.into_iter().filter(|_| legacy || mixed) {
        fields.text(key, report);
    }
    license(&mut fields, report);
    if legacy {
        fields.take("source");
        fields.take("keywords");
        ancient_keys(&mut fields, &mut metadata, report);
    } else {
        for key in ["version", "embargo_until"] {
            fields.text(key, report);
        }
        for key in ["source", "credits"] {
            fields.take(key);
        }
        fields.list("keywords", report);
        let languages = fields.list("languages", report).map(|list| list.words);
        metadata.languages = languages.filter(|words| words.as_slice() != ["all"]);
        let line = fields.line_of("allow_file_writing");
        if fields.flag("allow_file_writing", report) == Some(false) {
            let message = "allow_file_writing: false has no effect: programs may write files, which are wiped after \
                           each test";
            report.warning(FILE, line, message);
        }
        metadata.constants = constants::read(fields.take("constants"), report);
        if format == FormatVersion::V2025_09 {
            for (key, missing) in [("name", metadata.name.is_none()), ("uuid", metadata.uuid.is_none())] {
                if missing {
                    report.error(FILE, None, format!("the required key {key} is missing"));
                }
            }
        }
    }
    fields.finish(report);
    metadata
}

fn version(fields: &mut Fields<'_>, report: &mut Report) -> FormatVersion {
    let Some(node) = fields.take("problem_format_version") else { return FormatVersion::Legacy };
    node.as_text().and_then(FormatVersion::parse).unwrap_or_else(|| {
        let message = format!("unknown problem_format_version {}", node.describe());
        report.error(FILE, Some(node.line), message);
        FormatVersion::Legacy
    })
}

/// A name, or names by language, of which the English or else the first is taken.
fn name(fields: &mut Fields<'_>, legacy: bool, report: &mut Report) -> Option<String> {
    let node = fields.take("name")?;
    let found = match &node.value {
        Value::Scalar { text, .. } => Some(text.clone()),
        Value::Mapping(entries) if !legacy => {
            let english = entries.iter().find(|entry| entry.key == "en").or_else(|| entries.first());
            english.and_then(|entry| entry.value.as_text()).map(str::to_owned)
        }
        _ => None,
    };
    if found.is_none() {
        report.error(FILE, Some(node.line), format!("name must be a string, not {}", node.describe()));
    }
    found
}

fn read_kind(fields: &mut Fields<'_>, metadata: &mut Metadata, report: &mut Report) {
    let Some(stated) = fields.list("type", report) else { return };
    let line = Some(stated.line);
    if stated.words.is_empty() {
        report.error(FILE, line, "type must not be empty");
    }
    let legacy = metadata.format.is_legacy();
    if legacy && stated.words.len() > 1 {
        report.error(FILE, line, "type must be a single word in legacy packages");
    }
    for (index, word) in stated.words.iter().enumerate() {
        if stated.words[..index].contains(word) {
            report.error(FILE, line, format!("type {word} is given twice"));
        }
        match word.as_str() {
            "pass-fail" => {}
            "scoring" => metadata.kind.scoring = true,
            "interactive" if !legacy => metadata.kind.interactive = true,
            "multi-pass" if !legacy => metadata.kind.multi_pass = true,
            "submit-answer" if !legacy => {
                report.error(FILE, line, "problems of type submit-answer are not supported");
            }
            _ => report.error(FILE, line, format!("unknown type {word:?}")),
        }
    }
    if metadata.kind.scoring && stated.words.iter().any(|word| word == "pass-fail") {
        report.error(FILE, line, "type cannot be both pass-fail and scoring");
    }
}

/// `validation: default | custom [score] [interactive] [multi-pass]`; the last word is DOMjudge's.
fn read_validation(fields: &mut Fields<'_>, metadata: &mut Metadata, report: &mut Report) {
    metadata.validator_flags = fields.words("validator_flags", report);
    let Some(stated) = fields.words("validation", report) else { return };
    let line = Some(stated.line);
    let mut words = stated.words.iter().map(String::as_str);
    let mut validation = StatedValidation { custom: false, score: false, line: stated.line };
    match words.next() {
        Some("default") => {}
        Some("custom") => validation.custom = true,
        other => {
            let got = other.unwrap_or_default();
            report.error(FILE, line, format!("validation must begin with default or custom, not {got:?}"));
        }
    }
    for word in words {
        match word {
            "score" if validation.custom => validation.score = true,
            "interactive" if validation.custom => metadata.kind.interactive = true,
            "multi-pass" if validation.custom => metadata.kind.multi_pass = true,
            "score" | "interactive" | "multi-pass" => {
                report.error(FILE, line, format!("validation word {word} needs custom before it"));
            }
            _ => report.error(FILE, line, format!("unknown validation word {word:?}")),
        }
    }
    if validation.score && !metadata.kind.scoring {
        report.error(FILE, line, "validation word score is for problems of type scoring only");
    }
    metadata.validation = Some(validation);
}

fn read_grading(node: Option<&Node>, metadata: &mut Metadata, report: &mut Report) {
    if let Some(node) = node.filter(|_| !metadata.kind.scoring) {
        report.warning(FILE, Some(node.line), "grading has no effect on a pass-fail problem");
    }
    let mut fields = Fields::of(FILE, "grading.", node, report);
    let objectives = [("max", Objective::Max), ("min", Objective::Min)];
    metadata.objective = fields.word("objective", &objectives, report).unwrap_or_default();
    fields.flag("show_test_data_groups", report);
    let policies = [
        ("first_error", OnReject::Break),
        ("worst_error", OnReject::Continue),
        ("grade", OnReject::Continue),
    ];
    metadata.ancient.on_reject = fields.word("on_reject", &policies, report);
    metadata.ancient.accept_score = fields.number("accept_score", "a number", |_| true, report);
    metadata.ancient.reject_score = fields.number("reject_score", "a number", |_| true, report);
    metadata.ancient.range = fields.text("range", report).map(str::to_owned);
    fields.finish(report);
}

/// Keys that legacy had while problemtools read it so (until 2024). `languages` is a list in a string, empty or `all` for
/// all languages; `libraries` never came to mean anything.
fn ancient_keys(fields: &mut Fields<'_>, metadata: &mut Metadata, report: &mut Report) {
    let line = fields.line_of("libraries");
    if fields.text("libraries", report).is_some_and(|names| !names.trim().is_empty()) {
        report.warning(FILE, line, "libraries has no effect");
    }
    let languages = fields.words("languages", report).map(|stated| stated.words);
    metadata.languages = languages.filter(|words| !words.is_empty() && words.as_slice() != ["all"]);
}

/// A licence means nothing to judging, so an unknown one is judged all the same, as by problemtools before 2024, which
/// took it in either case.
fn license(fields: &mut Fields<'_>, report: &mut Report) {
    let words = ["unknown", "public domain", "cc0", "cc by", "cc by-sa", "educational", "permission"];
    let owner = fields.take("rights_owner");
    let line = fields.line_of("license");
    let Some(license) = fields.text("license", report).map(str::to_ascii_lowercase) else { return };
    if !words.contains(&license.as_str()) {
        report.warning(FILE, line, format!("unknown license {license:?}; known are {}", words.join(", ")));
    }
    if let Some(owner) = owner.filter(|_| license == "public domain") {
        report.warning(FILE, Some(owner.line), "rights_owner must not be set in the public domain");
    }
}
