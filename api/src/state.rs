//! What every handler works with.

use std::sync::Arc;
use std::time::Duration;

use crate::metrics::ApiMetrics;
use crate::settings::ApiConfig;
use gavel_blobs::BlobStore;
use gavel_broker::Dispatcher;
use gavel_model::language::Languages;
use gavel_model::{JudgeResult, LimitsPolicy, SubmissionId};
use gavel_platform::telemetry::Registry;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::problems::Intake;
use crate::published::Published;
use crate::store::{ProblemStore, Store, StoreError};
use crate::waiters::{Waiter, Waiters};

/// What every handler works with; cloning shares it.
#[derive(Clone)]
pub struct AppState {
    /// The service's settings.
    pub config: Arc<ApiConfig>,
    /// Defaults and maxima of limits.
    pub limits: LimitsPolicy,
    /// The queues.
    pub dispatcher: Arc<dyn Dispatcher>,
    /// Submissions and results.
    pub store: Arc<dyn Store>,
    /// Problems.
    pub problems: Arc<dyn ProblemStore>,
    /// Large bytes.
    pub blobs: BlobStore,
    /// What can be run.
    pub languages: Languages,
    /// What is measured.
    pub metrics: ApiMetrics,
    /// All metrics of the process.
    pub registry: Registry,
    /// Who waits.
    pub waiters: Waiters,
    /// Takes note of what was published.
    pub published: Published,
    /// Which packages are being taken.
    pub intake: Intake,
    /// Owns what goes on without its request.
    pub tasks: TaskTracker,
    /// The end of the process.
    pub shutdown: CancellationToken,
}

/// How a wait ended.
enum Waited {
    Result(Arc<JudgeResult>),
    Over,
}

impl AppState {
    /// The largest request body, in bytes.
    #[must_use]
    pub fn max_body(&self) -> u64 {
        self.config.max_body_kb.saturating_mul(1024)
    }

    /// Waits for a result; `None` when the wait runs out or the service is to end.
    ///
    /// The store has the last word, since another process may have taken the result from the queue.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn await_result(
        &self,
        waiter: &mut Waiter,
        id: SubmissionId,
        wait: Duration,
    ) -> Result<Option<JudgeResult>, StoreError> {
        let waited = tokio::select! {
            result = waiter.result() => Waited::Result(result),
            () = tokio::time::sleep(wait) => Waited::Over,
            () = self.shutdown.cancelled() => Waited::Over,
        };
        match waited {
            Waited::Result(result) => Ok(Some(Arc::unwrap_or_clone(result))),
            Waited::Over => Ok(self.store.get(id).await?.and_then(|stored| stored.result)),
        }
    }
}
