//! The `submissions` folder.

use std::path::Path;

use super::diagnostic::Report;
use super::expectation::{Expectation, ExpectedScore, Rule, TimeBound, UseForTimeLimit};
use super::expected_results;
use super::files::{Folder, Item, read_text};
use super::glob::glob_matches;
use super::language::{LanguageExtensions, detect_language};
use super::manifest::Submission;
use super::metadata::Metadata;
use super::submissions_yaml::{self, Pattern};
use super::validators::below;
use crate::Verdict::{self, Ac, Mle, Ole, Rte, Tle, Wa};

const FILE: &str = "submissions/submissions.yaml";

/// The example submissions, in order, each with what must become of it.
pub(super) fn read(
    root: &Path,
    package: &Folder,
    metadata: &Metadata,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Vec<Submission> {
    let Some(folder) = package.folder("submissions") else {
        report.warning("submissions", None, "there are no example submissions");
        return Vec::new();
    };
    let mut patterns = Vec::new();
    if folder.has_file("submissions.yaml")
        && let Some(text) = read_text(root, FILE, report)
    {
        patterns = submissions_yaml::read(FILE, &text, metadata, report);
    }
    let mut reader = Reader { root, metadata, languages, patterns, report };
    let mut submissions = Vec::new();
    for (directory, item) in &folder.items {
        let Item::Folder(inner) = item else {
            if detect_language(&[directory], languages).is_ok() {
                let message = "not used: programs lie in a folder that says what to expect, such as accepted";
                reader.report.warning(folder.path_of(directory), None, message);
            }
            continue;
        };
        for (name, item) in &inner.items {
            submissions.extend(reader.submission(directory, inner, name, item));
        }
    }
    for pattern in &reader.patterns {
        let used = submissions.iter().any(|s| glob_matches(&pattern.glob, &s.name).unwrap_or(true));
        if !used && directory_rule(&pattern.glob, metadata).is_none() {
            reader.report.warning(
                FILE,
                Some(pattern.line),
                format!("{} matches no submission", pattern.glob),
            );
        }
    }
    if !submissions.iter().any(|submission| submission.name.starts_with("accepted/")) {
        report.warning("submissions/accepted", None, "there is no accepted submission");
    }
    submissions
}

struct Reader<'a> {
    root: &'a Path,
    metadata: &'a Metadata,
    languages: &'a [LanguageExtensions],
    patterns: Vec<Pattern>,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn submission(
        &mut self,
        directory: &str,
        parent: &Folder,
        name: &str,
        item: &Item,
    ) -> Option<Submission> {
        let path = format!("{directory}/{name}");
        let (folder, files) = match item {
            Item::File { .. } => (parent.path.clone(), vec![name.to_owned()]),
            Item::Folder(inner) => (inner.path.clone(), below(inner)),
        };
        let place = format!("submissions/{path}");
        if files.is_empty() {
            self.report.warning(place, None, "an empty folder is no submission");
            return None;
        }
        let matching: Vec<&Pattern> = self
            .patterns
            .iter()
            .filter(|pattern| glob_matches(&pattern.glob, &path).unwrap_or(false))
            .collect();
        let stated = matching.iter().find_map(|pattern| pattern.language.clone());
        let entrypoint = matching.iter().find_map(|pattern| pattern.entrypoint.clone());
        let model_solution = matching.iter().any(|pattern| pattern.model_solution);
        let language = stated.or_else(|| match detect_language(&files, self.languages) {
            Ok(language) => Some(language.to_owned()),
            Err(error) => {
                self.report.warning(&place, None, format!("the language cannot be told: {error}"));
                None
            }
        });
        let expectation = self.expectation(directory, &path, &folder, &files, &matching_rules(&matching));
        Some(Submission { name: path, folder, files, language, entrypoint, model_solution, expectation })
    }

    /// A comment in the source outweighs the folder and `submissions.yaml`, as in DOMjudge.
    fn expectation(
        &mut self,
        directory: &str,
        path: &str,
        folder: &str,
        files: &[String],
        matching: &[(String, Rule)],
    ) -> Expectation {
        for file in files {
            let place = format!("{folder}/{file}");
            match expected_results::find(&self.root.join(&place)) {
                Ok(None) => {}
                Ok(Some(final_verdicts)) => {
                    if directory == "accepted" && !final_verdicts.contains(&Ac) {
                        let message = "@EXPECTED_RESULTS@ contradicts the folder accepted";
                        self.report.warning(place, None, message);
                    }
                    let bound = (final_verdicts == [Ac]).then_some(TimeBound::Lower);
                    return Expectation { final_verdicts, bound, ..Expectation::default() };
                }
                Err(message) => self.report.warning(place, None, message),
            }
        }
        let mut expectation = directory_rule(directory, self.metadata).unwrap_or_default();
        let known = !expectation.rules.is_empty() || expectation.score != ExpectedScore::Any;
        for (glob, rule) in matching {
            // The folder's own name changes its defaults; every other pattern adds to them.
            match expectation.rules.iter_mut().find(|_| glob == directory && rule.tests.is_none()) {
                Some(default) => override_rule(default, rule),
                None => expectation.rules.push(rule.clone()),
            }
        }
        if !known && matching.is_empty() {
            let place = format!("submissions/{path}");
            self.report.warning(place, None, format!("nothing says what to expect of {directory}"));
        }
        self.refuse_contradictions(path, &expectation);
        expectation
    }

    /// "That two disjoint `permitted` sets are never applied to a single pair", for rules about all tests.
    fn refuse_contradictions(&mut self, path: &str, expectation: &Expectation) {
        let mut allowed: Option<Vec<Verdict>> = None;
        for permitted in
            expectation.rules.iter().filter(|r| r.tests.is_none()).filter_map(|r| r.permitted.as_ref())
        {
            let both = allowed.map_or_else(
                || permitted.clone(),
                |mut allowed| {
                    allowed.retain(|verdict| permitted.contains(verdict));
                    allowed
                },
            );
            allowed = Some(both);
        }
        if allowed.is_some_and(|allowed| allowed.is_empty()) {
            self.report.error(FILE, None, format!("no verdict is permitted for {path} by all its patterns"));
        }
    }
}

