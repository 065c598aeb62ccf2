//! The service as a whole: its tasks, its port, its end.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crate::metrics::ApiMetrics;
use futures_util::future::join_all;
use gavel_blobs::{BlobError, BlobStore};
use gavel_broker::Dispatcher;
use gavel_model::language::{LanguageError, Languages};
use gavel_platform::telemetry::Registry;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connections::{Caps, Connections};
use super::listen::Listen;
use crate::auth::{Gate, Guesses, Keys, LastUse, write_last_use};
use crate::collector::Collector;
use crate::dead::DeadLetters;
use crate::fleet::Fleet;
use crate::handover::{Pump, Room};
use crate::housekeeping::Housekeeper;
use crate::intake::{Intake, Quotas};
use crate::live::LiveSeats;
use crate::memory::BodyMemory;
use crate::pending::Pending;
use crate::problems::{PackageGate, Packages, sweep};
use crate::published::{self, Published};
use crate::results::ResultWriter;
use crate::router::{judge0_router, router};
use crate::routes::judge0::Judge0;
use crate::settings::ApiSettings;
use crate::state::AppState;
use crate::store::{SqlStore, Store, StoreError};
use crate::survey::Survey;
use crate::updates::{Updates, retell};
use crate::webhooks::{Connector, Deliverer};
use crate::{callback, judging};

/// What the service is made of.
pub struct ApiParts {
    /// The queues.
    pub dispatcher: Arc<dyn Dispatcher>,
    /// Submissions, results and problems.
    pub store: Arc<dyn Store>,
    /// Large bytes.
    pub blobs: BlobStore,
    /// What can be run.
    pub languages: Languages,
    /// What is measured.
    pub metrics: ApiMetrics,
    /// All metrics of the process, for `/metrics`.
    pub registry: Registry,
    /// Owns every task.
    pub tasks: TaskTracker,
    /// Ends the service.
    pub shutdown: CancellationToken,
    /// Where it listens, already bound.
    pub listener: TcpListener,
    /// Where clients of Judge0 are served at the root.
    pub judge0: Vec<TcpListener>,
    /// Whether the broker starts empty (the embedded one), so that every unfinished submission is published again.
    pub republish_all: bool,
}

/// What the caller of [`run`] brings: the rest is made from the settings.
pub struct RunParts {
    /// The queues.
    pub dispatcher: Arc<dyn Dispatcher>,
    /// What is measured.
    pub metrics: ApiMetrics,
    /// All metrics of the process, for `/metrics`.
    pub registry: Registry,
    /// Owns every task.
    pub tasks: TaskTracker,
    /// Ends the service.
    pub shutdown: CancellationToken,
    /// Whether the broker starts empty (the embedded one), so that every unfinished submission is published again.
    pub republish_all: bool,
}

