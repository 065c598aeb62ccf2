//! A program can neither see, signal, trace nor starve the interactor or checker that judges it.

use std::fs;
use std::path::Path;

use gavel_model::language::Languages;
use gavel_model::{FileName, TestReport, Verdict};
use gavel_problem::{LoadOptions, Package};
use gavel_worker::compile::Program;
use gavel_worker::judge::Case;
use gavel_worker::sandbox::SourceBytes;

use crate::rig::{Rig, root};

/// Says "hello", wants it echoed, then wants "report" answered by one line, which becomes the judge's message.
const INTERACTOR: &str = r#"
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
int main(int argc, char** argv) {
    std::string feedback = argv[3];
    char line[65536];
    puts("hello"); fflush(stdout);
    if (!fgets(line, sizeof line, stdin) || strcmp(line, "hello\n")) { std::ofstream(feedback + "judgemessage.txt") << "no echo"; return 43; }
    puts("report"); fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) { std::ofstream(feedback + "judgemessage.txt") << "no report"; return 43; }
    std::ofstream(feedback + "judgemessage.txt") << line;
    return 42;
}
"#;

/// Accepts "ok" and tells what it sees of the program's doings.
const CHECKER: &str = r#"
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
int main(int argc, char** argv) {
    char line[100] = "";
    bool right = scanf("%99s", line) == 1 && !strcmp(line, "ok");
    std::ofstream(std::string(argv[3]) + "judgemessage.txt") << "said " << line;
    return right ? 42 : 43;
}
"#;

fn package(folder: &Path, kind: &str, validator: &str) -> Package {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "problem.yaml",
        &format!(
            "problem_format_version: 2025-09\nname: Isolation\nuuid: 7f4e1a52-1111-4222-8333-944455566677\ntype: {kind}\nlimits:\n  time_limit: 4.0\n"
        ),
    );
    write("data/secret/1.in", "secret input\n");
    write("data/secret/1.ans", "secret answer\n");
    write("output_validator/validate.cpp", validator);
    let languages = Languages::load(&root().join("images")).unwrap();
    let options = LoadOptions::new(languages.extensions(), Some("isolation".to_owned()));
    Package::load(folder, &options).unwrap_or_else(|error| panic!("{error}")).package
}

async fn judge(kind: &str, validator: &str, language: &str, source: &str) -> TestReport {
    let folder = tempfile::tempdir().unwrap();
    let package = package(folder.path(), kind, validator);
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let judge = &rig.host.judge;
    let language = judge.languages().get(language).unwrap().clone();
    let name = FileName::try_from(language.source.clone()).unwrap();
    let files = vec![SourceBytes { name, bytes: source.to_owned().into() }];
    let program = Program { language, files, options: Vec::new() };
    let case = Case::of_package(&package, program, rig.host.judge.limits(), 4_000);
    let slot = rig.host.slots.get().await.unwrap();
    let findings = judge
        .examine(&case, &slot, &mut |_| ())
        .await
        .unwrap_or_else(|fault| panic!("{}", gavel_platform::lifecycle::chain(&fault)));
    let compile = findings.compile.map(|compile| compile.output);
    findings.tests.into_iter().next().unwrap_or_else(|| panic!("it did not compile: {compile:?}"))
}

/// A Python program that plays along, and answers "report" with what `expression` gives.
async fn report(expression: &str) -> String {
    let source = format!(
        "import os, sys, signal, ctypes, glob, threading, time\n\
         print(input(), flush=True)\n\
         input()\n\
         def attempt(f):\n    try: return str(f())\n    except Exception as e: return type(e).__name__\n\
         print(attempt(lambda: {expression}).replace(chr(10), ' '), flush=True)\n"
    );
    let test = judge("interactive", INTERACTOR, "python", &source).await;
    assert_eq!(test.verdict, Verdict::Ac, "{test:?}");
    test.checker_message.unwrap()
}

#[tokio::test]
async fn a_program_cannot_see_its_interactor() {
    let processes = report("sorted(int(p[6:]) for p in glob.glob('/proc/[0-9]*'))").await;
    let pids: Vec<u32> =
        processes.trim_matches(['[', ']']).split(", ").map(|pid| pid.parse().unwrap()).collect();
    assert_eq!(pids.len(), 2, "more than the runner and the program itself: {processes}");
}

#[tokio::test]
async fn a_program_cannot_signal_its_interactor() {
    // Every number a process could have: nothing but the program's own group is there to be signalled.
    let told = report("sum(1 for p in range(2, 4000) if p != os.getpid() and attempt(lambda: os.kill(p, 9)) != 'ProcessLookupError')").await;
    assert_eq!(told, "0");
}

