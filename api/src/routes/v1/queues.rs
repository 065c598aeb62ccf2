//! `GET /api/v1/queues`

use std::time::Instant;

use axum::Json;
use axum::extract::State;
use gavel_model::Lane;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::fleet::FleetSlots;
use crate::http::refused::AnyCall;
use crate::state::AppState;

/// What waits, and who could take it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueList {
    /// Every lane, most urgent first.
    pub queues: Vec<QueueView>,
    /// Of all workers that were heard of within 15 s.
    pub slots: SlotsView,
}

/// One lane.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueView {
    /// The lane.
    pub lane: Lane,
    /// Submissions without a result, those that are judged now included.
    pub unfinished: u32,
    /// When the oldest of them was accepted; null when there is none.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub oldest_created_at: Option<Timestamp>,
}

/// The slots of all workers.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotsView {
    /// On which a submission is judged.
    pub busy: u32,
    /// Which wait for one; those of draining workers do not count.
    pub free: u32,
}

/// What waits now, of everybody.
#[utoipa::path(get, operation_id = "listQueues", path = "/api/v1/queues", tag = "workers",
    responses(
        (status = 200, description = "Every lane", body = QueueList),
        AnyCall,
    ))]
pub async fn list(State(state): State<AppState>) -> Result<Json<QueueList>, ApiError> {
    let backlog = state.store.backlog().await?;
    let queues = Lane::ALL.map(|lane| {
        let of_lane = backlog.iter().find(|of| of.lane == lane);
        QueueView {
            lane,
            unfinished: of_lane.map_or(0, |of| of.submissions),
            oldest_created_at: of_lane.map(|of| of.oldest),
        }
    });
    let FleetSlots { busy, free } = FleetSlots::of(&state.fleet.list(Instant::now()));
    Ok(Json(QueueList { queues: queues.into(), slots: SlotsView { busy, free } }))
}
