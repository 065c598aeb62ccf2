//! The worker as a whole: takes submissions while it has slots, judges them, publishes, and drains at the end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::metrics::WorkerMetrics;
use crate::settings::WorkerSettings;
use gavel_blobs::{BlobError, BlobStore};
use gavel_broker::{Delivery, MAX_ATTEMPTS, Settlement, WorkSource};
use gavel_model::language::{LanguageError, Languages};
use gavel_model::{JudgeResult, Lane, Submission};
use gavel_platform::lifecycle::chain;
use gavel_platform::telemetry::Registry;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::health::{Health, router};
use super::intake::Intake;
use crate::fault::Fault;
use crate::host::Station;
use crate::judge::{Judge, judge_error};
use crate::sandbox::SandboxError;
use crate::slots::{Leased, Slots};

/// What the caller of [`run`] brings.
pub struct RunParts {
    /// The queues.
    pub source: Arc<dyn WorkSource>,
    /// What is measured.
    pub metrics: WorkerMetrics,
    /// All metrics of the process, for `/metrics`.
    pub registry: Registry,
    /// Owns every task.
    pub tasks: TaskTracker,
    /// Begins the drain.
    pub shutdown: CancellationToken,
}

/// A worker that could not start.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The languages cannot be read.
    #[error("languages")]
    Languages(#[from] LanguageError),
    /// The blob store cannot be used.
    #[error("blobs")]
    Blobs(#[from] BlobError),
    /// The Docker Engine cannot be used.
    #[error("sandboxes")]
    Sandbox(#[from] SandboxError),
    /// A folder of the worker's own cannot be used.
    #[error("{what}")]
    File {
        /// Which.
        what: String,
        /// Why.
        source: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address} (worker.bind)")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// No language has its images on this machine.
    #[error("no language can be judged here: images/build.sh makes the images")]
    NoLanguage,
}

/// How long a fault is waited out before the submission is given back.
const FAULT_PAUSE: Duration = Duration::from_millis(500);
/// How often publishing a result is tried before the submission is given back.
const PUBLISH_TRIES: u32 = 5;
const PUBLISH_PAUSE: Duration = Duration::from_secs(1);

/// Judges until `shutdown`, then finishes what runs within the grace period and gives back the rest.
///
/// # Errors
/// [`WorkerError`], before anything is consumed.
pub async fn run(config: &WorkerSettings, parts: RunParts) -> Result<(), WorkerError> {
    let RunParts { source, metrics, registry, tasks, shutdown } = parts;
    let languages = Languages::load(&config.languages.dir)?;
    let blobs = BlobStore::folder(&config.blobs.dir)?;
    // Sandboxes outlive the begin of the drain: what runs may still need new ones.
    let background = CancellationToken::new();
    // Whatever way this function ends, the tasks of the station end with it.
    let _end_of_background = background.clone().drop_guard();
    let address = config.worker.bind;
    // Before anything slow: a port in use is told at once.
    let listener =
        TcpListener::bind(address).await.map_err(|source| WorkerError::Bind { address, source })?;
    let station = Station::open(config, languages, blobs, metrics.clone(), &tasks, &background).await?;
    let health = Health {
        source: Arc::clone(&source),
        engine: station.engine.clone(),
        registry,
        draining: shutdown.clone(),
    };
    let served =
        axum::serve(listener, router(health)).with_graceful_shutdown(background.clone().cancelled_owned());
    tasks.spawn(served.into_future());
    tracing::info!(
        worker = station.judge.worker(),
        slots = station.slots.count(),
        languages = %station.toolchains.languages().collect::<Vec<_>>().join(" "),
        %address,
        "judging"
    );
    let desk = Arc::new(Desk { judge: station.judge, source, metrics });
    work(&desk, &station.slots, &shutdown, config.worker.grace).await;
    Ok(())
}

async fn work(desk: &Arc<Desk>, slots: &Slots, shutdown: &CancellationToken, grace: Duration) {
    let running = TaskTracker::new();
    let give_up = CancellationToken::new();
    let prefetch = u16::try_from(slots.count()).unwrap_or(u16::MAX);
    let lanes = Lane::ALL.into_iter().map(|lane| (lane, desk.source.submissions(lane, prefetch)));
    let mut intake = Intake::new(lanes.collect());
    loop {
        let next = async { Some((slots.get().await.ok()?, intake.next().await?)) };
        let Some(Some((mut slot, delivery))) = shutdown.run_until_cancelled(next).await else { break };
        slot.begin();
        let desk = Arc::clone(desk);
        running.spawn(
            give_up.clone().run_until_cancelled_owned(async move { desk.handle(delivery, slot).await }),
        );
    }
    // Stops consuming; what was delivered and not begun goes back.
    drop(intake);
    running.close();
    tracing::info!(running = running.len(), grace_s = grace.as_secs(), "draining");
    if tokio::time::timeout(grace, running.wait()).await.is_err() {
        tracing::warn!(running = running.len(), "the grace period is over; what still runs is given back");
        give_up.cancel();
        running.wait().await;
    }
}

/// Where one delivery becomes one result.
struct Desk {
    judge: Judge,
    source: Arc<dyn WorkSource>,
    metrics: WorkerMetrics,
}

impl Desk {
    async fn handle(&self, delivery: Delivery<Submission>, slot: Leased) {
        let (submission, attempt, receipt) = delivery.split();
        let span = tracing::info_span!(
            "judge",
            submission.id = %submission.id,
            attempt,
            lane = submission.lane.as_str(),
            language = submission.language
        );
        let settlement = self.settle(&submission, attempt, slot).instrument(span.clone()).await;
        if !receipt.settle(settlement).await {
            let _entered = span.enter();
            tracing::info!("the broker could not be told; the submission will come again");
        }
    }

    async fn settle(&self, submission: &Submission, attempt: u32, slot: Leased) -> Settlement {
        let judged = self.judge.judge(submission, attempt, &slot).await;
        let result = match judged {
            Ok(result) => result,
            Err(fault) if attempt < MAX_ATTEMPTS && !fault.is_permanent() => {
                tracing::warn!(
                    fault.kind = fault.kind(),
                    fault = chain(&fault),
                    "judging failed; it will be tried again"
                );
                tokio::time::sleep(FAULT_PAUSE).await;
                return Settlement::Again;
            }
            Err(fault) => self.judge_error(submission, attempt, &fault),
        };
        drop(slot);
        self.publish(&result).await
    }

    fn judge_error(&self, submission: &Submission, attempt: u32, fault: &Fault) -> JudgeResult {
        tracing::error!(fault.kind = fault.kind(), fault = chain(fault), "judging failed for the last time");
        judge_error(submission, self.judge.worker(), attempt, fault)
    }

    async fn publish(&self, result: &JudgeResult) -> Settlement {
        for try_number in 1..=PUBLISH_TRIES {
            match self.source.publish_result(result).await {
                Ok(()) => {
                    self.count(result);
                    return Settlement::Done;
                }
                Err(error) => {
                    tracing::warn!(
                        try_number,
                        error = &error as &dyn std::error::Error,
                        "a result could not be published"
                    );
                    tokio::time::sleep(PUBLISH_PAUSE).await;
                }
            }
        }
        Settlement::Again
    }

    fn count(&self, result: &JudgeResult) {
        let language = self.judge.languages().label(&result.language);
        self.metrics.submissions(result.lane, &language, result.verdict).inc();
        tracing::info!(verdict = result.verdict.as_str(), cpu_ms = result.cpu_ms, "judged");
    }
}
