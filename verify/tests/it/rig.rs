//! A place to judge at, one program at a time.

use std::path::{Path, PathBuf};

use gavel_blobs::BlobStore;
use gavel_model::SubmissionId;
use gavel_model::language::LanguagesConfig;
use gavel_platform::telemetry::Registry;
use gavel_worker::settings::WorkerSettings;
use gavel_worker::{JudgingHost, WorkerMetrics};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A place of a test's own; nothing is warmed, so that a test starts only what it uses.
pub struct Rig {
    pub host: JudgingHost,
    _end: DropGuard,
    _blobs: tempfile::TempDir,
}

impl Rig {
    pub async fn new() -> Self {
        let blobs = tempfile::tempdir().unwrap();
        let mut config = WorkerSettings::default();
        config.worker.id = format!("test-{}", SubmissionId::new());
        config.worker.slots = 1;
        // Shared by all tests: compilers are asked for their versions once, not once a test.
        config.worker.cache_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        config.languages.tag = gavel_testkit::image_tag();
        config.sandbox.pool.min = 0;
        gavel_testkit::keep_to_own_core();
        let shutdown = CancellationToken::new();
        let host = JudgingHost::open(
            &config,
            LanguagesConfig { dir: root().join("images"), ..config.languages.clone() }.load().unwrap(),
            BlobStore::folder(blobs.path()).unwrap(),
            WorkerMetrics::register(&Registry::default()).unwrap(),
            &TaskTracker::new(),
            &shutdown,
        )
        .await
        .expect("no place to judge at; deploy/test.sh brings up what tests need");
        Self { host, _end: shutdown.drop_guard(), _blobs: blobs }
    }
}
