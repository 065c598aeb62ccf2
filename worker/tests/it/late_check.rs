//! Syntax checks of Python and Node are made only when a run did not end well, and no verdict depends on that.

use std::io::Write as _;

use gavel_model::language::Languages;
use gavel_model::{FileName, JudgeResult, LimitHit, Limits, Verdict};
use gavel_problem::{LoadOptions, Package};
use gavel_worker::compile;
use gavel_worker::judge::Case;
use gavel_worker::sandbox::SourceBytes;
use test_case::test_case;

use crate::attacks::tests;
use crate::rig::{Program, Rig, root, submission_of};

/// A comment that makes a source one that no other run of the tests has checked.
fn unseen(comment: &str) -> String {
    format!("{comment} {}\n", gavel_model::SubmissionId::new())
}

async fn judge(program: Program<'_>, cases: &[(&str, &str)]) -> JudgeResult {
    Rig::new().await.judge(&tests(&program, cases)).await
}

#[test_case("python", "#", "print(input())"; "python")]
#[test_case("node", "//", "console.log(require('fs').readFileSync(0, 'utf8'))"; "node")]
#[tokio::test]
async fn a_run_that_ends_well_needs_no_check_whatever_it_prints(language: &str, comment: &str, source: &str) {
    let source = format!("{}{source}\n", unseen(comment));
    let result = judge(Program::new(language, &source), &[("7\n", "8\n"), ("8\n", "8\n")]).await;
    let verdicts: Vec<Verdict> = result.tests.iter().map(|test| test.verdict).collect();
    assert_eq!(verdicts, [Verdict::Wa, Verdict::Ac], "{result:#?}");
    assert_eq!(result.compile, None);
}

#[test_case("python", "#", "print('so far', flush=True)\nraise ValueError('no')"; "python")]
#[test_case("python", "#", "exec('def (')"; "python, text that does not parse")]
#[test_case("python", "#", "import ast\nast.parse('def (')"; "python, another text")]
#[test_case("node", "//", "console.log('so far'); throw new Error('no')"; "node")]
#[test_case("node", "//", "eval('function (')"; "node, text that does not parse")]
#[tokio::test]
async fn a_program_that_fails_is_checked_once_and_stays_rte(language: &str, comment: &str, source: &str) {
    let source = format!("{}{source}\n", unseen(comment));
    let program = Program::new(language, &source);
    let rig = Rig::new().await;
    for cached in [false, true] {
        let result = rig.judge(&tests(&program, &[("1", ""), ("2", "")])).await;
        let verdicts: Vec<Verdict> = result.tests.iter().map(|test| test.verdict).collect();
        assert_eq!(verdicts, [Verdict::Rte, Verdict::Rte], "{result:#?}");
        let compile = result.compile.unwrap();
        assert_eq!((compile.exit_code, compile.cached), (Some(0), cached), "{compile:?}");
    }
}

#[tokio::test]
async fn a_program_that_ended_well_once_is_not_checked_when_it_fails_later() {
    let source = format!("{}import sys\nsys.exit(int(input()))\n", unseen("#"));
    let result = judge(Program::python(&source), &[("0", ""), ("3", "")]).await;
    assert_eq!(result.verdict, Verdict::Rte, "{result:#?}");
    assert_eq!(result.compile, None);
}

/// Whatever the run of something that is no program came to, it is `CE` with the text of the check.
#[test_case("python", "print(1)\ndef (:\n", "SyntaxError"; "python")]
#[test_case("python", "x = '\u{1}\\N{no such name}'\n", "unicode"; "python, an escape")]
#[test_case("python", "# coding: none-of-this\n", "none-of-this"; "python, an encoding")]
#[test_case("python", " print(1)\n", "IndentationError"; "python, an indent")]
#[test_case("node", "console.log(1)\nfunction (\n", "SyntaxError"; "node")]
#[test_case("node", "console.log(1); await 1; function (\n", "SyntaxError"; "node, with a word of modules")]
#[tokio::test]
async fn what_does_not_parse_is_ce_whatever_its_tests(language: &str, source: &str, said: &str) {
    let rig = Rig::new().await;
    let program = Program::new(language, source);
    for submission in [program.submission(), tests(&program, &[("1", "1"), ("2", "2")])] {
        let result = rig.judge(&submission).await;
        assert_eq!(result.verdict, Verdict::Ce, "{result:#?}");
        assert!(result.tests.is_empty());
        assert_eq!((result.cpu_ms, result.memory_bytes), (0.0, None));
        let compile = result.compile.unwrap();
        assert!(compile.exit_code.is_some_and(|code| code != 0), "{compile:?}");
        assert!(compile.output.contains(said), "{}", compile.output);
    }
}

