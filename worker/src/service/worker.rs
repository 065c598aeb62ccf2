//! The worker as a whole: takes submissions while it has slots, judges them, publishes, and drains at the end.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::metrics::WorkerMetrics;
use crate::settings::{WorkerConfig, WorkerSettings};
use gavel_blobs::{BlobError, BlobStore};
use gavel_broker::{Delivery, WorkSource};
use gavel_model::language::LanguageError;
use gavel_model::{Heartbeat, Lane, Submission};
use gavel_platform::admin;
use gavel_platform::telemetry::Registry;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::announce::Announcer;
use super::cancel::Cancellations;
use super::delivery::DeliveryHandler;
use super::drain::Drain;
use super::guard::{Guard, GuardParts, Watch};
use super::health::Health;
use super::heartbeat::Speaker;
use super::known::KnownAnswers;
use super::lanes::LaneScheduler;
use super::live::LiveHandler;
use super::orders::Orders;
use super::share::{LiveShare, Placed};
use crate::host::{HostError, JudgingHost};
use crate::slots::{Leased, Slots};
use crate::spent;
use crate::turns::Turns;

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
    /// This machine cannot judge.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address} (worker.bind)")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// Judges until `shutdown`, then finishes what runs within the grace period and gives back the rest.
///
/// # Errors
/// [`WorkerError`], before anything is consumed.
pub async fn run(config: &WorkerSettings, parts: RunParts) -> Result<(), WorkerError> {
    let started_at = jiff::Timestamp::now();
    let RunParts { source, metrics, registry, tasks, shutdown } = parts;
    let languages = config.languages.load()?;
    let blobs = BlobStore::folder(&config.blobs.dir)?;
    // Sandboxes outlive the begin of the drain: what runs may still need new ones.
    let background = CancellationToken::new();
    // Whatever way this function ends, the tasks of the host end with it.
    let _end_of_background = background.clone().drop_guard();
    let address = config.worker.bind;
    // Before anything slow: a port in use is told at once.
    let listener =
        TcpListener::bind(address).await.map_err(|source| WorkerError::Bind { address, source })?;
    // With port 0 the kernel chooses; the log tells.
    let address = listener.local_addr().map_err(|source| WorkerError::Bind { address, source })?;
    let host = JudgingHost::open(config, languages, blobs, metrics.clone(), &tasks, &background).await?;
    let judge = Arc::new(host.judge);
    let languages: Vec<String> = host.toolchains.languages().map(str::to_owned).collect();
    let (guard, watch) = Guard::new(GuardParts {
        probe: host.probe,
        every: config.worker.canary_every,
        metrics: metrics.clone(),
        known: KnownAnswers::new(&config.worker.known_dir),
        judge: Arc::clone(&judge),
        slots: host.slots.clone(),
        languages: languages.clone(),
    });
    let drain = Drain::new(shutdown.clone());
    let health = Health {
        source: Arc::clone(&source),
        engine: host.engine.clone(),
        starts: host.toolchains.starts().clone(),
        guard: watch.clone(),
        drain: drain.clone(),
    };
    let served = axum::serve(listener, admin::router(Arc::new(health), registry))
        .with_graceful_shutdown(background.clone().cancelled_owned());
    tasks.spawn(served.into_future());
    tasks.spawn(background.clone().run_until_cancelled_owned(guard.run()));
    tasks.spawn(background.clone().run_until_cancelled_owned(spent::count(metrics.clone())));
    tracing::info!(
        worker = judge.worker(),
        slots = host.slots.count(),
        languages = %languages.join(" "),
        %address,
        "judging, as soon as it is sure that programs are kept in"
    );
    let speaker = Speaker {
        source: Arc::clone(&source),
        worker: judge.worker().to_owned(),
        languages,
        compilers: host.toolchains.versions(),
        guard: watch.clone(),
        slots: host.slots.clone(),
        started_at,
        drain: drain.clone(),
    };
    tasks.spawn(background.clone().run_until_cancelled_owned(speaker.run(Heartbeat::PERIOD)));
    let cancellations = Cancellations::default();
    // Before the first submission can come, and as long as any is judged.
    let worker = judge.worker().to_owned();
    let orders = Orders { worker, cancellations: cancellations.clone(), drain: drain.clone() };
    let orders = orders.follow(source.controls());
    tasks.spawn(background.clone().run_until_cancelled_owned(orders));
    let announcer = Announcer::start(judge.worker(), Arc::clone(&source), &tasks, background.clone());
    let live = Arc::new(LiveHandler { judge: Arc::clone(&judge), source: Arc::clone(&source) });
    let handler = Arc::new(DeliveryHandler {
        judge,
        engine: host.engine.clone(),
        source,
        metrics,
        cancellations,
        announcer,
    });
    let handlers = Handlers { submissions: handler, live };
    work(&handlers, &host.slots, watch, &drain, &shutdown, &config.worker).await;
    Ok(())
}

