//! Starting, resizing and sweeping sandboxes.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::metrics::WorkerMetrics;
use crate::settings::SandboxConfig;
use bollard::Docker;
use bollard::models::{ContainerUpdateBody, VolumeCreateRequest};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptions, ListContainersOptionsBuilder,
    ListVolumesOptionsBuilder, StartContainerOptions,
};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::attach::attached;
use super::create::{Identity, LABEL_BOOT, LABEL_WORKER, SandboxSpec, create_body, signed};
use super::error::ContainerError;
use super::living::Living;
use super::oom::OomWatch;
use super::reaper::{PipesVolume, Reaper};
use super::sweep::{has_stopped, is_left_over, volume_is_left_over};
use crate::sandbox::Sandbox;

/// How long a fresh container may take to say `Ready`.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// Room for a few FIFOs and nothing else. Only the interactor's sandbox can write to it, whatever its uid.
const PIPES_OPTIONS: &str = "size=64k,nr_inodes=16,mode=0777,noexec,nosuid,nodev";

/// What an [`Engine`] is made of.
pub struct EngineParts {
    /// The worker's name.
    pub worker: String,
    /// Sizes and addresses.
    pub config: SandboxConfig,
    /// Where to count.
    pub metrics: WorkerMetrics,
    /// Who waits for the background tasks.
    pub tasks: TaskTracker,
    /// Ends them.
    pub shutdown: CancellationToken,
}

/// A connection to the Docker Engine that starts sandboxes of one worker.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    docker: Docker,
    identity: Identity,
    config: SandboxConfig,
    metrics: WorkerMetrics,
    living: Arc<Living>,
    reaper: Reaper,
    oom: OomWatch,
    tasks: TaskTracker,
}

/// How long a worker that ends waits for an engine that has to take its sandboxes away.
const LAST_SWEEP: Duration = Duration::from_secs(3);
/// How long the engine usually takes for that.
const GOES_BY_ITSELF: Duration = Duration::from_millis(500);

impl Engine {
    /// Connects, removes what an earlier life of this worker left, and starts the background tasks.
    ///
    /// # Errors
    /// When the engine is out of reach or too old.
    pub async fn connect(parts: EngineParts) -> Result<Self, ContainerError> {
        let EngineParts { worker, config, metrics, tasks, shutdown } = parts;
        let docker = super::connect::connect(&config.docker, config.engine_timeout).await?;
        let identity = Identity { worker, boot: uuid::Uuid::new_v4().to_string() };
        let living = Arc::new(Living::new());
        let reaper = Reaper::start(docker.clone(), Arc::clone(&living), &tasks, shutdown.clone());
        let oom = OomWatch::start(docker.clone(), &identity, &tasks, shutdown.clone());
        let engine = Self(Arc::new(Inner {
            docker,
            identity,
            config,
            metrics,
            living,
            reaper,
            oom,
            tasks: tasks.clone(),
        }));
        engine.sweep().await?;
        let sweeper = engine.clone();
        tasks.spawn(async move {
            shutdown.run_until_cancelled(sweeper.sweep_each_minute()).await;
            if tokio::time::timeout(LAST_SWEEP, sweeper.sweep_at_the_end()).await.is_err() {
                tracing::warn!("what the engine left of sandboxes stays: it does not answer");
            }
        });
        Ok(engine)
    }

    /// Sizes of sandboxes.
    #[must_use]
    pub fn config(&self) -> &SandboxConfig {
        &self.0.config
    }

