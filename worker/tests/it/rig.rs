//! A machine to judge on, and short ways to hand programs to it.

use std::path::{Path, PathBuf};

use gavel_blobs::BlobStore;
use gavel_model::{Checker, Lane, Limits, Payload, Work};
use gavel_model::{FileName, JudgeResult, SourceFile, Submission, SubmissionId, TestReport};
use gavel_platform::telemetry::Registry;
use gavel_worker::container::Purpose;
use gavel_worker::pool::Kind;
use gavel_worker::sandbox::Sandbox;
use gavel_worker::settings::WorkerSettings;
use gavel_worker::{JudgingHost, WorkerMetrics};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A host of a test's own; nothing is warmed, so that a test starts only what it uses.
pub struct Rig {
    pub host: JudgingHost,
    pub config: WorkerSettings,
    pub metrics: WorkerMetrics,
    registry: Registry,
    _end: DropGuard,
    blobs: tempfile::TempDir,
}

impl Rig {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The settings of [`Rig::new`].
    pub fn settings() -> WorkerSettings {
        let mut config = WorkerSettings::default();
        config.worker.id = format!("test-{}", SubmissionId::new());
        // Shared by all tests: compilers are asked for their versions once, not once a test.
        config.worker.cache_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        config.languages.dir = root().join("images");
        config.languages.tag = gavel_testkit::image_tag();
        config.sandbox.pool.min = 0;
        config
    }

    /// With other settings.
    pub async fn with(change: impl FnOnce(&mut WorkerSettings)) -> Self {
        let blobs = tempfile::tempdir().unwrap();
        let mut config = Self::settings();
        change(&mut config);
        if config.worker.cores_per_slot == 1 {
            gavel_testkit::keep_to_own_core();
        }
        let shutdown = CancellationToken::new();
        let registry = Registry::default();
        let metrics = WorkerMetrics::register(&registry).unwrap();
        let host = JudgingHost::open(
            &config,
            config.languages.load().unwrap(),
            BlobStore::folder(blobs.path()).unwrap(),
            metrics.clone(),
            &TaskTracker::new(),
            &shutdown,
        )
        .await
        .unwrap_or_else(|error| {
            panic!("cannot judge here ({error}: {error:?}); deploy/test.sh brings up what tests need")
        });
        Self { host, config, metrics, registry, _end: shutdown.drop_guard(), blobs }
    }

    /// A sandbox of a language's folder, as the pool would warm it.
    pub async fn sandbox(&self, image: &str, purpose: Purpose) -> Sandbox {
        let languages = self.config.languages.load().unwrap();
        let (sandbox, limits) = (&self.config.sandbox, &self.config.limits.default);
        let specs = self.host.toolchains.specs(&languages, sandbox, limits);
        let kind = Kind { image: image.to_owned(), purpose };
        self.host.engine.start(&specs[&kind]).await.unwrap()
    }

    /// Where its payloads come from.
    pub fn blobs(&self) -> BlobStore {
        BlobStore::folder(self.blobs.path()).unwrap()
    }

    /// The sum of a metric's series whose labels hold all of these, each as `name="value"`.
    pub fn measured(&self, name: &str, labels: &[&str]) -> f64 {
        let text = self.registry.text().unwrap();
        let series = text
            .lines()
            .filter_map(|line| line.strip_prefix(name))
            .filter(|rest| rest.starts_with(['{', ' ']) && labels.iter().all(|label| rest.contains(label)));
        series.map(|rest| rest.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
    }

    pub async fn judge(&self, submission: &Submission) -> JudgeResult {
        let slot = self.host.slots.get().await.unwrap();
        self.host
            .judge
            .judge(submission, 1, &slot, &mut |_| ())
            .await
            .unwrap_or_else(|fault| panic!("{}", gavel_platform::lifecycle::chain(&fault)))
    }

    /// Runs a program once and tells what became of it.
    pub async fn run(&self, program: Program<'_>) -> TestReport {
        let result = self.judge(&program.submission()).await;
        assert!(
            result.compile.as_ref().is_none_or(|compile| compile.exit_code == Some(0)),
            "it does not compile: {result:#?}"
        );
        result.tests.into_iter().next().unwrap()
    }
}

/// A program to run once.
pub struct Program<'a> {
    pub language: &'a str,
    pub source: &'a str,
    pub stdin: Vec<u8>,
    pub limits: Limits,
}

impl<'a> Program<'a> {
    pub fn new(language: &'a str, source: &'a str) -> Self {
        Self {
            language,
            source,
            stdin: Vec::new(),
            limits: Limits { cpu_ms: 1_000, wall_ms: 10_000, ..Limits::DEFAULT },
        }
    }

    pub fn c(source: &'a str) -> Self {
        Self::new("c", source)
    }

    pub fn python(source: &'a str) -> Self {
        Self::new("python", source)
    }

    pub fn stdin(self, stdin: impl Into<Vec<u8>>) -> Self {
        Self { stdin: stdin.into(), ..self }
    }

    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub fn submission(&self) -> Submission {
        let name = match self.language {
            "java" => "Main.java".to_owned(),
            "python" => "main.py".to_owned(),
            "node" => "main.js".to_owned(),
            "rust" => "main.rs".to_owned(),
            "cpp" | "cpp17" | "cpp23" => "main.cpp".to_owned(),
            other => format!("main.{other}"),
        };
        Submission {
            language: self.language.to_owned(),
            files: vec![SourceFile {
                name: FileName::try_from(name).unwrap(),
                content: Payload::Text(self.source.to_owned()),
            }],
            limits: self.limits,
            work: Work::Run {
                stdin: Payload::inline(&self.stdin),
                expected_output: None,
                checker: Checker::default(),
                file_io: Default::default(),
            },
            stdout: true,
            note: None,
            created_at: jiff::Timestamp::now(),
            ..gavel_testkit::submission(Lane::Practice)
        }
    }
}

/// A submission of these files, of which the first is the entry unless the language knows better.
pub fn submission_of(language: &str, files: &[(&str, &[u8])]) -> Submission {
    let file = |(name, bytes): &(&str, &[u8])| SourceFile {
        name: FileName::try_from((*name).to_owned()).unwrap(),
        content: Payload::inline(bytes),
    };
    Submission { files: files.iter().map(file).collect(), ..Program::new(language, "").submission() }
}

/// What a program printed.
pub fn stdout(report: &TestReport) -> String {
    report.stdout.as_ref().unwrap().lossy()
}
