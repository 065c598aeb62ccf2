//! Making sure that a sandbox nobody holds any more is gone.
//!
//! Dropping the connection already ends the container, through the runner's end of file and AutoRemove. The reaper
//! comes a moment later for the one in a thousand that did not.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::query_parameters::RemoveContainerOptionsBuilder;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a container has to vanish by itself.
const VANISH_WITHIN: Duration = Duration::from_secs(1);
/// More than all sandboxes a machine can hold.
const BACKLOG: usize = 4096;
const REMOVE_WITHIN: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub(super) struct Reaper {
    queue: mpsc::Sender<String>,
    living: Arc<Mutex<HashSet<String>>>,
}

impl Reaper {
    pub(super) fn start(
        docker: Docker,
        living: Arc<Mutex<HashSet<String>>>,
        tasks: &TaskTracker,
        shutdown: CancellationToken,
    ) -> Self {
        let (queue, mut ids) = mpsc::channel::<String>(BACKLOG);
        tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            while let Some(first) = ids.recv().await {
                tokio::time::sleep(VANISH_WITHIN).await;
                remove(&docker, &first).await;
                while let Ok(id) = ids.try_recv() {
                    remove(&docker, &id).await;
                }
            }
        }));
        Self { queue, living }
    }

    /// A value whose drop removes the container.
    pub(super) fn guard(&self, id: String) -> Guard {
        Guard { id, reaper: self.clone() }
    }

    pub(super) fn remove(&self, id: String) {
        if let Err(error) = self.queue.try_send(id) {
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
        self.reaper.living.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
        self.reaper.remove(std::mem::take(&mut self.id));
    }
}

async fn remove(docker: &Docker, id: &str) {
    let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
    match tokio::time::timeout(REMOVE_WITHIN, docker.remove_container(id, Some(options))).await {
        // 404: gone by itself, the usual case. 409: being removed right now.
        Ok(Ok(()) | Err(Error::DockerResponseServerError { status_code: 404 | 409, .. })) => {}
        Ok(Err(error)) => {
            tracing::warn!(
                sandbox.id = id,
                error = &error as &dyn std::error::Error,
                "a sandbox could not be removed"
            );
        }
        Err(_) => tracing::warn!(sandbox.id = id, "removing a sandbox takes too long"),
    }
}
