//! Published clients of other systems, unchanged, against the real service with real containers.
//!
//! They are installed from their package indexes, so the test is run when it is asked for:
//! `cargo nextest run --workspace --run-ignored all -E 'test(published_clients)'`.

use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use test_case::test_case;

use crate::fleet::unique;
use crate::process::root;
use crate::up::up;

/// What a command printed; it must have done what it should.
fn done(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    assert!(output.status.success(), "{command:?}: {}\n{text}", output.status);
    text
}

/// A program that has a published crate among its dependencies, built with the versions in its own lock file.
fn built(project: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(project);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(project);
    let mut cargo = Command::new(env!("CARGO"));
    // Our lints are not its own.
    cargo.env_remove("RUSTC_WORKSPACE_WRAPPER");
    done(cargo.args(["build", "--quiet", "--locked", "--target-dir"]).arg(&target).current_dir(folder));
    Command::new(target.join("debug").join("published-client"))
}

/// A script with what its first line requires, installed once into a folder of its own; the command that runs it.
fn installed(script: &str) -> Command {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(script);
    let text = std::fs::read_to_string(&source).unwrap();
    let first = text.lines().next().unwrap();
    let requires = first.split_once(" requires: ").unwrap().1;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(requires);
    let once = |install: &dyn Fn(&Path)| {
        if !folder.join("installed").exists() {
            std::fs::create_dir_all(&folder).unwrap();
            install(&folder);
            std::fs::write(folder.join("installed"), "").unwrap();
        }
    };
    let python: PathBuf = folder.join("bin/python");
    if script.ends_with(".py") {
        once(&|folder| {
            done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder));
            if requires != "nothing" {
                let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
                done(Command::new(&python).args(install).args(requires.split(' ')));
            }
        });
        let mut command = Command::new(python);
        command.arg(source);
        return command;
    }
    once(&|folder| {
        done(Command::new("npm").args(["install", "--silent", "--prefix"]).arg(folder).arg(requires));
    });
    // A module looks for others beside itself.
    let beside = folder.join(script);
    std::fs::copy(source, &beside).unwrap();
    let mut command = Command::new("node");
    command.arg(beside);
    command
}

#[test_case("official_sdk.py", 6; "judge0")]
#[test_case("async_client.py", 1; "judge0-client")]
#[test_case("slashes_client.py", 1; "judge0api")]
#[test_case("tokens_client.py", 1; "judge0-api-wrapper")]
#[test_case("piston_client.py", 7; "ultra-piston")]
#[test_case("piston_client.mjs", 3; "piston-client")]
#[test_case("piston_rs", 6; "piston_rs")]
#[test_case("talk_client.py", 3; "websockets")]
#[test_case("jobe_cases.py", 3; "cases of jobe")]
#[tokio::test]
#[ignore = "installs published clients from their package indexes"]
async fn published_clients_run_unchanged(script: &str, calls: usize) {
    let mut command = if script.contains('.') { installed(script) } else { built(script) };
    let folder = tempfile::tempdir().unwrap();
    let gavel = up(folder.path(), &unique("clients")).await;
    command.env("JUDGE0", format!("{}/judge0", gavel.url()));
    command.env("PISTON", format!("{}/piston/api/v2", gavel.url())).env("PISTON_ROOT", gavel.url());
    let text = tokio::task::spawn_blocking(move || done(&mut command)).await.unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("ok: ")).count(), calls, "{text}");
}

/// deploy/kubernetes/, as kubectl renders it, by the schemas that Kubernetes and KEDA publish. No cluster is asked.
#[test_case("base", 13; "base")]
#[test_case("keda", 14; "keda")]
#[test_case("hpa", 14; "hpa")]
#[test_case("node-engine", 13; "node engine")]
#[ignore = "installs published schemas from their package index, and needs kubectl"]
fn kubernetes_takes_what_is_rendered(folder: &str, objects: usize) {
    let folder = root().join("deploy/kubernetes").join(folder);
    let rendered = done(Command::new("kubectl").arg("kustomize").arg(folder));
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(rendered.as_bytes()).unwrap();
    file.rewind().unwrap();
    let text = done(installed("kubernetes_schemas.py").stdin(file));
    assert_eq!(text.lines().filter(|line| line.starts_with("ok: ")).count(), objects, "{text}");
}

/// deploy/grafana/dashboards/, by the types that Grafana publishes: Grafana itself is not to be had from Debian.
#[test]
#[ignore = "installs Grafana's published types from their package index"]
fn grafana_knows_every_field_of_the_dashboards() {
    let folder = root().join("deploy/grafana/dashboards");
    let files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let text = done(installed("grafana_types.py").args(&files));
    assert_eq!(text.lines().filter(|line| line.starts_with("ok: ")).count(), files.len(), "{text}");
}
