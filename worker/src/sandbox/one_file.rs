//! One file of a sandbox, streamed: never held as a whole.

use gavel_runner::{Command, Event, Root};

use super::connection::{Sandbox, name};
use super::error::SandboxError;
use super::files::FETCH_WITHIN;

const DURING: &str = "fetching a file";

impl Sandbox {
    /// Hands on what is in a regular file, piece by piece, and tells its length.
    ///
    /// # Errors
    /// [`SandboxError::FetchRefused`] where there is no regular file of that name, or one of more than `max_bytes`; the
    /// sandbox can then be used on. Others when it is gone.
    pub async fn fetch_file(
        &mut self,
        root: Root,
        path: &str,
        max_bytes: u64,
        mut take: impl FnMut(&[u8]),
    ) -> Result<u64, SandboxError> {
        let nonce = self.next_nonce();
        self.send(nonce, &Command::FetchFile { root, path: path.to_owned(), max_bytes }).await?;
        let mut announced = None;
        let mut come = 0_u64;
        loop {
            // For each piece: how long it takes to look at them is not the sandbox's doing.
            let event = tokio::time::timeout(FETCH_WITHIN, self.event()).await;
            let late = |_| SandboxError::Deadline { what: DURING, within: FETCH_WITHIN };
            let (of, event) = event.map_err(late)??;
            if self.pending.is_reset(of, &event) {
                continue;
            }
            let unexpected = SandboxError::Unexpected { event: name(&event), during: DURING };
            match event {
                Event::Failed { what } => return Err(self.pending.failure(of, what)),
                _ if of != nonce => return Err(unexpected),
                Event::File { size, .. } if announced.is_none() && size <= max_bytes => {
                    announced = Some(size);
                }
                Event::Data(bytes) => {
                    come += bytes.len() as u64;
                    if announced.is_none_or(|size| come > size) {
                        return Err(unexpected);
                    }
                    take(&bytes);
                }
                Event::Fetched { .. } if announced == Some(come) => {
                    self.pending.answered(nonce);
                    return Ok(come);
                }
                _ => return Err(unexpected),
            }
        }
    }
}
