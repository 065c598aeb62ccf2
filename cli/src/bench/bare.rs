//! Commands without a judge: in the same images, one after the other in one container.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use gavel_model::FileName;
use gavel_model::language::Languages;
use gavel_platform::settings::load;
use gavel_platform::telemetry::Registry;
use gavel_runner::{Ending, Stdout};
use gavel_worker::WorkerMetrics;
use gavel_worker::container::{Engine, EngineParts, Purpose, SandboxSpec};
use gavel_worker::pool::Kind;
use gavel_worker::sandbox::{Head, Input, Job, Sandbox, SourceBytes};
use gavel_worker::toolchain::Toolchains;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::samples::{INPUT, Sample};
use crate::settings::GavelSettings;

/// Where bare commands run.
pub struct Bare {
    engine: Engine,
    languages: Languages,
    toolchains: Toolchains,
    specs: HashMap<Kind, SandboxSpec>,
    _end: DropGuard,
    _folder: tempfile::TempDir,
}

/// A container with a program in it.
pub struct Shell {
    sandbox: Sandbox,
    sample: Sample,
    env: BTreeMap<String, String>,
}

/// What a command took, milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From its start to its end.
    pub wall_ms: f64,
    /// CPU time of all its processes.
    pub cpu_ms: f64,
}

/// Longer than any script here takes.
const LONGEST: Duration = Duration::from_secs(900);

impl Bare {
    /// Connects to the engine and finds the images.
    pub async fn open(settings: Option<&Path>) -> anyhow::Result<Self> {
        let settings: GavelSettings = load(settings)?;
        let folder = tempfile::tempdir()?;
        let shutdown = CancellationToken::new();
        let engine = Engine::connect(EngineParts {
            worker: format!("gavel-bench-bare-{}", std::process::id()),
            config: settings.sandbox.clone(),
            metrics: WorkerMetrics::register(&Registry::default())?,
            tasks: TaskTracker::new(),
            shutdown: shutdown.clone(),
        })
        .await?;
        let languages = Languages::load(&settings.languages.dir)?;
        let memory = folder.path().join("compilers.json");
        let toolchains = Toolchains::find(&engine, &languages, &settings.languages.tag, &memory).await?;
        let specs = toolchains.specs(&languages, &settings.sandbox, &settings.limits.default);
        Ok(Self { engine, languages, toolchains, specs, _end: shutdown.drop_guard(), _folder: folder })
    }

    /// Whether a program's language can be judged here.
    pub fn has(&self, sample: &Sample) -> bool {
        self.toolchains.get(sample.language).is_some()
    }

    /// A container with the program and its input, compiled if it has to be.
    pub async fn shell(&self, sample: Sample) -> anyhow::Result<Shell> {
        let language = self.languages.get(sample.language).context("no such language")?;
        let purpose = if sample.compile.is_some() { Purpose::Compile } else { Purpose::Run };
        let spec = self.specs.get(&Kind { image: language.image.clone(), purpose }).context("no image")?;
        let mut sandbox = self.engine.start(spec).await?;
        for (name, text) in [(sample.file, sample.text), ("input", INPUT)] {
            let name = FileName::try_from(name.to_owned())?;
            sandbox.put_sources(&[SourceBytes { name, bytes: text.to_owned().into() }]).await?;
        }
        let env = language.compile.as_ref().map_or(&language.run.env, |compile| &compile.env).clone();
        let mut shell = Shell { sandbox, sample, env };
        shell.script(sample.compile.unwrap_or("true"), &[]).await?;
        Ok(shell)
    }
}

impl Shell {
    /// One compilation of a source that was not compiled before, and one run; or only a run. Milliseconds.
    pub async fn once(&mut self) -> anyhow::Result<f64> {
        let Sample { compile, run, .. } = self.sample;
        let run = format!("{run} </app/work/input >/tmp/output");
        let script = match compile {
            Some(compile) => format!("{}; {compile} && {run}", self.unseen()),
            None => run,
        };
        Ok(self.script(&script, &[]).await?.wall_ms)
    }

    /// One compilation of a source that was not compiled before.
    pub async fn compile(&mut self) -> anyhow::Result<Cost> {
        let compile = self.sample.compile.context("nothing compiles it")?;
        self.script(&format!("{}; {compile}", self.unseen()), &[]).await
    }

    /// A command that makes the source one that was never seen.
    fn unseen(&self) -> String {
        let Sample { comment, file, .. } = self.sample;
        format!("echo '{comment} {:032x}' >>/app/work/{file}", rand::random::<u128>())
    }

    /// Whether its program has to be compiled.
    pub const fn compiles(&self) -> bool {
        self.sample.compile.is_some()
    }

    /// So many runs one after the other, on these cores; none: any. Milliseconds.
    pub async fn runs(&mut self, count: usize, cores: &[u32]) -> anyhow::Result<f64> {
        let run = self.sample.run;
        let script = format!(
            "i=0; while [ $i -lt {count} ]; do {run} </app/work/input >/tmp/output; i=$((i+1)); done"
        );
        Ok(self.script(&script, cores).await?.wall_ms)
    }

    async fn script(&mut self, script: &str, cores: &[u32]) -> anyhow::Result<Cost> {
        let job = Job {
            argv: vec!["/bin/sh".to_owned(), "-c".to_owned(), script.to_owned()],
            env: self.env.clone(),
            cwd: "/app/work",
            stdout: Stdout::Stream,
            cpu: LONGEST,
            wall: LONGEST,
            memory: u64::MAX,
            stdout_limit: 1 << 20,
            stderr_limit: 1 << 20,
            stderr_forward: 1 << 20,
            stack: u64::MAX,
            address_space: None,
            file: u64::MAX,
            cores: cores.to_vec(),
        };
        let mut said = Head::new(4096);
        let outcome = self.sandbox.run(&job, &Input::Empty, &mut said).await?;
        if outcome.ending != Ending::Code(0) {
            bail!("{script}: {:?}: {}", outcome.ending, said.text());
        }
        let cpu_us = outcome.cgroup_cpu_us.unwrap_or(outcome.user_us + outcome.system_us);
        Ok(Cost { wall_ms: outcome.wall_us as f64 / 1e3, cpu_ms: cpu_us as f64 / 1e3 })
    }
}
