//! A body of lines, read one at a time: its length does not matter, that of a line does.

use std::time::Duration;

use ::bytes::{Bytes, BytesMut};
use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::error::{ApiError, ErrorCode};
use crate::memory::Held;

/// How long a client may send nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// How long all of it may take.
const DEADLINE: Duration = Duration::from_secs(60 * 60);

/// How much of a body that is not taken is read and thrown away, and for how long: a client that is still sending would see
/// a cut connection instead of the answer.
const DISCARD: (usize, Duration) = (64 << 20, Duration::from_secs(10));

/// The lines of a body.
pub struct Lines {
    chunks: BodyDataStream,
    buffer: BytesMut,
    /// How much of the buffer holds no end of a line.
    searched: usize,
    held: Held,
    max: u64,
    hash: Sha256,
    deadline: Instant,
    ended: bool,
}

impl Lines {
    /// Lines of at most so many bytes each, in memory that grows with the longest; the hash is fed with all of them.
    #[must_use]
    pub fn new(body: Body, max: u64, held: Held, hash: Sha256) -> Self {
        let (buffer, deadline) = (BytesMut::new(), Instant::now() + DEADLINE);
        Self { chunks: body.into_data_stream(), buffer, searched: 0, held, max, hash, deadline, ended: false }
    }

    /// The next line, without its end; lines of white space are passed over.
    ///
    /// # Errors
    /// A line that is too long, or a body that ends early or comes too slowly.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        loop {
            let line = match self.buffer[self.searched..].iter().position(|byte| *byte == b'\n') {
                Some(k) => self.buffer.split_to(self.searched + k + 1),
                None if self.ended && self.buffer.is_empty() => return Ok(None),
                None if self.ended => self.buffer.split(),
                None => {
                    self.searched = self.buffer.len();
                    self.read().await?;
                    continue;
                }
            };
            self.searched = 0;
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line.freeze()));
            }
        }
    }

    /// Reads everything that is left.
    ///
    /// # Errors
    /// As [`Lines::next`].
    pub async fn skip(&mut self) -> Result<(), ApiError> {
        while !self.ended {
            self.buffer.clear();
            self.searched = 0;
            self.read().await?;
        }
        Ok(())
    }

    /// The hash of everything that was read.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }

    /// Throws away what is still coming, as far as that is worth it.
    pub async fn discard(mut self) {
        let (most, patience) = DISCARD;
        let rest = async {
            let mut read = 0;
            while let Some(Ok(chunk)) = self.chunks.next().await {
                read += chunk.len();
                if read > most {
                    return;
                }
            }
        };
        // Whether the rest came or not, the answer is the same.
        tokio::time::timeout(patience, rest).await.ok();
    }

    async fn read(&mut self) -> Result<(), ApiError> {
        let until = self.deadline.min(Instant::now() + SILENCE);
        let chunk = tokio::time::timeout_at(until, self.chunks.next()).await.map_err(|_| {
            let (silence, all) = (SILENCE.as_secs(), DEADLINE.as_secs());
            let message =
                format!("nothing of the body arrived for {silence} s, or not all of it within {all} s");
            ApiError::new(ErrorCode::RequestTimeout, message)
        })?;
        let Some(chunk) = chunk else {
            self.ended = true;
            return Ok(());
        };
        let chunk = chunk.map_err(|error| {
            ApiError::new(ErrorCode::MalformedJson, format!("the body ended early: {error}"))
        })?;
        self.hash.update(&chunk);
        self.buffer.extend_from_slice(&chunk);
        // A chunk may hold many lines: what counts is what is left of the first one.
        if self.searched as u64 > self.max {
            let max = self.max;
            return Err(ApiError::new(
                ErrorCode::TooLarge,
                format!("a line has more than {max} bytes, which is the maximum"),
            ));
        }
        self.held.fit(self.buffer.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::BodyMemory;
    use crate::metrics::ApiMetrics;
    use axum::http::HeaderMap;
    use gavel_platform::telemetry::Registry;

    fn lines(chunks: &'static [&'static str], max: u64) -> Lines {
        let memory = BodyMemory::new(1 << 20, ApiMetrics::register(&Registry::default()).unwrap());
        let body = Body::from_stream(futures_util::stream::iter(
            chunks.iter().map(|chunk| Ok::<_, std::io::Error>(*chunk)),
        ));
        Lines::new(body, max, memory.hold(&HeaderMap::new()).unwrap(), Sha256::new())
    }

    #[tokio::test]
    async fn lines_come_whole_however_they_are_sent() {
        let mut lines = lines(&["a", "b\n\r\n", "  c\nd\n\n", "e"], 100);
        let mut read = Vec::new();
        while let Some(line) = lines.next().await.unwrap() {
            read.push(String::from_utf8(line.to_vec()).unwrap());
        }
        assert_eq!(read, ["ab\n", "  c\n", "d\n", "e"]);
        assert_eq!(lines.sha256(), <[u8; 32]>::from(Sha256::digest("ab\n\r\n  c\nd\n\ne")));
    }

    #[tokio::test]
    async fn a_line_without_end_is_refused_and_many_lines_are_not() {
        let mut many = lines(&["aaaa\nbbbb\ncccc\n", "dddd\n"], 5);
        let mut count = 0;
        while many.next().await.unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, 4);
        let error = lines(&["aaa", "aaa", "aaa"], 5).next().await.unwrap_err();
        assert_eq!(error.code, ErrorCode::TooLarge);
    }
}
