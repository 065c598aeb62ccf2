//! `GET /api/v1/workers`

use std::collections::BTreeMap;
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::fleet::Seen;
use crate::http::refused::AnyCall;
use crate::state::AppState;

/// Who judges.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerList {
    /// Every worker that was heard of within 15 s, by id.
    pub workers: Vec<WorkerView>,
}

/// One worker, as it last said.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerView {
    /// Its name in results.
    #[schema(example = "worker-1")]
    pub id: String,
    /// The version of its build.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// What it can judge, by id.
    pub languages: Vec<String>,
    /// How many submissions it judges at a time.
    pub slots: u32,
    /// How many it is judging.
    pub busy: u32,
    /// Whether it takes no more and ends once it is done.
    pub draining: bool,
    /// When its process began, by its own clock.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it was last heard of.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
    /// What its compilers and interpreters say of their versions, by language.
    pub compilers: BTreeMap<String, String>,
    /// Whether what keeps programs in held when it last tried it: `sound`; `unsound`, and it takes nothing; `unknown`.
    #[schema(example = "sound")]
    pub canary: &'static str,
    /// How fast a core of it is, 1 being a reference; null until it was measured.
    #[schema(example = 1.04)]
    pub calibration: Option<f64>,
}

impl From<Seen> for WorkerView {
    fn from(seen: Seen) -> Self {
        let worker = seen.heartbeat;
        Self {
            id: worker.id,
            version: worker.version,
            languages: worker.languages,
            slots: worker.slots,
            busy: worker.busy,
            draining: worker.draining,
            started_at: worker.started_at,
            seen_at: seen.seen_at,
            compilers: worker.compilers,
            canary: worker.canary.as_str(),
            calibration: worker.calibration,
        }
    }
}

/// Who judges now.
///
/// Workers speak every 5 s. A service that has just begun to listen knows them all after that time.
#[utoipa::path(get, operation_id = "listWorkers", path = "/api/v1/workers", tag = "workers",
    responses(
        (status = 200, description = "Every worker that was heard of lately", body = WorkerList),
        AnyCall,
    ))]
pub async fn list(State(state): State<AppState>) -> Json<WorkerList> {
    Json(WorkerList { workers: state.fleet.list(Instant::now()).into_iter().map(Into::into).collect() })
}
