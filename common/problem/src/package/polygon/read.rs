//! `problem.xml` as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::diagnostic::Report;
use super::super::files::{Folder, read_text};
use super::super::io_files::{self, INPUT, OUTPUT};
use super::super::limits::Limits;
use super::super::load::LoadOptions;
use super::super::manifest::{FormatVersion, Manifest, ProblemKind, Validation};
use super::FILE;
use super::groups::grading;
use super::programs::{Programs, programs};
use super::solutions::solutions;
use super::testset::{Testset, judged, place};
use super::xml::{Element, Lines, parse};
use crate::file_io::FileIo;

/// Bytes of a MiB.
const MIB: u64 = 1 << 20;

/// Elements that say nothing about judging.
const FOR_PEOPLE: [&str; 7] =
    ["names", "statements", "tutorials", "properties", "stresses", "documents", "tags"];

/// Reads the package of these files; what is wrong is reported.
pub(in super::super) fn read(
    root: &Path,
    files: &Folder,
    options: &LoadOptions,
    report: &mut Report,
) -> Option<Manifest> {
    let text = read_text(root, FILE, report)?;
    let document = parse(&text, report)?;
    let lines = Lines::of(&text);
    let problem = Element::outermost(&document, &lines);
    if problem.name() != "problem" {
        let message = format!("the outermost element must be problem, not {}", problem.name());
        report.error(FILE, Some(problem.line()), message);
        return None;
    }
    for other in problem.elements() {
        if !FOR_PEOPLE.contains(&other.name()) && !["judging", "files", "assets"].contains(&other.name()) {
            report.warning(FILE, Some(other.line()), format!("unknown element {}: not used", other.name()));
        }
    }
    let testset = testset(problem, report);
    let named = programs(root, files, problem, &options.languages, report);
    let (testset, named) = (testset?, named?);
    Some(manifest(root, files, problem, options, &testset, named, report))
}

/// `judging`: what it asks for beside its tests, and the tests.
fn testset(problem: Element<'_>, report: &mut Report) -> Option<Testset> {
    let Some(judging) = problem.first("judging") else {
        report.error(FILE, None, "judging is missing");
        return None;
    };
    judging.refuse_others(&["testset"], report);
    if judging.attribute("run-count").is_some_and(|count| count != "1") {
        let message = "judging: run-count is not supported: problems whose programs run twice on a test";
        report.error(FILE, Some(judging.line()), message);
    }
    if judging.attribute("treat-points-from-checker-as-percent") == Some("true") {
        let message =
            "judging: treat-points-from-checker-as-percent is not supported: have the checker give points";
        report.error(FILE, Some(judging.line()), message);
    }
    judged(judging, report)
}

fn manifest(
    root: &Path,
    files: &Folder,
    problem: Element<'_>,
    options: &LoadOptions,
    testset: &Testset,
    named: Programs,
    report: &mut Report,
) -> Manifest {
    let (grading, names) = grading(testset, report);
    let kind = ProblemKind { scoring: grading.scoring, interactive: named.interactive, multi_pass: false };
    let tests = place(root, files, testset, names, report);
    let file_io = file_io(problem, kind, report);
    let limits = Limits {
        time_limit: Some(testset.time_ms as f64 / 1e3),
        memory: Some(testset.memory_bytes.div_ceil(MIB)),
        ..Limits::modern()
    };
    Manifest {
        format: FormatVersion::Polygon,
        short_name: options.name(root, problem.attribute("short-name")),
        name: name(problem),
        uuid: None,
        kind,
        limits,
        file_io,
        validation: Validation::Custom { programs: named.programs, score: kind.scoring },
        input_validators: named.input_validators,
        tests,
        grading,
        include: BTreeMap::new(),
        languages: None,
        constants: BTreeMap::new(),
        submissions: solutions(files, problem, kind.scoring, &options.languages, report),
    }
}

/// In English, or else the first.
fn name(problem: Element<'_>) -> Option<String> {
    let names: Vec<Element<'_>> =
        problem.first("names").into_iter().flat_map(|names| names.all("name")).collect();
    let english = names.iter().find(|name| name.attribute("language") == Some("english"));
    english.or_else(|| names.first())?.attribute("value").map(str::to_owned)
}

fn file_io(problem: Element<'_>, kind: ProblemKind, report: &mut Report) -> FileIo {
    let Some(judging) = problem.first("judging") else { return FileIo::default() };
    let line = Some(judging.line());
    let mut file = |attribute, key| {
        let name = judging.attribute(attribute)?;
        io_files::named(key, name, FILE, line, report)
    };
    let io = FileIo {
        input_file: file("input-file", INPUT),
        output_file: file("output-file", OUTPUT),
        ..FileIo::default()
    };
    if io.is_used() && kind.interactive {
        let message = "judging: input-file and output-file do not go with an interactor";
        report.error(FILE, line, message);
    }
    if let Some(name) = io.shared() {
        report.error(FILE, line, format!("judging: input-file and output-file are both {:?}", name.as_str()));
    }
    io
}
