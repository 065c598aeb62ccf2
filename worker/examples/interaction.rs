//! How much an interactive problem costs beyond its two programs.
//!
//! `cargo run --release -p gavel-worker --example interaction [PACKAGE] [PROGRAM]` judges one program of an interactive
//! package, then runs the very same two binaries joined by two bare pipes on the same core, and prints both wall
//! times and their ratio. Needs Docker and the images; the programs must be compiled ones, since they run on this
//! machine without their images.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use gavel_blobs::BlobStore;
use gavel_model::language::Languages;
use gavel_model::{Verdict, milliseconds};
use gavel_platform::telemetry::Registry;
use gavel_problem::{LoadOptions, Package, Validation};
use gavel_worker::judge::Case;
use gavel_worker::settings::WorkerSettings;
use gavel_worker::{JudgingHost, WorkerMetrics};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often each is measured; the medians are compared.
const TIMES: usize = 5;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let package = words.next().unwrap_or_else(|| "tests/problems/echo-100k".to_owned());
    let program = words.next().unwrap_or_else(|| "accepted/echo.cpp".to_owned());
    let languages = Languages::load(Path::new("images"))?;
    let options = LoadOptions::new(languages.extensions(), None);
    let package = Package::load(Path::new(&package), &options)?.package;
    let scratch = tempfile::tempdir()?;
    let mut judged = judged(&package, &program, scratch.path()).await?;
    let validator = sources(&package)?;
    let (player, interactor) = (scratch.path().join("player"), scratch.path().join("interactor"));
    let example = example(&package, &program)?;
    compile(&[package.path(&example.folder).join(&example.files[0])], &player)?;
    compile(&validator, &interactor)?;
    let test = &package.tests[package.tests.len() - 1];
    let mut bare = Vec::new();
    for _ in 0..TIMES {
        bare.push(bare_pipe(
            &player,
            &interactor,
            &package.path(&test.input),
            &package.path(&test.answer),
            scratch.path(),
        )?);
    }
    judged.sort();
    bare.sort();
    let (judged, bare) = (judged[TIMES / 2], bare[TIMES / 2]);
    println!("{program} at {}, median of {TIMES}", test.name);
    println!("  judged, two sandboxes joined by FIFOs: {judged:?}");
    println!("  the same two programs, bare pipes:     {bare:?}");
    println!(
        "  ratio {:.2}, beyond the programs' own cost {:?}",
        judged.as_secs_f64() / bare.as_secs_f64(),
        judged.saturating_sub(bare)
    );
    Ok(())
}

/// Wall time of the last test, as the judge measures it.
async fn judged(package: &Package, program: &str, scratch: &Path) -> anyhow::Result<Vec<Duration>> {
    let mut config = WorkerSettings::default();
    config.sandbox.pool.min = 0;
    config.worker.cache_dir = scratch.join("cache");
    let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let languages = config.languages.load()?;
    let blobs = BlobStore::folder(&scratch.join("blobs"))?;
    let host = JudgingHost::open(
        &config,
        languages,
        blobs,
        WorkerMetrics::register(&Registry::default())?,
        &tasks,
        &shutdown,
    )
    .await?;
    let slot = host.slots.get().await?;
    let time_limit = package.limits.time_limit.context("the package states no time limit")?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let program = host.judge.example(package, example(package, program)?)?;
        let case = Case::of_package(package, program, &config.limits, milliseconds(time_limit));
        let findings = host.judge.examine(&case, &slot, &mut |_| ()).await?;
        if findings.graded.verdict != Verdict::Ac {
            bail!("it is not accepted: {:?}", findings.graded);
        }
        let last = findings.tests.last().context("no test")?;
        times.push(Duration::from_secs_f64(last.wall_ms / 1e3));
    }
    shutdown.cancel();
    Ok(times)
}

fn example<'p>(package: &'p Package, name: &str) -> anyhow::Result<&'p gavel_problem::Submission> {
    package
        .submissions
        .iter()
        .find(|example| example.name == name)
        .with_context(|| format!("no submission {name}"))
}

fn sources(package: &Package) -> anyhow::Result<Vec<PathBuf>> {
    let Validation::Custom { programs, .. } = &package.validation else {
        bail!("it has no validator of its own")
    };
    let program = programs.first().context("it has no validator of its own")?;
    let files = program.files.iter().filter(|file| file.ends_with(".cpp"));
    Ok(files.map(|file| package.path(&program.folder).join(file)).collect())
}

fn compile(sources: &[PathBuf], to: &Path) -> anyhow::Result<()> {
    let status = Command::new("g++").args(["-O2", "-static", "-o"]).arg(to).args(sources).status()?;
    if !status.success() {
        bail!("g++ failed");
    }
    Ok(std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o755))?)
}

fn bare_pipe(
    player: &Path,
    interactor: &Path,
    input: &Path,
    answer: &Path,
    scratch: &Path,
) -> anyhow::Result<Duration> {
    let feedback = format!("{}/", scratch.display());
    let (from_player, to_interactor) = std::io::pipe()?;
    let (from_interactor, to_player) = std::io::pipe()?;
    // One core for both, as in a slot.
    let pinned = |program: &Path| {
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program);
        command
    };
    let begin = Instant::now();
    let mut judge = pinned(interactor)
        .args([input, answer])
        .arg(feedback)
        .stdin(Stdio::from(from_player))
        .stdout(Stdio::from(to_player))
        .spawn()?;
    let mut player =
        pinned(player).stdin(Stdio::from(from_interactor)).stdout(Stdio::from(to_interactor)).spawn()?;
    let (player, judge) = (player.wait()?, judge.wait()?);
    if !player.success() || judge.code() != Some(42) {
        bail!("bare run: program {player}, interactor {judge}");
    }
    Ok(begin.elapsed())
}
