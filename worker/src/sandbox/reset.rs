//! A sandbox that is used again: nothing of what ran in it may be left.

use std::time::Duration;

use gavel_runner::{Command, Event};

use super::connection::{Sandbox, name};
use super::error::SandboxError;

/// How long the proof may take. The runner bounds each of its steps; this is for one that does not answer at all.
const BLANK_WITHIN: Duration = Duration::from_secs(60);

impl Sandbox {
    /// Between two tests of one submission: kills what runs and wipes what it wrote, so that the next job finds the
    /// sandbox as it was loaded. Not waited for, as commands are carried out in order: that something is left is told
    /// to whoever waits for an answer next, as [`SandboxError::NotReset`].
    ///
    /// # Errors
    /// When the sandbox is gone.
    pub async fn reset(&mut self) -> Result<(), SandboxError> {
        let nonce = self.next_nonce();
        self.send(nonce, &Command::Reset).await?;
        Ok(())
    }

    /// Between two submissions: as [`Sandbox::reset`], but the artifact is forgotten too, and the proof that nothing is
    /// left is waited for.
    ///
    /// # Errors
    /// When something is left ([`SandboxError::NotReset`]) or the sandbox is gone; it must then be dropped.
    pub async fn blank(&mut self) -> Result<(), SandboxError> {
        let nonce = self.next_nonce();
        self.send(nonce, &Command::Blank).await?;
        let proven = tokio::time::timeout(BLANK_WITHIN, self.proven(nonce)).await;
        proven
            .map_err(|_| SandboxError::Deadline { what: "proving a sandbox blank", within: BLANK_WITHIN })?
    }

    async fn proven(&mut self, nonce: u64) -> Result<(), SandboxError> {
        loop {
            let (of, event) = self.event().await?;
            if self.pending.is_reset(of, &event) {
                continue;
            }
            return match event {
                Event::BlankDone if of == nonce => {
                    self.pending.answered(nonce);
                    Ok(())
                }
                Event::Failed { what } => Err(self.pending.failure(of, what)),
                event => Err(SandboxError::Unexpected { event: name(&event), during: "proving it blank" }),
            };
        }
    }
}