/// What becomes of what is taken.
struct Handlers {
    submissions: Arc<DeliveryHandler>,
    live: Arc<LiveHandler>,
}

/// What was taken.
enum Work {
    Submission(Delivery<Submission>),
    Live(Placed),
}

/// Takes and judges while programs are kept in and nobody said otherwise, until `shutdown`; then drains.
async fn work(
    handlers: &Handlers,
    slots: &Slots,
    mut guard: Watch,
    drain: &Drain,
    shutdown: &CancellationToken,
    config: &WorkerConfig,
) {
    let running = TaskTracker::new();
    let give_up = CancellationToken::new();
    let begin = |mut slot: Leased, work| {
        slot.begin();
        let (submissions, live) = (Arc::clone(&handlers.submissions), Arc::clone(&handlers.live));
        running.spawn(give_up.clone().run_until_cancelled_owned(async move {
            match work {
                Work::Submission(delivery) => submissions.handle(delivery, slot).await,
                Work::Live((delivery, place)) => {
                    live.handle(delivery, slot).await;
                    drop(place);
                }
            }
        }));
    };
    let share = LiveShare::new(config.most_live(slots.count()));
    while shutdown.run_until_cancelled(may_take(drain, &mut guard)).await.is_some() {
        let taken = tokio::select! {
            taken = take(handlers, slots, config, &share, &begin) => taken,
            () = guard.unsound() => Taken::Enough,
            () = drain.until(true) => Taken::Enough,
        };
        if taken == Taken::All {
            break;
        }
    }
    running.close();
    tracing::info!(running = running.len(), grace_s = config.grace.as_secs(), "draining");
    if tokio::time::timeout(config.grace, running.wait()).await.is_err() {
        tracing::warn!(running = running.len(), "the grace period is over; what still runs is given back");
        give_up.cancel();
        running.wait().await;
    }
}

/// Waits until submissions may be taken.
async fn may_take(drain: &Drain, guard: &mut Watch) {
    drain.until(false).await;
    guard.sound().await;
}

/// Why nothing more is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// There is nothing more to come.
    All,
    /// It was interrupted.
    Enough,
}

/// Takes submissions as slots become free. Dropped, it stops consuming; what was delivered and not begun goes back.
async fn take(
    handlers: &Handlers,
    slots: &Slots,
    config: &WorkerConfig,
    share: &LiveShare,
    begin: impl Fn(Leased, Work),
) -> Taken {
    let prefetch = u16::try_from(slots.count()).unwrap_or(u16::MAX);
    let source = &handlers.submissions.source;
    let lanes = Lane::ALL.into_iter().map(|lane| (lane, source.submissions(lane, prefetch)));
    let mut lanes = LaneScheduler::new(lanes.collect(), Turns::new(config.lanes));
    let mut live = share.taking(source.as_ref());
    loop {
        let Ok(slot) = slots.get().await else { return Taken::All };
        let work = tokio::select! {
            biased;
            // Whoever asked is before us in the line for the slot that is dropped here.
            () = slots.asked_for() => continue,
            // Somebody sits there and waits; and how many there are is bounded.
            placed = live.next() => placed.map(Work::Live),
            delivery = lanes.next() => delivery.map(Work::Submission),
        };
        let Some(work) = work else { return Taken::All };
        begin(slot, work);
    }
}
