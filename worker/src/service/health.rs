//! When a worker can judge.

use std::sync::Arc;

use async_trait::async_trait;
use gavel_broker::WorkSource;
use gavel_platform::admin::{NotReady, Readiness};

use super::drain::Drain;
use super::guard::Watch;
use crate::container::Engine;
use crate::toolchain::Starts;

/// What judging depends on.
pub(crate) struct Health {
    pub(crate) source: Arc<dyn WorkSource>,
    pub(crate) engine: Engine,
    pub(crate) starts: Starts,
    pub(crate) guard: Watch,
    pub(crate) drain: Drain,
}

#[async_trait]
impl Readiness for Health {
    async fn ready(&self) -> Result<(), NotReady> {
        if self.drain.draining() {
            Err(NotReady("draining".into()))
        } else if !self.source.connected() {
            Err(NotReady("no connection to the broker".into()))
        } else if !self.engine.answers().await {
            Err(NotReady("the Docker Engine does not answer".into()))
        } else if let Some(complaint) = self.guard.complaint().or_else(|| self.starts.complaint()) {
            Err(NotReady(complaint.into()))
        } else {
            Ok(())
        }
    }
}
