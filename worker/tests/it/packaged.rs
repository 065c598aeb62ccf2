//! Programs at problem packages that are made up for one test.

use std::fs;

use gavel_model::language::Languages;
use gavel_model::{FileName, Verdict};
use gavel_problem::{LoadOptions, Package};
use gavel_worker::compile::Program;
use gavel_worker::judge::{Case, Findings};
use gavel_worker::sandbox::SourceBytes;
use tempfile::TempDir;

use crate::rig::{Rig, root};

/// A package of these files, each with its path and text.
pub fn load(id: &str, files: &[(String, String)]) -> (Package, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let languages = Languages::load(&root().join("images")).unwrap();
    let options = LoadOptions::new(languages.extensions(), Some(id.to_owned()));
    let package = Package::load(folder.path(), &options).unwrap_or_else(|error| panic!("{error}")).package;
    (package, folder)
}

/// Judges a program at as many tests without a word in them, by a validator: its file's name and text. `yaml` begins
/// inside `limits`.
pub async fn judge(
    yaml: &str,
    tests: usize,
    validator: (&str, &str),
    language: &str,
    source: &str,
) -> Findings {
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    judge_on(&rig, yaml, &vec![("", ""); tests], validator, language, source).await
}

/// [`judge`] on a machine that is there, at tests with an input and an answer each.
pub async fn judge_on(
    rig: &Rig,
    yaml: &str,
    tests: &[(&str, &str)],
    validator: (&str, &str),
    language: &str,
    source: &str,
) -> Findings {
    let yaml = format!(
        "problem_format_version: 2025-09\nname: Packaged\nuuid: 7f4e1a52-1111-4222-8333-944455566678\nlimits:\n  time_limit: 10\n{yaml}\n"
    );
    let mut files = vec![
        ("problem.yaml".to_owned(), yaml),
        (format!("output_validator/{}", validator.0), validator.1.to_owned()),
    ];
    for (number, (input, answer)) in tests.iter().enumerate() {
        files.push((format!("data/secret/{number}.in"), (*input).to_owned()));
        files.push((format!("data/secret/{number}.ans"), (*answer).to_owned()));
    }
    let (package, _folder) = load("packaged", &files);
    let judge = &rig.host.judge;
    let language = judge.languages().get(language).unwrap().clone();
    let name = FileName::try_from(language.source.clone()).unwrap();
    let files = vec![SourceBytes { name, bytes: source.to_owned().into() }];
    let mut case =
        Case::of_package(&package, Program { language, files, options: Vec::new() }, judge.limits(), 10_000);
    case.all_tests = true;
    let slot = rig.host.slots.get().await.unwrap();
    judge
        .examine(&case, &slot, &mut |_| ())
        .await
        .unwrap_or_else(|fault| panic!("{}", gavel_platform::lifecycle::chain(&fault)))
}

/// The verdict of each test.
pub fn verdicts(findings: &Findings) -> Vec<Verdict> {
    findings.tests.iter().map(|test| test.verdict).collect()
}
