//! The `data` folder: tests, their order and their groups.

use std::path::Path;

use super::constants::substitute_constants;
use super::diagnostic::Report;
use super::files::{FOR_AUTHORS, Folder, Item, read_text};
use super::group_config::{Args, Inherited, Place, StatedScore, apply_ancient, read_group, read_test};
use super::manifest::{FormatVersion, TestCase, TestFile, Validation};
use super::metadata::Metadata;
use super::scoring;
use super::strays::note_no_tests;
use super::text::TextNotes;
use crate::checker::{CheckerOptions, Comparison, FlagDialect};
use crate::grade::{Child, Grading, Group, GroupRules, TestIndex};

const LEGACY_FILE: &str = "testdata.yaml";
const MODERN_FILE: &str = "test_group.yaml";

/// The tests of a package, and how they are scored.
pub(super) fn read(
    root: &Path,
    package: &Folder,
    metadata: &Metadata,
    validation: &Validation,
    report: &mut Report,
) -> (Vec<TestCase>, Grading) {
    let empty = Folder { path: "data".to_owned(), ..Folder::default() };
    let data = package.folder("data").unwrap_or(&empty);
    let mut reader =
        Reader { root, metadata, validation, report, tests: Vec::new(), text: TextNotes::default() };
    let flags = metadata.validator_flags.clone().map(|flags| Args::new(flags, super::metadata::FILE));
    let mut inherited = Inherited { validator_args: flags.unwrap_or_default(), ..Inherited::default() };
    let root_score = reader.config(data, Place::Root, &mut inherited);
    let mut children = Vec::new();
    for (name, place) in [("sample", Place::Sample), ("secret", Place::Secret)] {
        if let Some(folder) = data.folder(name) {
            let own = inherited.clone();
            let group = reader.group(folder, name, place, own, &mut inherited.states_legacy);
            children.push(Child::Group(group));
        }
    }
    reader.strays(data);
    reader.text.finish(reader.report);
    let rules = reader.rules(Place::Root, &inherited, &root_score);
    let mut group = Group { name: String::new(), rules, children };
    let tests = reader.tests;
    if metadata.format == FormatVersion::Draft2023 && inherited.states_legacy {
        scoring::use_legacy(&mut group);
    }
    note_secrets(&tests, &group, metadata, report);
    scoring::check(&group, metadata, report);
    let grading = Grading { scoring: metadata.kind.scoring, objective: metadata.objective, root: group };
    (tests, grading)
}

/// The format wants secret tests; the reference judges by the samples where there are none.
fn note_secrets(tests: &[TestCase], root: &Group, metadata: &Metadata, report: &mut Report) {
    if tests.iter().any(|test| !test.is_sample()) {
        return;
    }
    let samples_count = match &root.rules {
        GroupRules::Legacy(rules) => !rules.ignore_sample,
        GroupRules::Modern(_) | GroupRules::Points(_) => !metadata.kind.scoring,
    };
    match (tests.is_empty(), samples_count) {
        (true, _) => report.error("data/secret", None, "there are no secret tests"),
        (false, true) => {
            report.warning("data/secret", None, "there are no secret tests: the samples alone decide");
        }
        (false, false) => {
            report.error("data/secret", None, "there are no secret tests, and the samples do not count");
        }
    }
}

struct Reader<'a> {
    root: &'a Path,
    metadata: &'a Metadata,
    validation: &'a Validation,
    report: &'a mut Report,
    tests: Vec<TestCase>,
    text: TextNotes,
}

