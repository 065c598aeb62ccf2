//! Joining two sandboxes for an interactive problem: two FIFOs on a shared volume, so that the programs talk at the
//! speed of a pipe and no byte passes through this process.
//!
//! The interactor's side makes them, the program's side opens them, the interactor's side removes their names. Only
//! then do the programs start.

use std::time::Duration;

use gavel_runner::{Command, Event};

use super::connection::{Sandbox, name};
use super::error::SandboxError;

/// Where the volume of an interactive pair is mounted.
pub const PIPES: &str = "/app/pipes";

const JOIN_WITHIN: Duration = Duration::from_secs(20);

/// The names of one pair's FIFOs, which nobody can guess.
#[derive(Clone, Debug)]
pub struct PipeNames {
    to_program: String,
    to_judge: String,
}

impl PipeNames {
    /// New ones.
    #[must_use]
    pub fn random() -> Self {
        let name = || format!("{:032x}", rand::random::<u128>());
        Self { to_program: name(), to_judge: name() }
    }
}

impl Sandbox {
    /// Makes and opens the FIFOs, for the next job to talk by, from the interactor's side. What else was on the volume
    /// is removed.
    ///
    /// # Errors
    /// When the runner cannot, or does not answer.
    pub async fn make_pipes(&mut self, names: &PipeNames) -> Result<(), SandboxError> {
        self.pipes(open(true, &names.to_judge, &names.to_program)).await
    }

    /// Opens the FIFOs that the other side has made, for the next job to talk by.
    ///
    /// # Errors
    /// When the runner cannot, or does not answer.
    pub async fn open_pipes(&mut self, names: &PipeNames) -> Result<(), SandboxError> {
        self.pipes(open(false, &names.to_program, &names.to_judge)).await
    }

    /// Removes the FIFOs' names, once both sides have opened them.
    ///
    /// # Errors
    /// When the runner cannot, or does not answer.
    pub async fn seal_pipes(&mut self) -> Result<(), SandboxError> {
        self.pipes(Command::PipesSeal).await
    }

    async fn pipes(&mut self, command: Command) -> Result<(), SandboxError> {
        let nonce = self.next_nonce();
        self.send(nonce, &command).await?;
        let answer = async {
            loop {
                match self.event().await? {
                    (of, event) if self.pending.is_reset(of, &event) => {}
                    (of, Event::PipesReady) if of == nonce => {
                        self.pending.answered(nonce);
                        return Ok(());
                    }
                    (of, Event::Failed { what }) => return Err(self.pending.failure(of, what)),
                    (_, event) => {
                        return Err(SandboxError::Unexpected {
                            event: name(&event),
                            during: "joining sandboxes",
                        });
                    }
                }
            }
        };
        tokio::time::timeout(JOIN_WITHIN, answer)
            .await
            .map_err(|_| SandboxError::Deadline { what: "joining sandboxes", within: JOIN_WITHIN })?
    }
}

fn open(create: bool, read: &str, write: &str) -> Command {
    Command::PipesOpen { dir: PIPES.to_owned(), create, read: read.to_owned(), write: write.to_owned() }
}
