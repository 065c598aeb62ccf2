//! `GET /workers`

use std::time::Instant;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::door::Judge0;
use super::error::Judge0Error;

/// Who judges: one queue, with the slots of every worker that was heard of lately.
pub async fn get(State(door): State<Judge0>) -> Result<Json<Vec<Value>>, Judge0Error> {
    let unfinished = door.app.store.count_unfinished().await?;
    let (mut slots, mut busy, mut paused) = (0, 0, 0);
    for worker in door.app.fleet.list(Instant::now()) {
        let worker = worker.heartbeat;
        slots += u64::from(worker.slots);
        busy += u64::from(worker.busy);
        paused += if worker.draining { u64::from(worker.slots - worker.busy.min(worker.slots)) } else { 0 };
    }
    Ok(Json(vec![json!({
        "queue": door.app.config.judge0.version,
        "size": unfinished.saturating_sub(busy),
        "available": slots,
        "idle": slots.saturating_sub(busy + paused),
        "working": busy,
        "paused": paused,
        "failed": 0,
    })]))
}
