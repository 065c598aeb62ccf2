//! Actors on a stage: packages in which program and interactor act out scripts.

use gavel_model::FileName;
use gavel_model::Verdict;
use gavel_problem::Package;
use gavel_worker::compile::Program;
use gavel_worker::judge::Case;
use gavel_worker::sandbox::SourceBytes;
use tempfile::TempDir;

use super::table::Row;
use crate::packaged::load;
use crate::rig::Rig;

/// A package with an interactor that acts.
pub struct Stage {
    package: Package,
    _folder: TempDir,
}

impl Stage {
    /// With each row as a test, so many times.
    pub fn new(judge: &str, rows: &[Row], times: usize) -> Self {
        let mut files = Vec::new();
        let mut write = |path: String, text: &str| files.push((path, text.to_owned()));
        write(
            "problem.yaml".to_owned(),
            "problem_format_version: 2025-09\nname: Stage\nuuid: 7f4e1a52-1111-4222-8333-944455566677\ntype: interactive\nlimits:\n  time_limit: 10\n  memory: 256\n  validation_time: 3\n",
        );
        let all = rows.iter().flat_map(|row| std::iter::repeat_n(row, times));
        for (number, (program, judge, _)) in all.enumerate() {
            write(format!("data/secret/{number:05}.in"), judge);
            write(format!("data/secret/{number:05}.ans"), "");
            write(format!("data/secret/{number:05}.yaml"), &format!("args: [\"{program}\"]\n"));
        }
        let (name, text) = source(judge);
        write(format!("output_validator/{name}"), text);
        let (package, folder) = load("stage", &files);
        Self { package, _folder: folder }
    }

    /// All tests with a program that acts.
    pub fn case(&self, rig: &Rig, program: &str) -> Case<'_> {
        let judge = &rig.host.judge;
        let language = judge.languages().get(program).unwrap().clone();
        let (name, text) = source(program);
        let name = FileName::try_from(name.to_owned()).unwrap();
        let program =
            Program { language, files: vec![SourceBytes { name, bytes: text.into() }], options: Vec::new() };
        Case { all_tests: true, ..Case::of_package(&self.package, program, judge.limits(), 10_000) }
    }

    /// Plays all tests with a program that acts; each verdict, with what is said of it.
    pub async fn play(&self, program: &str, short: bool) -> Vec<(Verdict, String)> {
        let rig = Rig::with(|config| config.worker.slots = 1).await;
        let judge = &rig.host.judge;
        let mut case = self.case(&rig, program);
        if short {
            (case.limits.cpu_ms, case.limits.wall_ms, case.limits.memory_mb) = (800, 1_500, 64);
        } else {
            // Nothing here comes near it, even on a busy machine.
            case.limits.wall_ms = 60_000;
        }
        let slot = rig.host.slots.get().await.unwrap();
        let findings = judge
            .examine(&case, &slot, &mut |_| ())
            .await
            .unwrap_or_else(|fault| panic!("{}", gavel_platform::lifecycle::chain(&fault)));
        assert_eq!(
            findings.tests.len(),
            self.package.tests.len(),
            "{:?}",
            findings.compile.map(|compile| compile.output)
        );
        let told = |message: Option<String>| message.unwrap_or_default();
        findings.tests.into_iter().map(|test| (test.verdict, told(test.checker_message))).collect()
    }
}

/// An actor's file and text.
fn source(language: &str) -> (&'static str, &'static str) {
    match language {
        "c" => ("actor.c", include_str!("../../actors/actor.c")),
        "cpp" => ("actor.cpp", include_str!("../../actors/actor.cpp")),
        "go" => ("actor.go", include_str!("../../actors/actor.go")),
        "java" => ("Main.java", include_str!("../../actors/actor.java")),
        "node" => ("actor.js", include_str!("../../actors/actor.js")),
        "python" => ("actor.py", include_str!("../../actors/actor.py")),
        "rust" => ("actor.rs", include_str!("../../actors/actor.rs")),
        other => panic!("no actor speaks {other}"),
    }
}
