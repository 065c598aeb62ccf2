//! Standard input that a program gets as a file, as it does where a shell redirects one: it can be measured, mapped
//! and read twice.
//!
//! Collected in a memory file before the program starts, and sealed: nobody can change it, whoever holds it. Each job
//! has its own, and nothing of it stays when its program has ended.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use gavel_runner::{ExecSpec, STDIN_FILE_MAX, Stdin};

use super::meter::Meter;
use super::{sys, tree};

/// What must stay free beside input and program: the runner and the kernel need some.
const SPARE: u64 = 8 * 1024 * 1024;

/// A job that waits for its input.
pub struct Spool {
    /// Its name.
    pub nonce: u64,
    /// What will be run.
    pub spec: ExecSpec,
    file: File,
    left: u64,
}

impl Spool {
    /// Begins to collect, if the job wants a file and may have one.
    pub fn begin(nonce: u64, spec: &ExecSpec, meter: &Meter) -> io::Result<Option<Self>> {
        let Stdin::File { size } = spec.stdin else { return Ok(None) };
        if size > STDIN_FILE_MAX.min(sys::file_size_limit()) || !has_room(size, spec.memory_limit, meter) {
            return Ok(None);
        }
        let file = File::from(sys::memory_file(c"stdin")?);
        Ok(Some(Self { nonce, spec: spec.clone(), file, left: size }))
    }

    /// Takes a piece.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.left = self
            .left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| io::Error::other("more standard input than announced"))?;
        self.file.write_all(bytes)
    }

    /// All has come: what to run, and its standard input.
    pub fn finish(self) -> io::Result<(ExecSpec, OwnedFd)> {
        if self.left > 0 {
            return Err(io::Error::other(format!("{} bytes of standard input are missing", self.left)));
        }
        tree::chmod_open(self.file.as_fd(), 0o400)?;
        sys::seal(self.file.as_fd())?;
        // Opened anew for reading: kernels before 6.7 refuse to share a mapping of a sealed file that could be
        // written to, and the position of this one is its end.
        let own = CString::new(format!("/proc/self/fd/{}", self.file.as_raw_fd()))?;
        // SAFETY: `own` is a NUL-terminated string.
        let read = sys::own(unsafe { libc::open(own.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC) })?;
        Ok((self.spec, read))
    }
}

/// Whether input and program fit into the container together.
fn has_room(size: u64, memory_limit: u64, meter: &Meter) -> bool {
    let (Some(limit), Some(held)) = (meter.memory_limit(), meter.memory()) else { return true };
    let held = held.saturating_sub(meter.cached_files().unwrap_or(0));
    // A job without a limit of its own has the rest of the container, whatever that is.
    let program = if memory_limit == u64::MAX { 0 } else { memory_limit };
    held.saturating_add(size).saturating_add(program).saturating_add(SPARE) <= limit
}
