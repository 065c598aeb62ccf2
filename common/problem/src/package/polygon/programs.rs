//! `assets`: who judges, and who looks at the tests.

use std::path::Path;

use super::super::diagnostic::Report;
use super::super::files::Folder;
use super::super::language::LanguageExtensions;
use super::super::manifest::{ValidatorProgram, ValidatorProtocol};
use super::super::program::{Named, program};
use super::FILE;
use super::xml::Element;

/// The programs that judge: an interactor first, if there is one, then the checker.
pub(super) struct Programs {
    pub programs: Vec<ValidatorProgram>,
    pub interactive: bool,
    pub input_validators: Vec<ValidatorProgram>,
}

/// Reads `assets`, but for the solutions.
pub(super) fn programs(
    root: &Path,
    files: &Folder,
    problem: Element<'_>,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Option<Programs> {
    let Some(assets) = problem.first("assets") else {
        report.error(FILE, None, "assets is missing: nothing names a checker");
        return None;
    };
    let unsupported = [
        ("scorer", "a program that makes scores of verdicts; state points of tests and groups"),
        ("valuer", "a program that makes scores of verdicts; state points of tests and groups"),
        ("arbiter", "verdicts that depend on other submissions"),
        ("strategy", "a program that runs the programs"),
        ("programs", "further programs that judge"),
    ];
    assets.refuse(&unsupported, report);
    let judging = ["checker", "interactor", "validators", "solutions"];
    let all: Vec<&str> = judging.into_iter().chain(unsupported.iter().map(|(name, _)| *name)).collect();
    assets.refuse_others(&all, report);
    let Some(checker) = assets.first("checker") else {
        let message = "assets: checker is missing: choose one in Polygon, such as std::wcmp.cpp";
        report.error(FILE, Some(assets.line()), message);
        return None;
    };
    if let Some(kind) = checker.attribute("type").filter(|kind| *kind != "testlib") {
        let message = format!("checker: type {kind:?} is not supported, only testlib is");
        report.error(FILE, Some(checker.line()), message);
    }
    let mut read = |what, element| one(root, files, what, element, languages, report);
    let judge = read("checker", checker);
    let interactor = assets.first("interactor").map(|element| (element, read("interactor", element)));
    if let Some((element, _)) = interactor
        && element.first("runs").is_some()
    {
        let message = "interactor: runs is not supported: problems whose programs run twice on a test";
        report.error(FILE, Some(element.line()), message);
    }
    let validators = assets.first("validators").into_iter().flat_map(|all| all.all("validator"));
    let validators = validators.enumerate().filter_map(|(k, element)| {
        let name = if k == 0 { "validator".to_owned() } else { format!("validator-{}", k + 1) };
        input_validator(root, files, &name, element, languages, report)
    });
    let input_validators = validators.collect();
    let interactive = interactor.is_some();
    let mut programs = Vec::new();
    if let Some((_, interactor)) = interactor {
        programs.push(interactor?);
    }
    programs.push(judge?);
    Some(Programs { programs, interactive, input_validators })
}

/// Nothing is judged by it.
fn input_validator(
    root: &Path,
    files: &Folder,
    what: &str,
    element: Element<'_>,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Option<ValidatorProgram> {
    let mut own = Report::default();
    let program = one(root, files, what, element, languages, &mut own);
    report.not_run(own);
    program
}

fn one(
    root: &Path,
    files: &Folder,
    what: &str,
    element: Element<'_>,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Option<ValidatorProgram> {
    let source = element.first("source");
    let Some(path) = source.and_then(|source| source.attribute("path")) else {
        let name = element.attribute("name").map_or_else(String::new, |name| format!(" {name}"));
        report.error(FILE, Some(element.line()), format!("{what}{name}: there is no source with a path"));
        return None;
    };
    let kind = source.and_then(|source| source.attribute("type")).unwrap_or_default();
    if !(kind.is_empty() || kind.starts_with("cpp") || kind.starts_with("c.")) {
        let message = format!(
            "{what}: source type {kind:?} is not supported: testlib for other languages than C++ is not there"
        );
        report.error(FILE, Some(element.line()), message);
        return None;
    }
    let sources = [path.to_owned()];
    let named = Named {
        what,
        sources: &sources,
        language: None,
        protocol: ValidatorProtocol::Testlib,
        file: FILE,
        line: Some(element.line()),
    };
    program(root, files, &named, languages, report)
}
