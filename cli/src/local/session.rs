//! The life of a command that judges by itself: settings, a host, work, end.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use gavel_blobs::BlobStore;
use gavel_model::language::Languages;
use gavel_platform::lifecycle::{Process, refuse};
use gavel_platform::settings::load;
use gavel_platform::telemetry::LogConfig;
use gavel_worker::{JudgingHost, WorkerMetrics};

use crate::settings::GavelSettings;

/// Everything was as it should be.
pub const FINE: u8 = 0;
/// A package, or a submission that comes with it, is not as it should be.
pub const PACKAGE: u8 = 1;
/// A path, an option or this machine keeps the command from its work.
pub const UNABLE: u8 = 2;
/// As a shell reports SIGINT.
const INTERRUPTED: u8 = 130;

/// Where a command's sandboxes come from. Nothing is started before somebody asks.
pub struct Workshop {
    settings: GavelSettings,
    metrics: WorkerMetrics,
    process: Process,
    languages: Languages,
}

/// Does the work, and ends the sandboxes after it.
///
/// A signal drops the work; its sandboxes end with it.
pub async fn session(
    settings: Option<&Path>,
    work: impl AsyncFnOnce(&Workshop) -> anyhow::Result<u8>,
) -> ExitCode {
    let settings = match load(settings) {
        Ok(settings) => suited(settings),
        Err(error) => return refuse(&error),
    };
    let process = match Process::begin(&settings.log) {
        Ok(process) => process,
        Err(code) => return code,
    };
    let mut code = FINE;
    let body = async {
        let workshop = Workshop::new(settings, process.clone());
        let work = async { work(&workshop?).await };
        code = match process.shutdown.run_until_cancelled(work).await {
            Some(Ok(code)) => code,
            Some(Err(error)) => {
                eprintln!("gavel: {error:#}");
                UNABLE
            }
            None => INTERRUPTED,
        };
        Ok::<(), std::convert::Infallible>(())
    };
    let ended = process.clone().run(body).await;
    if ended == ExitCode::SUCCESS { ExitCode::from(code) } else { ended }
}

/// The settings, as they suit a command that ends soon.
fn suited(mut settings: GavelSettings) -> GavelSettings {
    // A worker of the same name on this machine would take these sandboxes for its own left-overs.
    settings.worker.id = format!("gavel-{}", std::process::id());
    // What the packages use is warmed once it was used; most images never are.
    settings.sandbox.pool.min = 0;
    if settings.log.filter == LogConfig::default().filter {
        settings.log.filter = "warn".to_owned();
    }
    settings
}

impl Workshop {
    fn new(settings: GavelSettings, process: Process) -> anyhow::Result<Self> {
        let languages = settings.languages.load().context("languages (languages.dir, languages.set)")?;
        let metrics = WorkerMetrics::register(&process.registry).context("metrics")?;
        Ok(Self { settings, metrics, process, languages })
    }

    /// Every language there is.
    pub fn languages(&self) -> &Languages {
        &self.languages
    }

    /// Calls `work` with a place to judge at.
    pub async fn judging<T>(
        &self,
        work: impl AsyncFnOnce(&Arc<JudgingHost>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let Process { tasks, shutdown, .. } = &self.process;
        // Sources and tests are files here; nothing is ever put into it.
        let blobs = tempfile::tempdir().context("a temporary folder")?;
        let store = BlobStore::folder(blobs.path()).context("a temporary folder")?;
        let settings = self.settings.for_worker();
        let opened = JudgingHost::open(
            &settings,
            self.languages.clone(),
            store,
            self.metrics.clone(),
            tasks,
            shutdown,
        )
        .await;
        let host = Arc::new(opened.context("this machine cannot judge")?);
        let tried = host.probe.try_out().await.context("this machine cannot judge")?;
        if let Some(why) = tried.complaint() {
            bail!(
                "this machine cannot judge: programs are not kept in ({why}); `gavel doctor` says what to do"
            );
        }
        work(&host).await
    }
}
