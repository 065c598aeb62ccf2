//! The two FIFOs that join an interactive pair through a shared volume.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use super::{sys, tree};

/// This side's ends.
pub struct Fifos {
    dir: OwnedFd,
    names: [CString; 2],
    created: bool,
    /// Both FIFOs open for reading and writing, so that no open waits and neither is ever without a peer before
    /// both sides are there.
    holds: Vec<OwnedFd>,
    /// For the program's standard input.
    pub read: OwnedFd,
    /// For the program's standard output.
    pub write: OwnedFd,
}

impl Fifos {
    /// Makes (if asked) and opens both FIFOs.
    pub fn open(dir: &str, create: bool, read: &str, write: &str) -> io::Result<Self> {
        let dir = tree::open_absolute(&CString::new(dir)?)?;
        let names = [CString::new(read)?, CString::new(write)?];
        if create {
            for name in &names {
                tree::make_fifo(dir.as_fd(), name)?;
            }
        }
        let open = |name: &CString, flags| -> io::Result<OwnedFd> {
            let fd = tree::open(dir.as_fd(), name, flags | libc::O_NONBLOCK, 0)?;
            if tree::stat(fd.as_fd())?.st_mode & libc::S_IFMT != libc::S_IFIFO {
                return Err(io::Error::other(format!("{} is not a FIFO", name.to_string_lossy())));
            }
            sys::dup_private(fd.as_fd())
        };
        let holds = vec![open(&names[0], libc::O_RDWR)?, open(&names[1], libc::O_RDWR)?];
        let read = open(&names[0], libc::O_RDONLY)?;
        let write = open(&names[1], libc::O_WRONLY)?;
        // The program expects calls that wait.
        sys::set_nonblocking(read.as_fd(), false)?;
        sys::set_nonblocking(write.as_fd(), false)?;
        Ok(Self { dir, names, created: create, holds, read, write })
    }

    /// Gives up the holds and removes the names: from now on an end closes when its program closes it.
    pub fn seal(&mut self) -> io::Result<()> {
        self.holds.clear();
        if std::mem::take(&mut self.created) {
            for name in &self.names {
                tree::unlink(self.dir.as_fd(), name)?;
            }
        }
        Ok(())
    }
}
