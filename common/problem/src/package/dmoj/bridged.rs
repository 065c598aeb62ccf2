//! Checkers and interactors that are programs of the problem.

use std::path::Path;

use super::super::diagnostic::Report;
use super::super::fields::Fields;
use super::super::files::Folder;
use super::super::limits::Limits;
use super::super::load::LoadOptions;
use super::super::manifest::{Validation, ValidatorProgram, ValidatorProtocol};
use super::super::program::{Named, program};
use super::super::yaml::Node;
use super::FILE;

/// Where such a program is named.
#[derive(Clone, Copy)]
pub(super) struct Bridged<'a> {
    pub node: &'a Node,
    /// `checker` or `interactive`.
    pub what: &'static str,
    pub line: Option<u32>,
}

/// The program, and what it may use where that is stated.
pub(super) struct Bridge {
    program: ValidatorProgram,
    /// Seconds.
    time: Option<u64>,
    /// MiB.
    memory: Option<u64>,
}

impl Bridge {
    pub fn validation(self) -> Validation {
        Validation::Custom { programs: vec![self.program], score: true }
    }

    pub fn limit(&self, limits: &mut Limits) {
        limits.validation_time = self.time.or(limits.validation_time);
        limits.validation_memory = self.memory.or(limits.validation_memory);
    }
}

/// Reads the map that names the program.
pub(super) fn bridged(
    root: &Path,
    files: &Folder,
    Bridged { node, what, line }: Bridged<'_>,
    options: &LoadOptions,
    report: &mut Report,
) -> Option<Bridge> {
    let prefix = if what == "checker" { "checker.args." } else { "interactive." };
    let mut fields = Fields::of(FILE, prefix, Some(node), report);
    let sources = fields.list("files", report).map(|list| list.words);
    let lang = fields.text("lang", report);
    let kind = fields.text("type", report).unwrap_or("default");
    let time = fields.number("time_limit", "a number of seconds above 0", |n| n > 0.0, report);
    let memory = fields.whole("memory_limit", 1, report).map(|kib| kib.div_ceil(1024));
    // Nothing of these decides a verdict.
    for key in ["feedback", "cached", "compiler_time_limit", "preprocessing_time"] {
        fields.take(key);
    }
    for (key, why) in [
        ("flags", "flags for the compiler; write #define into the source"),
        ("args", "arguments of its own; it gets those of its type"),
    ] {
        let at = fields.line_of(key);
        if fields.take(key).is_some_and(|node| !node.is_empty()) {
            report.error(FILE, at, format!("{prefix}{key} is not supported: {why}"));
        }
    }
    fields.finish(report);
    let protocol = match kind {
        "default" => ValidatorProtocol::Plain,
        "testlib" => ValidatorProtocol::Testlib,
        other => {
            let message = format!("{prefix}type {other:?} is not supported, only default and testlib are");
            report.error(FILE, line, message);
            return None;
        }
    };
    let Some(sources) = sources.filter(|sources| !sources.is_empty()) else {
        report.error(FILE, line, format!("{prefix}files is missing"));
        return None;
    };
    let language = match lang.map(|lang| (lang, language(lang))) {
        Some((lang, None)) => {
            report.error(
                FILE,
                line,
                format!("{prefix}lang {lang:?} is no language that programs which judge may be in"),
            );
            return None;
        }
        Some((_, known)) => known,
        None => None,
    };
    let named = Named { what, sources: &sources, language, protocol, file: FILE, line };
    let program = program(root, files, &named, &options.languages, report)?;
    Some(Bridge { program, time: time.map(|seconds| seconds.ceil() as u64), memory })
}

/// DMOJ's names of languages (`dmoj/executors`).
fn language(lang: &str) -> Option<&'static str> {
    let upper = lang.to_ascii_uppercase();
    let version = |prefix: &str| {
        upper.strip_prefix(prefix).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match upper.as_str() {
        _ if version("CPP") || version("CLANGX") => Some("cpp"),
        _ if version("C") || version("CLANG") => Some("c"),
        "PY3" | "PYPY3" => Some("python"),
        "RUST" => Some("rust"),
        "GO" => Some("go"),
        _ if version("JAVA") => Some("java"),
        _ => None,
    }
}
