//! Completions, manual and exit codes say what the binary does.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use test_case::test_case;

const PAGE: &str = include_str!("../../../docs/OPERATIONS.md");

fn gavel(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gavel")).args(arguments).output().unwrap()
}

/// Every command, as it is typed: `dead list` is one.
fn commands() -> Vec<String> {
    fn walk(command: &clap::Command, before: &str, found: &mut Vec<String>) {
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let name = format!("{before}{}", inner.get_name());
            walk(inner, &format!("{name} "), found);
            found.push(name);
        }
    }
    let mut found = Vec::new();
    walk(&gavel::command(), "", &mut found);
    found
}

#[test_case("bash", &["bash", "-n"])]
#[test_case("zsh", &[])]
#[test_case("fish", &[])]
#[test_case("elvish", &[])]
#[test_case("powershell", &[])]
fn completions_name_every_command(shell: &str, syntax_check: &[&str]) {
    let output = gavel(&["completions", shell]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let script = String::from_utf8(output.stdout).unwrap();
    for command in commands() {
        for word in command.split(' ') {
            assert!(script.contains(word), "{command}");
        }
    }
    assert!(script.contains("watch") && script.contains("problem"), "options too");
    if let [program, arguments @ ..] = syntax_check {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), script).unwrap();
        let checked = Command::new(program).args(arguments).arg(file.path()).output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
}

#[test]
fn every_command_has_a_page_with_its_options_and_the_first_lists_the_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("new/man1");
    assert!(gavel(&["man", to.to_str().unwrap()]).status.success());
    let read = |name: &str| {
        let path = Path::new(&to).join(format!("{name}.1"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    for command in commands() {
        let page = read(&format!("gavel-{}", command.replace(' ', "-")));
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(read("gavel-submit").contains("problem"), "an option");
    let first = read("gavel");
    for (code, meaning) in gavel::exit::all() {
        let plain = first.replace("\\-", "-");
        assert!(plain.contains(&format!("{code:>3}  {meaning}")), "{code} {meaning}: {plain}");
    }
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = gavel(&["man", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("cannot write into"), "{refused:?}");
}

#[test]
fn the_page_lists_every_exit_code_with_its_meaning() {
    let section = PAGE.split("## Exit codes").nth(1).unwrap().split("\n## ").next().unwrap();
    let listed: BTreeSet<(String, String)> = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
        })
        .collect();
    let known = gavel::exit::all().into_iter().map(|(code, meaning)| (code.to_string(), meaning.to_owned()));
    assert_eq!(listed, known.collect());
}

/// What scripts can read. The others run until they are ended, or write what has a form of its own.
#[test]
fn every_command_that_tells_something_tells_it_as_json() {
    const WITHOUT: [&str; 8] =
        ["api", "completions", "config check", "config print", "man", "top", "up", "worker"];
    fn walk(command: &clap::Command, before: &str, without: &mut Vec<String>) {
        for inner in command.get_subcommands() {
            let name = format!("{before}{}", inner.get_name());
            let json = inner.get_arguments().any(|argument| argument.get_id() == "json");
            if !inner.has_subcommands() && !json {
                without.push(name.clone());
            }
            walk(inner, &format!("{name} "), without);
        }
    }
    let mut without = Vec::new();
    walk(&gavel::command(), "", &mut without);
    without.retain(|name| !WITHOUT.contains(&name.as_str()));
    assert_eq!(without, Vec::<String>::new());
}

/// The codes that commands end with where nothing answers, and on a wrong command line.
#[test_case(&["queues", "--url", "http://127.0.0.1:9"] => Some(1))]
#[test_case(&["queues", "--what"] => Some(2))]
#[test_case(&["dead", "purge", "--all"] => Some(2))]
#[test_case(&["dead", "purge", "--all", "--yes", "--url", "http://127.0.0.1:9"] => Some(1))]
#[test_case(&["dead", "replay"] => Some(2); "which letters is not said")]
#[test_case(&["rejudge", "start"] => Some(2); "which submissions is not said")]
#[test_case(&["rejudge", "start", "0198c3a4-0000-7000-8000-000000000000", "--language", "go"] => Some(2); "ids stand alone")]
#[test_case(&["rejudge", "start", "--problem", "sum", "--partial"] => Some(2); "a part of what is not applied")]
#[test_case(&["rejudge", "cancel", "x", "--url", "http://127.0.0.1:9"] => Some(1); "nobody who could cancel")]
#[test_case(&["drain", "w", "--wait", "--undo"] => Some(2))]
#[test_case(&["up", "--config", "/nowhere/gavel.toml"] => Some(64))]
fn commands_end_with(arguments: &[&str]) -> Option<i32> {
    gavel(arguments).status.code()
}
