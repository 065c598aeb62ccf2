//! What the service says of itself.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::door::Judge0;
use super::outcome::STATUSES;

/// `GET /statuses`
pub async fn statuses() -> Json<Vec<Value>> {
    Json(STATUSES.into_iter().map(|(id, text)| json!({ "id": id, "description": text })).collect())
}

/// `GET /about`: the version is that of Judge0 whose clients are served.
pub async fn about(State(door): State<Judge0>) -> Json<Value> {
    Json(json!({
        "version": door.app.config.judge0.version,
        "homepage": env!("CARGO_PKG_REPOSITORY"),
        "source_code": env!("CARGO_PKG_REPOSITORY"),
        "maintainer": concat!("Gavel ", env!("CARGO_PKG_VERSION")),
    }))
}

/// `GET /version`
pub async fn version(State(door): State<Judge0>) -> String {
    door.app.config.judge0.version.clone()
}

/// `GET /isolate`: what programs are confined by.
pub async fn isolate() -> &'static str {
    concat!("Gavel ", env!("CARGO_PKG_VERSION"), ": a container for each run, no isolate\n")
}

/// `GET /license`
pub async fn license() -> &'static str {
    concat!(env!("CARGO_PKG_LICENSE"), "\n")
}

/// `GET /system_info`: of the machine of this service; what judges may be another.
pub async fn system_info() -> Json<BTreeMap<String, String>> {
    let mut told = BTreeMap::from([
        ("Architecture".to_owned(), std::env::consts::ARCH.to_owned()),
        ("CPU(s)".to_owned(), std::thread::available_parallelism().map_or(1, usize::from).to_string()),
    ]);
    if let Ok(text) = tokio::fs::read_to_string("/proc/meminfo").await {
        for (line, name) in [("MemTotal:", "Mem"), ("SwapTotal:", "Swap")] {
            let value = text.lines().find_map(|found| found.strip_prefix(line));
            told.extend(value.map(|value| (name.to_owned(), value.trim().to_owned())));
        }
    }
    if let Ok(text) = tokio::fs::read_to_string("/proc/cpuinfo").await {
        let model = text.lines().find(|line| line.starts_with("model name"));
        let model = model.and_then(|line| line.split_once(':'));
        told.extend(model.map(|(_, name)| ("Model name".to_owned(), name.trim().to_owned())));
    }
    Json(told)
}
