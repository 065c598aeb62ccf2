//! Large request bodies: into a file, hashed on the way, never in memory as a whole.

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::StreamExt as _;
use gavel_model::Digest;
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;
use tokio::fs::{self, File};
use tokio::io::{AsyncWriteExt as _, BufWriter};
use uuid::Uuid;

use crate::error::{ApiError, ErrorCode};
use crate::memory::{BodyMemory, announced};

/// How long a client may send nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// How long a body may take to arrive: 1 GiB at 2.4 Mbit/s.
const DEADLINE: Duration = Duration::from_secs(60 * 60);

/// What is gathered before it is written, in bytes.
const BUFFER: usize = 1 << 20;

/// How much of a body that is too large is read and thrown away, and for how long: a client that is still sending
/// would see a cut connection instead of the answer.
const DISCARD: (u64, Duration) = (32 << 20, Duration::from_secs(10));

/// A body in a file that is removed with this value, unless it was moved away.
pub struct Received {
    /// The file.
    pub file: TempPath,
    /// Its hash.
    pub sha256: Digest,
    /// Its size, in bytes.
    pub size: u64,
}

/// Writes a body of at most `max` bytes into a new file of a folder.
///
/// # Errors
/// Too large, too slow, cut short, or no room for it. No file is left then.
pub async fn receive(
    headers: &HeaderMap,
    body: Body,
    max: u64,
    folder: &Path,
    memory: &BodyMemory,
) -> Result<Received, ApiError> {
    let mut chunks = body.into_data_stream();
    if let Some(declared) = announced(headers).filter(|size| *size > max) {
        // Who expects to be told to go on has not sent anything yet, and need not.
        if !headers.contains_key(header::EXPECT) {
            discard(&mut chunks).await;
        }
        return Err(ApiError::new(
            ErrorCode::TooLarge,
            format!("the body has {declared} bytes, the maximum is {max}"),
        ));
    }
    let held = memory.hold_flat(2 * BUFFER as u64);
    let written = async {
        let _held = held?;
        write(&mut chunks, max, folder).await
    };
    match tokio::time::timeout(DEADLINE, written).await {
        Ok(Err(error)) if [ErrorCode::TooLarge, ErrorCode::Unavailable].contains(&error.code) => {
            discard(&mut chunks).await;
            Err(error)
        }
        Ok(outcome) => outcome,
        Err(_) => Err(too_slow("the body did not arrive within", DEADLINE)),
    }
}

async fn write(chunks: &mut BodyDataStream, max: u64, folder: &Path) -> Result<Received, ApiError> {
    fs::create_dir_all(folder).await.map_err(no_room)?;
    let path = folder.join(format!("upload-{}", Uuid::now_v7()));
    // The guard comes first: a request that is given up while the file is made leaves none.
    let guard = TempPath::try_from_path(&path).map_err(no_room)?;
    let mut file = BufWriter::with_capacity(BUFFER, File::create_new(&path).await.map_err(no_room)?);
    let (mut hash, mut size) = (Sha256::new(), 0);
    while let Some(chunk) = next(chunks).await? {
        size += chunk.len() as u64;
        if size > max {
            return Err(ApiError::new(
                ErrorCode::TooLarge,
                format!("the body has more than {max} bytes, which is the maximum"),
            ));
        }
        hash.update(&chunk);
        file.write_all(&chunk).await.map_err(no_room)?;
    }
    file.flush().await.map_err(no_room)?;
    Ok(Received { file: guard, sha256: Digest::finish(hash), size })
}

async fn next(chunks: &mut BodyDataStream) -> Result<Option<Bytes>, ApiError> {
    let chunk = tokio::time::timeout(SILENCE, chunks.next())
        .await
        .map_err(|_| too_slow("nothing of the body arrived for", SILENCE))?;
    chunk
        .transpose()
        .map_err(|error| ApiError::new(ErrorCode::InvalidPackage, format!("the body ended early: {error}")))
}

async fn discard(chunks: &mut BodyDataStream) {
    let (most, patience) = DISCARD;
    let rest = async {
        let mut read = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            read += chunk.len() as u64;
            if read > most {
                return;
            }
        }
    };
    // Whether the rest came or not, the answer is the same.
    tokio::time::timeout(patience, rest).await.ok();
}

fn too_slow(what: &str, after: Duration) -> ApiError {
    ApiError::new(ErrorCode::RequestTimeout, format!("{what} {} s", after.as_secs()))
}

/// The place where failures to write uploads are handled, and so logged.
#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn no_room(error: std::io::Error) -> ApiError {
    tracing::error!(error = &error as &dyn std::error::Error, "an upload cannot be written");
    ApiError::unavailable("the upload cannot be stored now, try again")
}
