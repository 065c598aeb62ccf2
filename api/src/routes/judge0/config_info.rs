//! `GET /config_info`: the 39 keys that the official SDK demands.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::batch::MAX_BATCH;
use super::door::Judge0;
use super::files::MAX_EXTRACT;
use super::limits::limits;

/// The settings as Judge0 tells them.
pub async fn get(State(door): State<Judge0>) -> Json<Map<String, Value>> {
    let config = &door.app.config;
    let compiled = door.app.languages.iter().filter(|spec| !spec.allowed_options().is_empty());
    let compiled: Vec<&str> = compiled.map(|spec| spec.name.as_str()).collect();
    let queue = config.max_unfinished;
    let fixed = json!({
        "maintenance_mode": false,
        "enable_wait_result": true,
        "enable_compiler_options": true,
        "allowed_languages_for_compile_options": compiled,
        "enable_command_line_arguments": true,
        "enable_submission_delete": config.judge0.submission_delete,
        "enable_callbacks": true,
        "callbacks_max_tries": 3,
        "callbacks_timeout": 5.0,
        "enable_additional_files": true,
        "max_queue_size": if queue == 0 { u32::MAX } else { queue },
        "enable_per_process_and_thread_time_limit": false,
        "allow_enable_per_process_and_thread_time_limit": false,
        "enable_per_process_and_thread_memory_limit": false,
        "allow_enable_per_process_and_thread_memory_limit": false,
        "redirect_stderr_to_stdout": false,
        "max_extract_size": MAX_EXTRACT / 1024,
        "enable_batched_submissions": true,
        "max_submission_batch_size": MAX_BATCH,
        "submission_cache_duration": 0.0,
        "use_docs_as_homepage": false,
        "allow_enable_network": false,
        "enable_network": false,
    });
    let mut told = match fixed {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    for limit in limits(&door.app.intake.limits) {
        let number = |value: f64| if limit.seconds { json!(value) } else { json!(value as u64) };
        told.insert(limit.name.to_owned(), number(limit.default));
        told.insert(format!("max_{}", limit.name), number(limit.max));
    }
    Json(told)
}
