//! The attached stream of a container, as a sandbox wants it.

use bollard::container::{AttachContainerResults, LogOutput};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};

use super::oom::OomWatch;
use super::reaper::Guard;
use crate::sandbox::{Attached, Container, ForeignBytes};

/// A container of the Docker Engine; dropping it has it removed.
struct DockerContainer {
    guard: Guard,
    oom: OomWatch,
}

impl Container for DockerContainer {
    fn id(&self) -> &str {
        self.guard.id()
    }

    fn ran_out_of_memory(&self) -> BoxFuture<'_, bool> {
        self.oom.was_killed(self.guard.id()).boxed()
    }
}

/// Joins what the engine's attach gave with the container it belongs to.
pub(super) fn attached(stream: AttachContainerResults, guard: Guard, oom: OomWatch) -> Attached {
    let output = stream
        .output
        // A broken connection is an end like any other; why it ended is asked of the container.
        .take_while(|piece| std::future::ready(piece.is_ok()))
        .map(|piece| match piece {
            Ok(LogOutput::StdOut { message }) => Ok(message),
            _ => Err(ForeignBytes),
        });
    Attached {
        output: output.boxed(),
        input: stream.input,
        container: Box::new(DockerContainer { guard, oom }),
    }
}