/// A service that could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The languages cannot be read.
    #[error("languages")]
    Languages(#[source] LanguageError),
    /// The blob store cannot be used.
    #[error("blobs")]
    Blobs(#[source] BlobError),
    /// The store cannot be used.
    #[error("store")]
    Store(#[source] StoreError),
    /// Secure connections cannot be made.
    #[error("TLS")]
    Tls(#[source] tokio_rustls::rustls::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// Opens what the settings name, binds the port and serves until `shutdown`.
///
/// # Errors
/// [`ServeError`], before any request is taken.
pub async fn run(config: &ApiSettings, parts: RunParts) -> Result<(), ServeError> {
    let RunParts { dispatcher, metrics, registry, tasks, shutdown, republish_all } = parts;
    let languages = config.languages.load().map_err(ServeError::Languages)?;
    let blobs = BlobStore::folder(&config.blobs.dir).map_err(ServeError::Blobs)?;
    let store = Arc::new(SqlStore::open(&config.store).await.map_err(ServeError::Store)?);
    let listener = bind(config.api.bind).await?;
    let mut judge0 = Vec::new();
    for address in &config.api.judge0.bind {
        judge0.push(bind(*address).await?);
    }
    let parts = ApiParts {
        dispatcher,
        store,
        blobs,
        languages,
        metrics,
        registry,
        tasks,
        shutdown,
        listener,
        judge0,
        republish_all,
    };
    serve(config, parts).await
}

/// Serves until `shutdown`; requests that wait are answered then, and open ones get a moment to finish.
///
/// The background tasks run in `tasks`; wait for those after this returns.
///
/// # Errors
/// [`ServeError`], before any request is taken.
pub async fn serve(config: &ApiSettings, parts: ApiParts) -> Result<(), ServeError> {
    let ApiParts {
        dispatcher,
        store,
        blobs,
        languages,
        metrics,
        registry,
        tasks,
        shutdown,
        listener,
        judge0,
        republish_all,
    } = parts;
    if republish_all {
        let count = store.forget_published().await.map_err(ServeError::Store)?;
        tracing::info!(submissions = count, "unfinished submissions will be published again");
    }
    metrics.begin(&languages, &config.api.slo);
    let webhook_master = store.secret(callback::MASTER, rand::random()).await.map_err(ServeError::Store)?;
    let permits: fn(IpAddr) -> bool =
        if config.webhooks.allow_private { |_| true } else { callback::is_public };
    let connector = Connector::new(permits).map_err(ServeError::Tls)?;
    let fleet = Fleet::default();
    let room = Room::new(fleet.clone());
    let (begun, begun_notes) = mpsc::channel(judging::CAPACITY);
    let updates = Updates::new(metrics.waiters(), begun);
    tasks.spawn(judging::write(begun_notes, Arc::clone(&store), shutdown.clone()));
    let (published, notes) = Published::new();
    tasks.spawn(published::write(notes, Arc::clone(&store), shutdown.clone()));
    let writer = ResultWriter {
        store: Arc::clone(&store),
        updates: updates.clone(),
        room: room.clone(),
        metrics: metrics.clone(),
        languages: languages.clone(),
        slo: config.api.slo,
        shutdown: shutdown.clone(),
    };
    tasks.spawn(DeadLetters::new(writer.clone()).settle_all(dispatcher.dead_letters()));
    tasks.spawn(writer.write_all(dispatcher.results()));
    tasks.spawn(updates.clone().relay(dispatcher.events(), shutdown.clone()));
    tasks.spawn(retell(updates.clone(), Arc::clone(&store), metrics.store_news_missed(), shutdown.clone()));
    tasks.spawn(fleet.clone().follow(dispatcher.heartbeats(), shutdown.clone()));
    let pending = Pending::new(config.api.max_pending);
    let survey = Survey {
        pending: pending.clone(),
        store: Arc::clone(&store),
        fleet: fleet.clone(),
        languages: languages.clone(),
        metrics: metrics.clone(),
    };
    let pump = Pump {
        store: Arc::clone(&store),
        survey,
        dispatcher: Arc::clone(&dispatcher),
        room: room.clone(),
        metrics: metrics.clone(),
        patience: config.api.republish_after,
    };
    tasks.spawn(pump.run(shutdown.clone()));
    let housekeeper = Housekeeper {
        store: Arc::clone(&store),
        keep_submissions: Some(config.store.keep).filter(|keep| !keep.is_zero()),
        keep_webhooks: config.webhooks.keep,
        metrics: metrics.clone(),
    };
    tasks.spawn(housekeeper.run(shutdown.clone()));
    if !config.blobs.keep_unused.is_zero() {
        let (store, blobs) = (Arc::clone(&store), blobs.clone());
        let collector = Collector { store, blobs, keep: config.blobs.keep_unused, metrics: metrics.clone() };
        tasks.spawn(collector.run(shutdown.clone()));
    }
    let (last_use, uses) = LastUse::new();
    tasks.spawn(write_last_use(uses, Arc::clone(&store), shutdown.clone()));
    let incoming = blobs.incoming();
    tasks.spawn_blocking(move || sweep(&incoming));
    let api = Arc::new(config.api.clone());
    let intake = Intake {
        config: Arc::clone(&api),
        call_private: config.webhooks.allow_private,
        limits: config.limits,
        languages: languages.clone(),
        store: Arc::clone(&store),
        blobs: blobs.clone(),
        dispatcher: Arc::clone(&dispatcher),
        fleet: fleet.clone(),
        pending,
        metrics: metrics.clone(),
        room,
        published,
        updates: updates.clone(),
        quotas: Quotas::new(&config.api),
        tasks: tasks.clone(),
    };
    let packages = Packages {
        config: Arc::clone(&api),
        limits: config.limits,
        languages: languages.clone(),
        store: Arc::clone(&store),
        blobs,
        intake: intake.clone(),
        gate: PackageGate::default(),
        tasks: tasks.clone(),
    };
    let state = AppState {
        memory: BodyMemory::new(api.body_memory(), metrics.clone()),
        live: LiveSeats::new(&api.live, metrics.clone()),
        config: api,
        dispatcher,
        store,
        languages,
        metrics,
        registry,
        updates,
        fleet,
        webhook_master,
        intake,
        packages,
        shutdown: shutdown.clone(),
    };
    let guesses = Guesses::per_minute(config.api.guesses_per_minute);
    let gate = Gate::new(Keys::new(&config.api.keys), Arc::clone(&state.store), guesses, last_use);
    let deliverer = Deliverer {
        store: Arc::clone(&state.store),
        connector,
        config: config.webhooks.clone(),
        master: webhook_master,
        metrics: state.metrics.clone(),
        judge0: Judge0::new(state.clone(), gate.clone()),
    };
    tasks.spawn(deliverer.run(shutdown.clone()));
    announce(&listener, config.api.keys.is_empty());
    let caps = Caps { all: config.api.max_connections, of_a_peer: config.api.max_connections_per_peer };
    let listen = Listen {
        connections: Connections::new(caps, state.metrics.clone()),
        router: router(&state, gate.clone()),
        idle: config.api.idle_timeout,
        shutdown,
    };
    let beside = Listen { router: judge0_router(&state, gate), ..listen.clone() };
    for listener in &judge0 {
        announce_judge0(listener);
    }
    let at_root = judge0.into_iter().map(|listener| beside.clone().serve(listener));
    tokio::join!(listen.serve(listener), join_all(at_root));
    Ok(())
}

fn announce_judge0(listener: &TcpListener) {
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "clients of Judge0 are served at the root");
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })
}

fn announce(listener: &TcpListener, open: bool) {
    match listener.local_addr() {
        Ok(address) if open => {
            tracing::info!(%address, "listening; api.keys is empty, so no key is asked for unless one was made");
        }
        Ok(address) => tracing::info!(%address, "listening; a key is asked for"),
        Err(error) => tracing::warn!(%error, "listening on an address that cannot be told"),
    }
}
