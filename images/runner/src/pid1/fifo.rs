//! The two FIFOs that join an interactive pair through a shared volume.
//!
//! The interactor's side makes them and keeps an end of each for itself, see [`super::pair`]; the program's side only
//! opens what its program gets.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use super::{sys, tree, wipe};

/// Bytes that a pipe holds before a writer waits: what problemtools' runner asks for, and the most that an
/// unprivileged user gets by default (`pipe(7)`, `/proc/sys/fs/pipe-max-size`).
const CAPACITY: libc::c_int = 1 << 20;
/// How long emptying the volume may take, nanoseconds.
const WIPE_WITHIN_NS: u64 = 5_000_000_000;
/// For the side that made it to read, for the other to write: whoever opens `/dev/stdout` anew gets what it had.
const THEIRS_TO_WRITE: libc::mode_t = 0o602;
/// The reverse.
const THEIRS_TO_READ: libc::mode_t = 0o604;

/// This side's ends.
pub struct Fifos {
    dir: OwnedFd,
    names: [CString; 2],
    /// Of the side that made the FIFOs.
    pub holds: Option<Holds>,
    /// For the program's standard input.
    pub read: OwnedFd,
    /// For the program's standard output.
    pub write: OwnedFd,
}

/// The ends that the interactor's runner keeps. None of them waits.
pub struct Holds {
    /// What the interactor reads, for reading.
    pub input: File,
    /// What the interactor reads, for writing: while this is open there is no end of file.
    pub input_end: File,
    /// What the interactor writes, for reading: while this is open, writing never fails.
    pub output: File,
}

impl Fifos {
    /// Makes (if asked) and opens both FIFOs. What else is in the directory of a side that makes them is removed.
    pub fn open(dir: &str, create: bool, read: &str, write: &str) -> io::Result<Self> {
        let dir = tree::open_absolute(&CString::new(dir)?)?;
        let names = [CString::new(read)?, CString::new(write)?];
        let open = |name: &CString, flags| -> io::Result<OwnedFd> {
            let fd = tree::open(dir.as_fd(), name, flags | libc::O_NONBLOCK, 0)?;
            if tree::stat(fd.as_fd())?.st_mode & libc::S_IFMT != libc::S_IFIFO {
                return Err(io::Error::other(format!("{} is not a FIFO", name.to_string_lossy())));
            }
            sys::dup_private(fd.as_fd())
        };
        let [input, output] = &names;
        let mut holds = None;
        if create {
            wipe::wipe(dir.as_fd(), sys::monotonic_ns() + WIPE_WITHIN_NS)?;
            tree::make_fifo(dir.as_fd(), input, THEIRS_TO_WRITE)?;
            tree::make_fifo(dir.as_fd(), output, THEIRS_TO_READ)?;
            // A writer finds a reader, and no open waits: each FIFO's reading end comes first.
            let kept = Holds {
                input: open(input, libc::O_RDONLY)?.into(),
                input_end: open(input, libc::O_WRONLY)?.into(),
                output: open(output, libc::O_RDONLY)?.into(),
            };
            for fifo in [&kept.input, &kept.output] {
                // Where the user's allowance of pipe pages is used up, the pipe keeps the usual 64 KiB.
                // SAFETY: F_SETPIPE_SZ takes a number and touches no memory.
                unsafe { libc::fcntl(fifo.as_raw_fd(), libc::F_SETPIPE_SZ, CAPACITY) };
            }
            holds = Some(kept);
        }
        let read = open(input, libc::O_RDONLY)?;
        let write = open(output, libc::O_WRONLY)?;
        // The program expects calls that wait.
        sys::set_nonblocking(read.as_fd(), false)?;
        sys::set_nonblocking(write.as_fd(), false)?;
        Ok(Self { dir, names, holds, read, write })
    }

    /// Removes the names, once both sides have opened them; only for the side that made them.
    pub fn seal(&self) -> io::Result<()> {
        self.names.iter().try_for_each(|name| tree::unlink(self.dir.as_fd(), name))
    }
}
