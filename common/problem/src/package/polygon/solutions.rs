//! `solutions`: programs of the authors, and what must become of each.

use super::super::diagnostic::Report;
use super::super::expectation::{Expectation, ExpectedScore, Rule};
use super::super::files::{Folder, Item};
use super::super::language::{LanguageExtensions, detect_language};
use super::super::manifest::Submission;
use super::FILE;
use super::xml::Element;
use crate::Verdict::{self, Ac, Mle, Rte, Tle, Wa};

/// The solutions, in their order; one that is in no language there is has none.
pub(super) fn solutions(
    files: &Folder,
    problem: Element<'_>,
    scoring: bool,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Vec<Submission> {
    let assets = problem.first("assets");
    let listed = assets.and_then(|assets| assets.first("solutions"));
    let mut solutions = Vec::new();
    for solution in listed.into_iter().flat_map(|listed| listed.all("solution")) {
        let line = Some(solution.line());
        let source = solution.first("source");
        let Some(path) = source.and_then(|source| source.attribute("path")) else {
            report.warning(FILE, line, "solution: there is no source with a path: not used");
            continue;
        };
        if !matches!(files.find(path), Some(Item::File { .. })) {
            report.warning(FILE, line, format!("solution: {path} is not in the package: not used"));
            continue;
        }
        if solution.first("extra-tags").is_some() {
            let message = "solution: extra-tags are not used: what is expected of single groups or testsets";
            report.warning(FILE, line, message);
        }
        let tag = solution.attribute("tag").unwrap_or_default();
        let kind = source.and_then(|source| source.attribute("type")).unwrap_or_default();
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let language = language(file, kind, languages);
        if language.is_none() {
            report.warning(FILE, line, format!("solution: {path} ({kind}) is in no language there is"));
        }
        let expectation = expectation(tag, scoring).unwrap_or_else(|| {
            report.warning(FILE, line, format!("solution: nothing is known of the tag {tag:?}"));
            Expectation::default()
        });
        solutions.push(Submission {
            name: format!("{tag}/{file}"),
            folder: folder.to_owned(),
            files: vec![file.to_owned()],
            language,
            entrypoint: None,
            model_solution: tag == "main",
            expectation,
        });
    }
    solutions
}

/// By the file's extension; Python 2 is none, and `PyPy` shares one with Python.
fn language(file: &str, kind: &str, languages: &[LanguageExtensions]) -> Option<String> {
    if kind == "python.2" || kind.starts_with("python.pypy2") {
        return None;
    }
    let pypy = languages.iter().find(|language| language.id == "pypy");
    if let Some(pypy) = pypy.filter(|_| kind.starts_with("python.pypy")) {
        return Some(pypy.id.clone());
    }
    detect_language(&[file], languages).ok().map(str::to_owned)
}

/// What a tag asks for; `None` if nobody knows.
fn expectation(tag: &str, scoring: bool) -> Option<Expectation> {
    let (permitted, required): (Option<&[Verdict]>, Option<&[Verdict]>) = match tag {
        "main" | "accepted" => (Some(&[Ac]), None),
        "rejected" | "failed" => (None, Some(&[Rte, Tle, Wa])),
        "wrong-answer" | "presentation-error" => (Some(&[Ac, Wa]), Some(&[Wa])),
        "time-limit-exceeded" => (Some(&[Ac, Tle]), Some(&[Tle])),
        "time-limit-exceeded-or-accepted" => (Some(&[Ac, Tle]), None),
        "time-limit-exceeded-or-memory-limit-exceeded" => (Some(&[Ac, Tle, Mle]), Some(&[Tle, Mle])),
        "memory-limit-exceeded" => (Some(&[Ac, Mle]), Some(&[Mle])),
        "runtime-error" | "run-time-error" => (Some(&[Ac, Rte]), Some(&[Rte])),
        "do-not-run" => (None, None),
        _ => return None,
    };
    let own = |verdicts: Option<&[Verdict]>| verdicts.map(<[Verdict]>::to_vec);
    let rule = Rule {
        source: tag.to_owned(),
        permitted: own(permitted),
        required: own(required),
        ..Rule::default()
    };
    let full = scoring && matches!(tag, "main" | "accepted");
    let rules = if rule.permitted.is_none() && rule.required.is_none() { Vec::new() } else { vec![rule] };
    let score = if full { ExpectedScore::Full } else { ExpectedScore::Any };
    Some(Expectation { rules, score, ..Expectation::default() })
}
