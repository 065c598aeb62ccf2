//! The scripts of `examples/`, and `gavel batch`: what a platform begins with, against the real service.

use std::path::Path;
use std::process::Output;

use tokio::process::Command;

use crate::fleet::{Fleet, unique};
use crate::process::{Gavel, binary};

/// Debian's Python, which has Debian's packages.
async fn script(name: &str, arguments: &[&str]) -> Output {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    let run = Command::new("/usr/bin/python3").arg(path).args(arguments).kill_on_drop(true).output();
    gavel_testkit::within("the script ends", run).await.unwrap()
}

fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

#[tokio::test]
async fn the_scripts_and_the_command_tell_verdicts() {
    let fleet = Fleet::start().await;
    let worker = fleet.worker(&unique("scripts")).await;
    let amqp = script("amqp.py", &[fleet.rabbit.url.as_str(), &fleet.rabbit.prefix]).await;
    assert_eq!(printed(&amqp), "AC ['AC']\n");

    let batch = script("batch.py", &[fleet.api.url()]).await;
    let mut lines: Vec<_> = printed(&batch).lines().collect();
    assert!(lines.remove(0).starts_with("2: refused: there is no language \"cobol\""), "{lines:?}");
    assert_eq!(lines.pop(), Some("all: {\"AC\": 1, \"WA\": 1}"));
    lines.sort_unstable();
    assert_eq!(lines, ["0: AC", "1: WA"]);

    let folder = tempfile::tempdir().unwrap();
    let (file, results) = (folder.path().join("batch.jsonl"), folder.path().join("results.jsonl"));
    let text =
        "{\"common\": {\"language\": \"python\"}}\n{\"source\": \"print(1)\"}\n{\"source\": \"exit(1)\"}\n";
    std::fs::write(&file, text).unwrap();
    let command =
        ["batch", file.to_str().unwrap(), "--results", results.to_str().unwrap(), "--url", fleet.api.url()];
    let ended = Gavel::start(&command, folder.path(), &[]).end().await;
    ended.assert_code(0);
    assert!(ended.log.contains("2 of 2 entries accepted"), "{}", ended.log);
    assert!(ended.log.contains("{\"AC\":1,\"RTE\":1}"), "{}", ended.log);
    let told = std::fs::read_to_string(&results).unwrap();
    let verdicts: Vec<serde_json::Value> = told
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["verdict"].clone())
        .collect();
    assert_eq!(serde_json::json!(verdicts), serde_json::json!(["AC", "RTE"]));

    std::fs::write(&file, format!("{text}{{\"language\": \"none\", \"source\": \"\"}}\n")).unwrap();
    let ended = Gavel::start(&command, folder.path(), &[]).end().await;
    ended.assert_code(1);
    assert!(ended.log.contains("entry 2: there is no language \"none\""), "{}", ended.log);

    let programs = folder.path().join("programs");
    std::fs::create_dir(&programs).unwrap();
    for (name, text) in [("a.py", "print(1)"), ("b.py", "exit(1)"), ("notes.txt", "no program")] {
        std::fs::write(programs.join(name), text).unwrap();
    }
    let printed = Command::new(binary())
        .args(["batch", "--watch", "--url", fleet.api.url()])
        .arg(&programs)
        .current_dir(folder.path())
        .output()
        .await
        .unwrap();
    let table = String::from_utf8(printed.stdout).unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.contains("programs/")).collect();
    assert!(printed.status.success() && rows.len() == 2, "{table}");
    for (row, (name, verdict)) in rows.iter().zip([("a.py", "AC"), ("b.py", "RTE")]) {
        assert!(row.contains(name) && row.contains(verdict), "{table}");
    }
    drop(worker);
    fleet.end().await;
}
