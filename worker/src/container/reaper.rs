//! Making sure that a sandbox nobody holds any more is gone.
//!
//! Dropping the connection already ends the container, through the runner's end of file and AutoRemove. The reaper
//! comes a moment later for the one in a thousand that did not.

use std::sync::Arc;
use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::query_parameters::{RemoveContainerOptionsBuilder, RemoveVolumeOptionsBuilder};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::living::Living;

/// How long a container has to vanish by itself.
const VANISH_WITHIN: Duration = Duration::from_secs(1);
/// More than all sandboxes a machine can hold.
const BACKLOG: usize = 4096;
const REMOVE_WITHIN: Duration = Duration::from_secs(20);
/// How soon an engine that did not answer is asked again.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// What is to be gone.
#[derive(Debug)]
enum Left {
    Container(String),
    Volume(String),
}

#[derive(Clone)]
pub(super) struct Reaper {
    queue: mpsc::Sender<Left>,
    living: Arc<Living>,
}

impl Reaper {
    pub(super) fn start(
        docker: Docker,
        living: Arc<Living>,
        tasks: &TaskTracker,
        shutdown: CancellationToken,
    ) -> Self {
        let (queue, mut ids) = mpsc::channel::<Left>(BACKLOG);
        tasks.spawn(async move {
            let mut left = Vec::new();
            loop {
                tokio::select! {
                    () = shutdown.cancelled() => break,
                    next = ids.recv() => left.extend(next),
                    () = tokio::time::sleep(RETRY_AFTER), if !left.is_empty() => {}
                }
                shutdown.run_until_cancelled(tokio::time::sleep(VANISH_WITHIN)).await;
                left.extend(std::iter::from_fn(|| ids.try_recv().ok()));
                left = reap(&docker, left).await;
            }
            // What was left in the last moment: containers go by themselves, volumes do not.
            reap(&docker, std::iter::from_fn(|| ids.try_recv().ok()).collect()).await;
        });
        Self { queue, living }
    }

    /// A value whose drop removes the container.
    pub(super) fn guard(&self, id: String) -> Guard {
        Guard { id, reaper: self.clone() }
    }

    /// A value whose drop removes the volume.
    pub(super) fn volume(&self, name: String) -> PipesVolume {
        PipesVolume { name, reaper: self.clone() }
    }

    pub(super) fn remove(&self, id: String) {
        self.leave(Left::Container(id));
    }

    fn leave(&self, left: Left) {
        if let Err(error) = self.queue.try_send(left) {
            // The sweep of the next minute finds it.
            tracing::debug!(%error, "a sandbox is left to the sweep");
        }
    }
}

/// Owns one container.
pub struct Guard {
    id: String,
    reaper: Reaper,
}

impl Guard {
    /// The container's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.reaper.living.remove(&self.id);
        self.reaper.remove(std::mem::take(&mut self.id));
    }
}

/// Owns the volume that joins an interactive pair; dropped after the pair.
pub struct PipesVolume {
    name: String,
    reaper: Reaper,
}

impl PipesVolume {
    /// The volume's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for PipesVolume {
    fn drop(&mut self) {
        self.reaper.leave(Left::Volume(std::mem::take(&mut self.name)));
    }
}

/// Removes all of it; what is still there because the engine does not answer is given back.
async fn reap(docker: &Docker, left: Vec<Left>) -> Vec<Left> {
    let mut still = Vec::new();
    for one in left {
        match &one {
            Left::Container(id) => {
                if !remove(docker, id).await {
                    still.push(one);
                }
            }
            Left::Volume(name) => remove_volume(docker, name).await,
        }
    }
    still
}

/// How often a volume is tried whose containers are still on their way out.
const VOLUME_TRIES: u32 = 20;

async fn remove_volume(docker: &Docker, name: &str) {
    for _ in 0..VOLUME_TRIES {
        let options = RemoveVolumeOptionsBuilder::default().force(true).build();
        match tokio::time::timeout(REMOVE_WITHIN, docker.remove_volume(name, Some(options))).await {
            Ok(Ok(()) | Err(Error::DockerResponseServerError { status_code: 404, .. })) => return,
            // 409: a container of the pair is still there.
            _ => tokio::time::sleep(VANISH_WITHIN / 4).await,
        }
    }
    tracing::warn!(volume = name, "the volume of an interactive pair could not be removed");
}

/// Whether it is gone, or will not go by being told to once more.
pub(super) async fn remove(docker: &Docker, id: &str) -> bool {
    let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
    match tokio::time::timeout(REMOVE_WITHIN, docker.remove_container(id, Some(options))).await {
        // 404: gone by itself, the usual case. 409: being removed right now.
        Ok(Ok(()) | Err(Error::DockerResponseServerError { status_code: 404 | 409, .. })) => true,
        Ok(Err(error)) => {
            tracing::warn!(
                sandbox.id = id,
                error = &error as &dyn std::error::Error,
                "a sandbox could not be removed"
            );
            // Else the sweep of the next minute finds it.
            matches!(error, Error::DockerResponseServerError { .. })
        }
        Err(_) => {
            tracing::warn!(sandbox.id = id, "removing a sandbox takes too long");
            false
        }
    }
}
