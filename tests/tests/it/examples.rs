//! `gavel examples`: what a user runs first, against the real service.

use std::path::Path;

use crate::process::{Ended, Gavel};
use crate::up::up;

const RIGHT: &str = "a, b = map(int, input().split())\nprint(a + b)\n";

async fn examples(folder: &Path, url: &str) -> Ended {
    examples_of(folder, url, &[]).await
}

async fn examples_of(folder: &Path, url: &str, options: &[&str]) -> Ended {
    let logs = tempfile::tempdir().unwrap();
    let mut command = vec!["examples", folder.to_str().unwrap(), "--url", url];
    command.extend(options);
    Gavel::start(&command, logs.path(), &[]).end().await
}

/// The row of a program in the table.
fn row<'a>(ended: &'a Ended, program: &str) -> &'a str {
    ended.log.lines().find(|line| line.contains(&format!(" {program} "))).unwrap_or_else(|| {
        panic!("no row for {program}: {}", ended.log);
    })
}

#[tokio::test]
async fn a_promise_that_is_not_kept_is_named_and_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let gavel = up(folder.path(), &crate::fleet::unique("examples")).await;
    let programs = folder.path().join("programs");
    let write = |name: &str, text: &str| {
        let path = programs.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("python/AC-sum.py", RIGHT);
    let ended = examples(&programs, gavel.url()).await;
    ended.assert_code(1);
    assert!(ended.log.contains("input.txt"), "what is missing is named: {}", ended.log);

    write("input.txt", "3 4\n");
    write("answer.txt", "7\n");
    write("python/WA-difference.py", "print(-1)\n");
    write("python/RTE-three.py", "raise SystemExit(3)\n");
    let ended = examples(&programs, gavel.url()).await;
    ended.assert_code(0);
    assert!(ended.log.ends_with("3 programs, 3 as expected\n"), "{}", ended.log);
    for (program, figures) in [("sum", ["AC", "✓"]), ("difference", ["WA", "✓"]), ("three", ["RTE", "✓"])]
    {
        assert!(figures.iter().all(|figure| row(&ended, program).contains(figure)), "{}", ended.log);
    }

    write("python/TLE-quick.py", RIGHT);
    write("python/AC-typo.py", "print(input()\n");
    let ended = examples(&programs, gavel.url()).await;
    ended.assert_code(1);
    for (program, figures) in [("quick", ["AC", "✗"]), ("typo", ["CE", "✗"]), ("sum", ["AC", "✓"])] {
        assert!(figures.iter().all(|figure| row(&ended, program).contains(figure)), "{}", ended.log);
    }
    assert!(ended.log.contains("python/TLE-quick.py: expected TLE, got AC\n"), "{}", ended.log);
    assert!(ended.log.contains("python/AC-typo.py: expected AC, got CE\n"), "{}", ended.log);
    assert!(ended.log.contains("SyntaxError"), "what the compiler said: {}", ended.log);
    assert!(ended.log.ends_with("5 programs, 3 as expected\n"), "{}", ended.log);

    write("own.in", "5 6\n");
    write("own.ans", "11\n");
    write("python/AC-own.py", RIGHT);
    write("python/WA-shared.py", "print(11 if input() == '5 6' else 0)\n");
    std::fs::remove_file(programs.join("python/TLE-quick.py")).unwrap();
    std::fs::remove_file(programs.join("python/AC-typo.py")).unwrap();
    write("kotlin/AC-sum.kt", "fun main() {}\n");
    let ended = examples(&programs, gavel.url()).await;
    ended.assert_code(0);
    assert!(ended.log.contains("left out, since this Gavel does not offer them: kotlin\n"), "{}", ended.log);
    assert!(ended.log.ends_with("5 programs, 5 as expected\n"), "{}", ended.log);

    let ended = examples_of(&programs, gavel.url(), &["--languages", "c,PYTHON", "--figures"]).await;
    ended.assert_code(0);
    assert!(ended.log.contains("no programs here in c\n"), "{}", ended.log);
    let figures: Vec<_> = ended.log.lines().filter(|line| line.starts_with("python\t")).collect();
    assert!(figures.len() == 1 && figures[0].contains("\tPython 3.13"), "{}", ended.log);
    for (choice, said) in [("kotlin", "does not offer kotlin"), ("klingon", "\"klingon\" is neither")] {
        let ended = examples_of(&programs, gavel.url(), &["--languages", choice]).await;
        ended.assert_code(1);
        assert!(ended.log.contains(said), "{}", ended.log);
    }

    write("go/sum.go", "package main\n");
    let ended = examples(&programs, gavel.url()).await;
    ended.assert_code(1);
    assert!(ended.log.contains("sum.go: no VERDICT- in front"), "{}", ended.log);
    let ended = examples(Path::new("/nowhere"), gavel.url()).await;
    ended.assert_code(1);
    assert!(ended.log.contains("/nowhere"), "{}", ended.log);
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("input.txt", ""), ("answer.txt", ""), ("python/AC-nothing.py", "")] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let ended = examples(folder.path(), "http://127.0.0.1:1").await;
    ended.assert_code(1);
    assert!(ended.log.contains("no Gavel at http://127.0.0.1:1"), "{}", ended.log);
}