impl Reader<'_> {
    /// Reads a folder's configuration over what is inherited.
    fn config(&mut self, folder: &Folder, place: Place, inherited: &mut Inherited) -> StatedScore {
        let format = self.metadata.format;
        let draft = format == FormatVersion::Draft2023;
        let mut score = StatedScore::default();
        for (name, valid) in [(LEGACY_FILE, format.is_legacy() || draft), (MODERN_FILE, !format.is_legacy())]
        {
            if !folder.has_file(name) {
                continue;
            }
            let file = folder.path_of(name);
            if !valid {
                let message = format!("not part of the {} format", format.as_str());
                self.report.error(file, None, message);
            } else if let Some(text) = read_text(self.root, &file, self.report) {
                let text = substitute_constants(&text, &self.metadata.constants);
                score = read_group(&file, &text, place, self.metadata, inherited, self.report);
            }
        }
        apply_ancient(&self.metadata.ancient, &mut inherited.legacy, self.report);
        score
    }

    fn rules(&self, place: Place, inherited: &Inherited, score: &StatedScore) -> GroupRules {
        if self.metadata.format.is_legacy()
            || self.metadata.format == FormatVersion::Draft2023 && inherited.states_legacy
        {
            let mut rules = inherited.legacy.clone();
            rules.ignore_sample &= place == Place::Root;
            return GroupRules::Legacy(rules);
        }
        GroupRules::Modern(scoring::modern_rules(place, score))
    }

    /// A group with its tests, and in legacy its groups.
    fn group(
        &mut self,
        folder: &Folder,
        name: &str,
        place: Place,
        mut inherited: Inherited,
        states_legacy: &mut bool,
    ) -> Group {
        let score = self.config(folder, place, &mut inherited);
        *states_legacy |= inherited.states_legacy;
        self.check_require(folder, place, &score);
        let nests = self.metadata.format.is_legacy() || self.metadata.format == FormatVersion::Draft2023;
        let mut children: Vec<(String, Child)> = Vec::new();
        let mut plain = Vec::new();
        if nests || place == Place::Secret {
            self.refuse_both(folder, place, nests);
            // Groups and tests in one order, by name without extension.
            let mut names: Vec<(&str, &Item)> = folder
                .items
                .iter()
                .filter_map(|(name, item)| match item {
                    Item::Folder(_) if name.ends_with(".files") => None,
                    Item::Folder(_) => Some((name.as_str(), item)),
                    Item::File { .. } => Some((name.strip_suffix(".in")?, item)),
                })
                .collect();
            names.sort_by_key(|(name, _)| *name);
            for (base, item) in names {
                let path = format!("{name}/{base}");
                match item {
                    Item::Folder(inner) => {
                        let group = self.group(inner, &path, Place::Group, inherited.clone(), states_legacy);
                        children.push((path, Child::Group(group)));
                    }
                    Item::File { .. } => {
                        let test = self.test(folder, base, path.clone(), &inherited);
                        children.push((path, Child::Test(test)));
                    }
                }
            }
            self.orphans(folder);
        } else {
            self.flat(folder, name, place, &mut plain);
            // Lexicographic by the whole path, folders or not.
            plain.sort_by(|(_, _, a), (_, _, b)| a.cmp(b));
            for (inside, base, path) in plain {
                let test = self.test(inside, &base, path.clone(), &inherited);
                children.push((path, Child::Test(test)));
            }
        }
        if children.is_empty() && place == Place::Group {
            self.report.error(&folder.path, None, "the group has no tests");
        }
        let rules = self.rules(place, &inherited, &score);
        let children = children.into_iter().map(|(_, child)| child).collect();
        Group { name: name.to_owned(), rules, children }
    }

    /// The tests of a `2025-09` group, which "can contain directories, but not further groups".
    fn flat<'f>(
        &mut self,
        folder: &'f Folder,
        name: &str,
        place: Place,
        tests: &mut Vec<(&'f Folder, String, String)>,
    ) {
        for (item_name, item) in &folder.items {
            match item {
                Item::Folder(_) if item_name.ends_with(".files") => {}
                Item::Folder(inner) => {
                    if place == Place::Sample {
                        self.report.error(&inner.path, None, "data/sample must not contain groups");
                    }
                    if folder.has_file(&format!("{item_name}.in")) {
                        self.report.error(&inner.path, None, "a folder with the name of a test beside it");
                    }
                    if inner.has_file(MODERN_FILE) {
                        let message = "groups cannot be nested: only data/sample, data/secret and \
                                       the folders of data/secret have a test_group.yaml";
                        self.report.error(inner.path_of(MODERN_FILE), None, message);
                    }
                    self.flat(inner, &format!("{name}/{item_name}"), place, tests);
                }
                Item::File { .. } => {
                    if let Some(base) = item_name.strip_suffix(".in") {
                        tests.push((folder, base.to_owned(), format!("{name}/{base}")));
                    }
                }
            }
        }
        self.orphans(folder);
    }

    fn refuse_both(&mut self, folder: &Folder, place: Place, nests: bool) {
        let is_group =
            |(name, item): (&String, &Item)| matches!(item, Item::Folder(_)) && !name.ends_with(".files");
        let groups = folder.items.iter().any(is_group);
        let tests = folder.items.keys().any(|name| folder.has_file(name) && name.ends_with(".in"));
        if groups && tests && place == Place::Secret && !nests {
            self.report.error(
                &folder.path,
                None,
                "holds both tests and groups: it may hold one or the other",
            );
        }
        for (name, item) in &folder.items {
            if matches!(item, Item::Folder(_)) && folder.has_file(&format!("{name}.in")) {
                self.report.error(folder.path_of(name), None, "a folder with the name of a test beside it");
            }
        }
    }

    fn test(&mut self, folder: &Folder, base: &str, name: String, group: &Inherited) -> TestIndex {
        let answer = format!("{base}.ans");
        if !folder.has_file(&answer) {
            let other = ["out", "a", "sol", "answer"].map(|other| format!("{base}.{other}"));
            let meant = other.iter().find(|other| folder.has_file(other));
            let hint =
                meant.map_or_else(String::new, |meant| format!(": {meant} is no answer to the format"));
            self.report.error(
                folder.path_of(&format!("{base}.in")),
                None,
                format!("there is no {answer}{hint}"),
            );
        }
        let mut own = group.clone();
        let config = format!("{base}.yaml");
        if !self.metadata.format.is_legacy() && folder.has_file(&config) {
            let file = folder.path_of(&config);
            if base == "test_group" {
                self.report.error(&file, None, "a test cannot be named test_group");
            } else if let Some(text) = read_text(self.root, &file, self.report) {
                read_test(&file, &text, self.metadata.format, &mut own, self.report);
            }
        }
        let files = folder.folder(&format!("{base}.files")).map_or_else(Vec::new, |files| {
            let paths = files.all_files().into_iter();
            paths.map(|path| TestFile { name: path[files.path.len() + 1..].to_owned(), path }).collect()
        });
        let checker = self.checker(&own.validator_args);
        let strict = checker.is_some_and(|checker| checker.space_change_sensitive);
        let (input, answer) = (folder.path_of(&format!("{base}.in")), folder.path_of(&answer));
        self.text.note(self.root, &input, &answer, strict, self.report);
        self.tests.push(TestCase {
            name,
            input,
            answer,
            files,
            args: own.args,
            validator_args: own.validator_args.words,
            input_args: own.input_args,
            checker: checker.map(Comparison::Tokens),
        });
        TestIndex(self.tests.len() - 1)
    }

    fn checker(&mut self, args: &Args) -> Option<CheckerOptions> {
        if *self.validation != Validation::Default {
            return None;
        }
        let modern = self.metadata.format == FormatVersion::V2025_09;
        let dialect = if modern { FlagDialect::Modern } else { FlagDialect::Legacy };
        match CheckerOptions::from_flags(&args.words, dialect) {
            Ok(options) => Some(options),
            Err(error) => {
                self.report.error(&args.file, args.line, error.to_string());
                None
            }
        }
    }

    /// Files that belong to a test that is not there, or to none.
    fn orphans(&mut self, folder: &Folder) {
        let configured = !self.metadata.format.is_legacy();
        note_no_tests(folder, configured, &[LEGACY_FILE, MODERN_FILE], self.report);
        for (name, item) in &folder.items {
            let base = match item {
                Item::File { .. } => name.strip_suffix(".ans"),
                Item::Folder(_) => name.strip_suffix(".files"),
            };
            let Some(base) = base.filter(|base| !folder.has_file(&format!("{base}.in"))) else { continue };
            let message = format!("there is no {base}.in");
            if self.metadata.format == FormatVersion::V2025_09 {
                self.report.error(folder.path_of(name), None, message);
            } else {
                self.report.warning(folder.path_of(name), None, message);
            }
        }
    }

    /// What lies directly below `data` and is no group of the format.
    fn strays(&mut self, data: &Folder) {
        for (name, item) in &data.items {
            match item {
                Item::File { .. } if name.ends_with(".in") => {
                    let message = "tests lie in data/sample or data/secret";
                    self.report.error(data.path_of(name), None, message);
                }
                Item::File { .. } => {}
                Item::Folder(_) if matches!(name.as_str(), "sample" | "secret") => {}
                Item::Folder(_) if FOR_AUTHORS.contains(&name.as_str()) => {}
                Item::Folder(_) => {
                    self.report.warning(data.path_of(name), None, "not used: neither sample nor secret");
                }
            }
        }
    }

    /// `require_pass` names `sample` or an earlier group; `secret` may require `sample` only.
    fn check_require(&mut self, folder: &Folder, place: Place, score: &StatedScore) {
        for required in &score.require_pass {
            let own = folder.path.strip_prefix("data/").unwrap_or_default();
            let earlier = required.starts_with("secret/") && required.as_str() < own;
            if required == "sample" || place == Place::Group && earlier {
                continue;
            }
            let message = match place {
                Place::Group => format!("require_pass: {required:?} is neither sample nor an earlier group"),
                _ => format!("require_pass: {required:?} is not sample"),
            };
            self.report.error(folder.path_of(MODERN_FILE), score.require_line, message);
        }
    }
}
