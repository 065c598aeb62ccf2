//! The file that a program leaves its output in, where the problem names one.

use gavel_runner::Root;

use super::observer::Observer;
use crate::fault::Fault;
use crate::sandbox::{Sandbox, SandboxError, Sink as _};

/// What became of that file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// There is one, of so many bytes, and the observer has seen it.
    Output(u64),
    /// It is longer than an output may be; the observer has seen its first part.
    TooLong(u64),
    /// There is none that can be read.
    Nothing(String),
}

/// Has the observer watch what is in the file, as if it had been standard output.
///
/// The program's files end one byte after `limit` (`RLIMIT_FSIZE`), so a longer one shows that more was written.
pub(super) async fn take_in(
    sandbox: &mut Sandbox,
    file: &str,
    limit: u64,
    observer: &mut Observer,
) -> Result<Left, Fault> {
    let mut left = limit;
    let fetched = sandbox.fetch_file(Root::Work, file, longest(limit), |bytes| {
        let within = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        left -= within as u64;
        observer.stdout(&bytes[..within]);
    });
    match fetched.await {
        Ok(size) if size > limit => Ok(Left::TooLong(size)),
        Ok(size) => Ok(Left::Output(size)),
        Err(SandboxError::FetchRefused { what }) => Ok(Left::Nothing(what)),
        Err(error) => Err(error.into()),
    }
}

/// The longest file a program may write that leaves its output in one: a byte more than the output limit shows that it is
/// met.
pub(super) const fn longest(limit: u64) -> u64 {
    limit.saturating_add(1)
}
