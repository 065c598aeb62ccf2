//! A program from a file, as the service takes it.

use anyhow::Context as _;
use gavel_model::Captured;
use serde_json::{Map, Value, json};

use crate::args::ProgramOptions;

/// The fields of a submission that say which program it is and what it may use.
///
/// # Errors
/// When the file cannot be read.
pub fn described(program: &ProgramOptions) -> anyhow::Result<Map<String, Value>> {
    let file = &program.file;
    let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut fields = Map::new();
    let Captured { data, encoding, .. } = Captured::new(&content, content.len() as u64);
    fields.insert("files".to_owned(), json!([{"name": name, "content": data, "encoding": encoding}]));
    if let Some(language) = &program.language {
        fields.insert("language".to_owned(), json!(language));
    }
    let limits = [("cpu_ms", program.cpu_ms), ("memory_mb", program.memory_mb)];
    let limits: Map<String, Value> =
        limits.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), json!(limit?)))).collect();
    if !limits.is_empty() {
        fields.insert("limits".to_owned(), Value::Object(limits));
    }
    Ok(fields)
}

/// Bytes where a text may stand: as they are, or in base64 where they are no UTF-8.
pub fn text(bytes: &[u8]) -> Value {
    let Captured { data, encoding, .. } = Captured::new(bytes, bytes.len() as u64);
    json!({"data": data, "encoding": encoding})
}
