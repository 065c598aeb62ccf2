//! Joining two sandboxes for an interactive problem: two FIFOs on a shared volume, so that the programs talk at the
//! speed of a pipe and no byte passes through this process.

use std::time::Duration;

use gavel_runner::{Command, Event};

use super::connection::{Sandbox, name};
use super::error::SandboxError;
use crate::container::PIPES;

const JOIN_WITHIN: Duration = Duration::from_secs(20);

/// Joins two sandboxes that mount the same volume; the next job of each talks with the other's.
///
/// # Errors
/// When either side fails.
pub async fn join(first: &mut Sandbox, second: &mut Sandbox, pair: u32) -> Result<(), SandboxError> {
    let (down, up) = (format!("down{pair}"), format!("up{pair}"));
    let open = |create, read: &str, write: &str| Command::PipesOpen {
        dir: PIPES.to_owned(),
        create,
        read: read.to_owned(),
        write: write.to_owned(),
    };
    first.pipes(open(true, &down, &up)).await?;
    second.pipes(open(false, &up, &down)).await?;
    // Only when both sides are open: from now on an end that its program closes is closed.
    first.pipes(Command::PipesSeal).await?;
    second.pipes(Command::PipesSeal).await
}

impl Sandbox {
    async fn pipes(&mut self, command: Command) -> Result<(), SandboxError> {
        let nonce = self.next_nonce();
        self.send(nonce, &command).await?;
        let answer = async {
            loop {
                match self.event().await? {
                    (of, event) if self.is_reset(of, &event) => {}
                    (of, Event::PipesReady) if of == nonce => return Ok(()),
                    (_, Event::Failed { what }) => return Err(SandboxError::Failed { what }),
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