    /// The id of a local image, or nothing when there is none of that name.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn image_id(&self, image: &str) -> Result<Option<String>, ContainerError> {
        match self.call("inspect image", self.0.docker.inspect_image(image)).await {
            Ok(found) => Ok(found.id),
            Err(error) if error.is_status(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether the engine answers.
    pub async fn answers(&self) -> bool {
        self.call("ping", self.0.docker.ping()).await.is_ok()
    }

    /// Starts a sandbox and waits until its runner is ready.
    ///
    /// # Errors
    /// When the engine fails at any step, or the runner does not answer in time.
    pub async fn start(&self, spec: &SandboxSpec) -> Result<Sandbox, ContainerError> {
        let begin = Instant::now();
        let outcome = self.start_uncounted(spec).await;
        match &outcome {
            Ok(_) => self.0.metrics.sandbox_create_seconds().observe(begin.elapsed().as_secs_f64()),
            Err(_) => self.0.metrics.sandbox_create_failures().inc(),
        }
        outcome
    }

    async fn start_uncounted(&self, spec: &SandboxSpec) -> Result<Sandbox, ContainerError> {
        let Inner { docker, identity, config, .. } = &*self.0;
        let uid = self.0.living.free_uid();
        let body = create_body(spec, identity, config, uid);
        let id = self.call("create", docker.create_container(None::<CreateContainerOptions>, body)).await?.id;
        self.0.living.add(id.clone(), uid);
        // From here on the container is gone again if anything fails: dropping `guard` removes it.
        let guard = self.0.reaper.guard(id.clone());
        let options = AttachContainerOptionsBuilder::default().stream(true).stdin(true).stdout(true).build();
        let stream = self.call("attach", docker.attach_container(&id, Some(options))).await?;
        self.call("start", docker.start_container(&id, None::<StartContainerOptions>)).await?;
        let sandbox = Sandbox::over(attached(stream, guard, self.0.oom.clone()), &self.0.tasks);
        Ok(sandbox.ready(READY_WITHIN).await?)
    }

    /// Gives a waiting sandbox another memory limit or another number of processes.
    ///
    /// # Errors
    /// When the engine refuses or does not answer.
    pub async fn resize(
        &self,
        sandbox: &Sandbox,
        memory_mb: u64,
        processes: u64,
    ) -> Result<(), ContainerError> {
        let memory = Some(signed(memory_mb * 1024 * 1024));
        let body = ContainerUpdateBody {
            memory,
            memory_swap: memory,
            pids_limit: Some(signed(processes + 1)),
            ..ContainerUpdateBody::default()
        };
        self.call("update", self.0.docker.update_container(sandbox.id(), body)).await
    }

    /// Makes the small tmpfs volume that joins an interactive pair; dropping it removes it.
    ///
    /// # Errors
    /// When the engine refuses or does not answer.
    pub async fn create_pipes(&self) -> Result<PipesVolume, ContainerError> {
        let name = format!("gavel-pipes-{}", uuid::Uuid::new_v4());
        let request = VolumeCreateRequest {
            name: Some(name.clone()),
            driver: Some("local".to_owned()),
            driver_opts: Some(owned(&[("type", "tmpfs"), ("device", "tmpfs"), ("o", PIPES_OPTIONS)])),
            labels: Some(self.labels()),
            ..VolumeCreateRequest::default()
        };
        let volume = self.0.reaper.volume(name);
        self.call("create volume", self.0.docker.create_volume(request)).await?;
        Ok(volume)
    }

    fn labels(&self) -> HashMap<String, String> {
        let Identity { worker, boot } = &self.0.identity;
        owned(&[(LABEL_WORKER, worker), (LABEL_BOOT, boot)])
    }

    async fn sweep_each_minute(&self) {
        let mut minute = tokio::time::interval(Duration::from_secs(60));
        minute.tick().await;
        loop {
            minute.tick().await;
            if let Err(error) = self.sweep().await {
                warn_of(&error);
            }
        }
    }

    /// Waits until the engine knows none of its own any more, and removes what it does not take away by itself: an engine that was killed
    /// or failed while it took a container away leaves it for ever, and no later minute of this worker will find it.
    async fn sweep_at_the_end(&self) {
        let own = format!("{LABEL_BOOT}={}", self.0.identity.boot);
        let filters = HashMap::from([("label".to_owned(), vec![own])]);
        let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
        let mut stopped_at = HashMap::new();
        loop {
            let list = self.0.docker.list_containers(Some(options.clone()));
            let known = match self.call("list", list).await {
                Ok(known) if known.is_empty() => return,
                Ok(known) => known,
                Err(error) => return warn_of(&error),
            };
            for id in known.into_iter().filter(has_stopped).filter_map(|container| container.id) {
                if stopped_at.entry(id.clone()).or_insert_with(Instant::now).elapsed() > GOES_BY_ITSELF {
                    self.note_left_over(&id);
                    super::reaper::remove(&self.0.docker, &id).await;
                }
            }
            tokio::time::sleep(GOES_BY_ITSELF / 10).await;
        }
    }

    fn note_left_over(&self, id: &str) {
        tracing::info!(sandbox.id = id, "removing a left-over sandbox");
        self.0.metrics.sandboxes_swept().inc();
    }

    /// Removes sandboxes that nobody owns.
    async fn sweep(&self) -> Result<(), ContainerError> {
        let filters = HashMap::from([("label".to_owned(), vec![LABEL_WORKER.to_owned()])]);
        let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
        let found = self.call("list", self.0.docker.list_containers(Some(options))).await?;
        let now_s = jiff::Timestamp::now().as_second();
        let left_over =
            found.into_iter().filter(|container| is_left_over(container, &self.0.identity, now_s));
        for id in left_over.filter_map(|container| container.id) {
            if self.0.living.contains(&id) {
                continue;
            }
            self.note_left_over(&id);
            self.0.reaper.remove(id);
        }
        self.sweep_volumes().await
    }

    /// Removes the volumes of interactive pairs that nobody owns.
    async fn sweep_volumes(&self) -> Result<(), ContainerError> {
        let unused = [("label", LABEL_WORKER), ("dangling", "true")];
        let filters = unused.map(|(key, value)| (key.to_owned(), vec![value.to_owned()])).into();
        let options = ListVolumesOptionsBuilder::default().filters(&filters).build();
        let found = self.call("list volumes", self.0.docker.list_volumes(Some(options))).await?;
        let now_s = jiff::Timestamp::now().as_second();
        for volume in found.volumes.unwrap_or_default() {
            if volume_is_left_over(&volume, &self.0.identity, now_s) {
                tracing::info!(volume = volume.name, "removing a left-over volume");
                drop(self.0.reaper.volume(volume.name));
            }
        }
        Ok(())
    }

    async fn call<T>(
        &self,
        what: &'static str,
        call: impl Future<Output = Result<T, bollard::errors::Error>>,
    ) -> Result<T, ContainerError> {
        bounded(what, self.0.config.engine_timeout, call).await
    }
}

fn warn_of(error: &ContainerError) {
    tracing::warn!(error = error as &dyn std::error::Error, "left-over sandboxes could not be swept");
}

fn owned(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A call to the engine that ends in time, one way or the other.
pub(super) async fn bounded<T>(
    what: &'static str,
    within: Duration,
    call: impl Future<Output = Result<T, bollard::errors::Error>>,
) -> Result<T, ContainerError> {
    match tokio::time::timeout(within, call).await {
        Ok(outcome) => outcome.map_err(|source| ContainerError::Engine { what, source }),
        Err(_) => Err(ContainerError::Deadline { what, within }),
    }
}