fn matching_rules(matching: &[&Pattern]) -> Vec<(String, Rule)> {
    let rules = matching.iter().flat_map(|pattern| pattern.rules.iter().map(|rule| (&pattern.glob, rule)));
    rules.map(|(glob, rule)| (glob.clone(), rule.clone())).collect()
}

fn override_rule(default: &mut Rule, stated: &Rule) {
    fn over<T: Clone>(slot: &mut Option<T>, stated: Option<&T>) {
        if let Some(stated) = stated {
            *slot = Some(stated.clone());
        }
    }
    over(&mut default.permitted, stated.permitted.as_ref());
    over(&mut default.required, stated.required.as_ref());
    over(&mut default.score, stated.score.as_ref());
    over(&mut default.message, stated.message.as_ref());
    over(&mut default.use_for_time_limit, stated.use_for_time_limit.as_ref());
}

/// What a folder's name alone asks for. `2025-09`: "Default directories"; legacy: "Example Submissions";
/// `memory_limit_exceeded` and `output_limit_exceeded` are in neither and mean what they say.
fn directory_rule(directory: &str, metadata: &Metadata) -> Option<Expectation> {
    let legacy = metadata.format.is_legacy();
    let (permitted, required): (Option<&[Verdict]>, Option<&[Verdict]>) = match directory {
        "accepted" => (Some(&[Ac]), None),
        "partially_accepted" => (None, None),
        "rejected" => (None, Some(&[Rte, Tle, Wa])),
        "wrong_answer" => (Some(&[Ac, Wa]), Some(&[Wa])),
        // Legacy: "may also give wrong answer but not crash".
        "time_limit_exceeded" if legacy => (Some(&[Ac, Wa, Tle]), Some(&[Tle])),
        "time_limit_exceeded" => (Some(&[Ac, Tle]), Some(&[Tle])),
        // Legacy: "crashes for some test case".
        "run_time_error" if legacy => (None, Some(&[Rte])),
        "run_time_error" => (Some(&[Ac, Rte]), Some(&[Rte])),
        "brute_force" => (Some(&[Ac, Rte, Tle]), Some(&[Rte, Tle])),
        "memory_limit_exceeded" => (None, Some(&[Mle])),
        "output_limit_exceeded" => (None, Some(&[Ole])),
        _ => return None,
    };
    let score = match directory {
        "accepted" if metadata.kind.scoring => ExpectedScore::Full,
        "partially_accepted" => ExpectedScore::Partial,
        _ => ExpectedScore::Any,
    };
    let own = |verdicts: Option<&[Verdict]>| verdicts.map(<[Verdict]>::to_vec);
    let mut rule = Rule {
        source: directory.to_owned(),
        permitted: own(permitted),
        required: own(required),
        ..Rule::default()
    };
    if legacy && directory != "accepted" && directory != "time_limit_exceeded" {
        rule.use_for_time_limit = Some(UseForTimeLimit::No);
    }
    let rules = if rule.permitted.is_none() && rule.required.is_none() { Vec::new() } else { vec![rule] };
    Some(Expectation { rules, score, ..Expectation::default() })
}
