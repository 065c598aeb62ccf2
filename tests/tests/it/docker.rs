//! What the Docker Engine knows of a worker's sandboxes.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use bollard::Docker;
use bollard::models::{ContainerCreateBody, ContainerSummary, ContainerSummaryStateEnum};
use bollard::query_parameters::{
    CreateContainerOptions, ListContainersOptionsBuilder, StartContainerOptions,
};
use gavel_testkit::{image_tag, until};

/// How soon after its worker's end a sandbox must be dead.
const DEAD_WITHIN: Duration = Duration::from_secs(2);
/// How soon after it is dead the engine must have put it away.
const REMOVED_WITHIN: Duration = Duration::from_secs(60);

pub struct Sandboxes {
    docker: Docker,
    worker: String,
}

impl Sandboxes {
    pub fn of(worker: &str) -> Self {
        Self { docker: Docker::connect_with_defaults().unwrap(), worker: worker.to_owned() }
    }

    /// The same of an engine that listens at another socket.
    pub fn at(socket: &Path, worker: &str) -> Self {
        let docker = Docker::connect_with_unix(socket.to_str().unwrap(), 60, bollard::API_DEFAULT_VERSION);
        Self { docker: docker.unwrap(), worker: worker.to_owned() }
    }

    /// The ids of its containers; dead ones only if asked for.
    ///
    /// Not those that were created and never started: nothing ever ran in them, a worker killed at that moment cannot
    /// take them along, and the next sweep of any worker does.
    pub async fn list(&self, all: bool) -> Vec<String> {
        self.known(all).await.into_iter().filter_map(|container| container.id).collect()
    }

    async fn known(&self, all: bool) -> Vec<ContainerSummary> {
        let label = format!("gavel.worker={}", self.worker);
        let filters = HashMap::from([("label", vec![label])]);
        let options = ListContainersOptionsBuilder::default().all(all).filters(&filters).build();
        let found = self.docker.list_containers(Some(options)).await.unwrap();
        let started =
            |container: &ContainerSummary| container.state != Some(ContainerSummaryStateEnum::CREATED);
        found.into_iter().filter(started).collect()
    }

    /// One that has ended and that the engine does not take away, as after an engine that was killed while it did.
    pub async fn leave_one(&self) {
        let alive = self.known(false).await.into_iter().find_map(|container| container.labels);
        let body = ContainerCreateBody {
            image: Some(format!("gavel/python-run:{}", image_tag())),
            labels: Some(alive.expect("it has a sandbox that runs")),
            ..ContainerCreateBody::default()
        };
        let made = self.docker.create_container(None::<CreateContainerOptions>, body).await.unwrap();
        self.docker.start_container(&made.id, None::<StartContainerOptions>).await.unwrap();
        // Nobody speaks to its runner, so that ends.
        until("a sandbox that nobody takes away has ended", Duration::from_secs(60), async || {
            self.list(false).await.iter().all(|id| *id != made.id).then_some(())
        })
        .await;
        assert!(self.list(true).await.contains(&made.id));
    }

    /// Waits until a sandbox holds more than its runner.
    pub async fn wait_for_a_program(&self) {
        self.wait_for("").await;
    }

    /// Waits until a program runs in a sandbox whose command line has these words.
    pub async fn wait_for(&self, words: &str) {
        until(&format!("a program runs in a sandbox: {words}"), Duration::from_secs(60), async || {
            self.programs().await.iter().any(|command| command.contains(words)).then_some(())
        })
        .await;
    }

    /// Fails unless, this long after `begin`, no sandbox holds more than its runner.
    pub async fn assert_no_program_after(&self, begin: Instant, within: Duration) {
        loop {
            let asked = begin.elapsed();
            let programs = self.programs().await;
            if programs.is_empty() {
                return;
            }
            assert!(asked < within, "after {asked:?} there is still: {programs:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The command lines of everything in its sandboxes but the runners.
    async fn programs(&self) -> Vec<String> {
        let mut programs = Vec::new();
        for id in self.list(false).await {
            // One that has ended in the meantime holds nothing.
            let Ok(top) = self.docker.top_processes(&id, None).await else { continue };
            let commands = top.processes.into_iter().flatten().filter_map(|mut columns| columns.pop());
            // The runner need not be the first: process numbers begin anew.
            programs.extend(commands.filter(|command| !command.starts_with("/gavel-runner")));
        }
        programs
    }

    /// Fails unless, two seconds after `end`, none of its sandboxes runs; then waits until the engine has none.
    pub async fn assert_gone_after(&self, end: Instant) {
        loop {
            let asked = end.elapsed();
            let alive = self.list(false).await;
            if alive.is_empty() {
                break;
            }
            assert!(asked < DEAD_WITHIN, "{} sandboxes are alive after {asked:?}", alive.len());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let begin = Instant::now();
        loop {
            let known = self.known(true).await;
            if known.is_empty() {
                return;
            }
            assert!(begin.elapsed() < REMOVED_WITHIN, "the engine still knows {known:#?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