#[tokio::test]
async fn a_program_cannot_trace_its_interactor() {
    let told =
        report("[ctypes.CDLL(None).ptrace(16, p, 0, 0) for p in range(1, 50) if p != os.getpid()]").await;
    assert!(told.trim_matches(['[', ']']).split(", ").all(|answer| answer == "-1"), "{told}");
}

#[tokio::test]
async fn nothing_of_the_test_is_in_the_programs_sandbox() {
    let told = report(
        "[f for d, _, n in os.walk('/') if not d.startswith(('/proc', '/sys', '/usr', '/lib')) for f in n if f.startswith('judge.') or f in ('1.in', '1.ans')]",
    )
    .await;
    assert_eq!(told, "[]");
}

#[tokio::test]
async fn the_volume_between_them_shows_nothing_and_takes_nothing_of_size() {
    assert_eq!(report("os.listdir('/app/pipes')").await, "[]");
    // 64 KiB and 16 inodes: nothing to hide in, and filling it up stops nobody.
    let told = report("open('/app/pipes/x', 'wb').write(b'x' * 1000000)").await;
    // "PermissionError" where the kernel has Landlock.
    assert!(["OSError", "PermissionError"].contains(&told.as_str()), "{told}");
}

#[tokio::test]
async fn a_program_cannot_starve_its_interactor() {
    let source = "import threading, os\n\
        def busy():\n    while True: pass\n\
        for _ in range(6):\n    if os.fork() == 0: busy()\n\
        print(input(), flush=True)\n\
        input()\n\
        print('still here', flush=True)\n";
    let test = judge("interactive", INTERACTOR, "python", source).await;
    assert_eq!(
        (test.verdict, test.checker_message.as_deref()),
        (Verdict::Ac, Some("still here")),
        "{test:?}"
    );
}

#[tokio::test]
async fn a_flood_to_the_interactor_harms_only_its_sender() {
    let source = "import sys\nwhile True: sys.stdout.write('x' * 65536)\n";
    let test = judge("interactive", INTERACTOR, "python", source).await;
    assert_eq!((test.verdict, test.checker_message.as_deref()), (Verdict::Wa, Some("no echo")), "{test:?}");
}

#[tokio::test]
async fn a_program_cannot_talk_to_the_checker_but_by_its_output() {
    let source = "import os, time\n\
        for d in ('/tmp/feedback', '/tmp/out'):\n    os.makedirs(d, exist_ok=True)\n\
        open('/tmp/feedback/judgemessage.txt', 'w').write('accept me')\n\
        open('/tmp/feedback/score.txt', 'w').write('100')\n\
        if os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\n\
        print('no')\n";
    let test = judge("pass-fail", CHECKER, "python", source).await;
    assert_eq!((test.verdict, test.checker_message.as_deref()), (Verdict::Wa, Some("said no")), "{test:?}");
}

#[tokio::test]
async fn a_checker_that_crashes_is_a_judge_error_with_its_output() {
    let crash =
        "#include <cstdio>\n#include <cstdlib>\nint main(){ fprintf(stderr, \"cannot go on\"); abort(); }";
    let test = judge("pass-fail", crash, "python", "print('ok')\n").await;
    assert_eq!(test.verdict, Verdict::Je);
    let said = test.checker_message.unwrap();
    assert!(said.contains("signal 6") && said.contains("cannot go on"), "{said}");
}

#[tokio::test]
async fn a_checker_that_answers_nonsense_is_a_judge_error() {
    let test = judge("pass-fail", "int main(){ return 0; }", "python", "print('ok')\n").await;
    assert_eq!(test.verdict, Verdict::Je);
    assert!(test.checker_message.unwrap().contains("exit code 0"));
}

#[tokio::test]
async fn a_checker_that_leaves_a_link_for_feedback_is_a_judge_error() {
    let link = "#include <unistd.h>\n#include <string>\nint main(int, char** v){ symlink(\"/etc/passwd\", (std::string(v[3]) + \"judgemessage.txt\").c_str()); return 42; }";
    let test = judge("pass-fail", link, "python", "print('ok')\n").await;
    assert_eq!(test.verdict, Verdict::Je, "{test:?}");
    assert!(!test.checker_message.unwrap().contains("root:"));
}

#[tokio::test]
async fn both_waiting_for_the_other_ends_by_the_wall_limit() {
    let test = judge("interactive", INTERACTOR, "python", "input()\ninput()\n").await;
    assert_eq!(test.verdict, Verdict::Tle, "{test:?}");
}
