//! `PUT` and `HEAD files/ID`: files that runs name.
//!
//! Jobe may forget files, and `CodeRunner` sends them again when a run is told that one is missing. So they are kept in
//! memory, those used last, each its owner's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::Jobe;
use super::error::JobeError;
use crate::error::ApiError;
use crate::principal::{Owner, Principal};
use crate::routes::door::RawBody;

/// The shortest id of a file, in characters.
const SHORTEST: usize = 8;
/// The longest.
const LONGEST: usize = 128;

/// Uploaded files; cloning shares them.
#[derive(Clone)]
pub(super) struct Files {
    most: u64,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    turn: u64,
    bytes: u64,
    by_id: HashMap<(Owner, String), (Bytes, u64)>,
}

impl Files {
    /// No file, and room for so many bytes.
    pub(super) fn new(most: u64) -> Self {
        Self { most, kept: Arc::default() }
    }

    /// A file of an owner.
    pub(super) fn get(&self, owner: &Owner, id: &str) -> Option<Bytes> {
        let mut kept = self.kept();
        kept.turn += 1;
        let turn = kept.turn;
        let (bytes, used) = kept.by_id.get_mut(&(owner.clone(), id.to_owned()))?;
        *used = turn;
        Some(bytes.clone())
    }

    /// Keeps a file, and lets those go that were not used for the longest; whether there was room for it.
    fn put(&self, owner: &Owner, id: &str, bytes: Bytes) -> bool {
        let size = size(&bytes);
        if size > self.most {
            return false;
        }
        let mut kept = self.kept();
        kept.turn += 1;
        let turn = kept.turn;
        if let Some((before, _)) = kept.by_id.insert((owner.clone(), id.to_owned()), (bytes, turn)) {
            kept.bytes -= self::size(&before);
        }
        kept.bytes += size;
        while kept.bytes > self.most {
            let oldest = kept.by_id.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone());
            let Some((gone, _)) = oldest.and_then(|key| kept.by_id.remove(&key)) else { break };
            kept.bytes -= self::size(&gone);
        }
        true
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a file counts: its bytes, and what it takes to know it.
fn size(bytes: &Bytes) -> u64 {
    bytes.len() as u64 + 1024
}

/// Whether a file can be called that.
pub(super) fn is_id(id: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether a file is there.
pub(super) async fn head(
    State(door): State<Jobe>,
    principal: Principal,
    Path(id): Path<String>,
) -> StatusCode {
    match door.files.get(&principal.owner, &id) {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::NOT_FOUND,
    }
}

/// Keeps a file.
pub(super) async fn put(
    State(door): State<Jobe>,
    principal: Principal,
    Path(id): Path<String>,
    body: Result<RawBody, ApiError>,
) -> Result<StatusCode, JobeError> {
    let RawBody(bytes, _memory) = body?;
    if !is_id(&id) {
        return Err(JobeError::bad(format!("put: the id {id} is not 8 or more letters and digits")));
    }
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let Some(contents) = body["file_contents"].as_str() else {
        return Err(JobeError::bad("put: missing file_contents parameter"));
    };
    let contents = STANDARD
        .decode(contents)
        .map_err(|_| JobeError::bad(format!("put: contents of file {id} are not valid base-64")))?;
    if !door.files.put(&principal.owner, &id, contents.into()) {
        let text = format!("put: file {id} is larger than api.jobe.files_mb");
        return Err(JobeError(StatusCode::PAYLOAD_TOO_LARGE, text));
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_used_last_stay_and_each_is_its_owners() {
        let files = Files::new(3 * 2048);
        let (one, other): (Owner, Owner) = ("one".parse().unwrap(), "other".parse().unwrap());
        let full = || Bytes::from(vec![0; 1024]);
        for id in ["aaaaaaaa", "bbbbbbbb", "cccccccc"] {
            assert!(files.put(&one, id, full()));
        }
        assert!(files.get(&one, "aaaaaaaa").is_some() && files.get(&other, "aaaaaaaa").is_none());
        assert!(files.put(&other, "aaaaaaaa", full()));
        assert!(files.get(&one, "bbbbbbbb").is_none(), "not used for the longest");
        assert!(files.get(&one, "aaaaaaaa").is_some() && files.get(&one, "cccccccc").is_some());
        assert!(files.put(&one, "cccccccc", full()), "again");
        assert!(files.get(&other, "aaaaaaaa").is_some());
        assert!(!files.put(&one, "dddddddd", Bytes::from(vec![0; 7_000])), "larger than all");
    }
}