/// It takes longer to read than it may run.
#[tokio::test]
async fn what_is_stopped_before_it_is_read_to_its_end_is_ce_too() {
    let source = format!("{}def (:\n", "x = [1, 2, 3, (4, 5), {6: 7}]\n".repeat(15_000));
    let limits = Limits { cpu_ms: 100, wall_ms: 60_000, ..Limits::DEFAULT };
    let result = judge(Program::python(&source).limits(limits), &[("1", "1")]).await;
    assert_eq!(result.verdict, Verdict::Ce, "{:?} {:?}", result.verdict, result.tests);
    let compile = result.compile.unwrap();
    assert!(compile.output.contains("SyntaxError"), "{}", compile.output);
    assert!(compile.cpu_ms > 100.0, "the run could not read it: {compile:?}");
}

#[tokio::test]
async fn a_program_that_is_stopped_is_checked_and_stays_tle() {
    let source = format!("{}while True: pass\n", unseen("#"));
    let limits = Limits { cpu_ms: 100, wall_ms: 60_000, ..Limits::DEFAULT };
    let result = judge(Program::python(&source).limits(limits), &[("1", "1")]).await;
    assert_eq!((result.verdict, result.tests[0].limit), (Verdict::Tle, Some(LimitHit::Cpu)), "{result:#?}");
    assert_eq!(result.compile.unwrap().exit_code, Some(0));
}

/// What an interpreter runs although it is no source of its language, and what is checked besides the entry.
#[test_case("python", &[("main.py", "print(1)"), ("lib.py", "def (:")], Verdict::Ce; "a second source that is not used")]
#[test_case("python", &[("main.py", "import lib"), ("lib.py", "def (:")], Verdict::Ce; "a second source that is used")]
#[test_case("python", &[("main.py", "try:\n  import lib\nexcept SyntaxError:\n  pass"), ("lib.py", "def (:")], Verdict::Ce; "a second source that is tried")]
#[test_case("node", &[("main.js", "require('./lib.js')"), ("lib.js", "function (")], Verdict::Rte; "a second source of node that is used")]
#[test_case("node", &[("main.js", "1"), ("lib.js", "function (")], Verdict::Ac; "a second source of node that is not")]
#[test_case("node", &[("main.json", "{\"a\": 1}")], Verdict::Ce; "data that node reads")]
#[tokio::test]
async fn a_file_is(language: &str, files: &[(&str, &str)], verdict: Verdict) {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let result = Rig::new().await.judge(&submission_of(language, &files)).await;
    assert_eq!(result.verdict, verdict, "{result:#?}");
}

#[tokio::test]
async fn a_zip_archive_with_a_main_module_is_no_source() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("__main__.py", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"print(1)\n").unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let result = Rig::new().await.judge(&submission_of("python", &[("main.py", &bytes)])).await;
    assert_eq!(result.verdict, Verdict::Ce, "{result:#?}");
}

/// An interactor that accepts before it has heard anything.
fn content() -> (Package, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Content\nuuid: 7f4e1a52-1111-4222-8333-944455566688\ntype: interactive\nlimits:\n  time_limit: 10\n",
        ),
        ("data/secret/1.in", ""),
        ("data/secret/1.ans", ""),
        ("output_validator/judge.py", "import sys\nsys.exit(42)\n"),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let languages = Languages::load(&root().join("images")).unwrap();
    let options = LoadOptions::new(languages.extensions(), Some("content".to_owned()));
    (Package::load(folder.path(), &options).unwrap_or_else(|error| panic!("{error}")).package, folder)
}

#[test_case("python", "main.py", "def (:", Verdict::Ce; "python")]
#[test_case("node", "main.js", "function (", Verdict::Ce; "node")]
#[test_case("python", "main.py", "import sys\nsys.exit(1)", Verdict::Rte; "a program that fails")]
#[tokio::test]
async fn beside_an_interactor_that_is_content_it_is(
    language: &str,
    name: &str,
    source: &str,
    verdict: Verdict,
) {
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let (package, _folder) = content();
    let name = FileName::try_from(name.to_owned()).unwrap();
    let program = compile::Program {
        language: rig.host.judge.languages().get(language).unwrap().clone(),
        files: vec![SourceBytes { name, bytes: source.to_owned().into() }],
        options: Vec::new(),
    };
    let case = Case::of_package(&package, program, rig.host.judge.limits(), 10_000);
    let slot = rig.host.slots.get().await.unwrap();
    let findings = rig.host.judge.examine(&case, &slot, &mut |_| ()).await;
    let findings = findings.unwrap_or_else(|fault| panic!("{}", gavel_platform::lifecycle::chain(&fault)));
    assert_eq!(findings.graded.verdict, verdict, "{:?}", findings.compile);
}
