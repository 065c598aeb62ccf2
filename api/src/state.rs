//! What every handler works with.

use std::sync::Arc;
use std::time::Duration;

use crate::metrics::ApiMetrics;
use crate::settings::ApiConfig;
use gavel_broker::Dispatcher;
use gavel_model::language::Languages;
use gavel_model::{JudgeResult, SubmissionId};
use gavel_platform::telemetry::Registry;
use tokio_util::sync::CancellationToken;

use crate::fleet::Fleet;
use crate::intake::Intake;
use crate::live::LiveSeats;
use crate::memory::BodyMemory;
use crate::problems::Packages;
use crate::store::{Store, StoreError};
use crate::updates::{Follow, Updates};

/// What every handler works with; cloning shares it.
#[derive(Clone)]
pub struct AppState {
    /// The service's settings.
    pub config: Arc<ApiConfig>,
    /// The queues.
    pub dispatcher: Arc<dyn Dispatcher>,
    /// Submissions, results and problems.
    pub store: Arc<dyn Store>,
    /// What can be run.
    pub languages: Languages,
    /// What is measured.
    pub metrics: ApiMetrics,
    /// All metrics of the process.
    pub registry: Registry,
    /// Tells what happens to submissions.
    pub updates: Updates,
    /// Which workers there are.
    pub fleet: Fleet,
    /// What request bodies may take of memory.
    pub memory: BodyMemory,
    /// What every owner's webhook secret follows from.
    pub webhook_master: [u8; 32],
    /// Accepts work.
    pub intake: Intake,
    /// Bounds live runs.
    pub live: LiveSeats,
    /// Accepts problem packages.
    pub packages: Packages,
    /// The end of the process.
    pub shutdown: CancellationToken,
}

/// How a wait ended.
enum Waited {
    Result(Arc<JudgeResult>),
    Over,
}

impl AppState {
    /// Waits for a result; `None` when the wait runs out or the service is to end.
    ///
    /// The store has the last word, since another process may have taken the result from the queue.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn await_result(
        &self,
        follow: &mut Follow,
        id: SubmissionId,
        wait: Duration,
    ) -> Result<Option<JudgeResult>, StoreError> {
        let waited = tokio::select! {
            result = follow.result() => Waited::Result(result),
            () = tokio::time::sleep(wait) => Waited::Over,
            () = self.shutdown.cancelled() => Waited::Over,
        };
        match waited {
            Waited::Result(result) => Ok(Some(Arc::unwrap_or_clone(result))),
            Waited::Over => Ok(self.store.get(id).await?.and_then(|stored| stored.result)),
        }
    }
}
