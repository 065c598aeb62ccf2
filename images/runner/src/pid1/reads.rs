//! How much the programs of a sandbox have read.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use super::sys;

/// The kernel's accounts of this process (`proc_pid_io(5)`): one has the reading of all processes that it waited for,
/// and of those that they waited for, the other its own alone.
pub struct Reads {
    /// Of this process with those it waited for.
    pub all: File,
    /// Of this thread, which is the only one.
    pub own: File,
}

impl Reads {
    /// Opens both. A process that is not dumpable cannot: these files are root's then.
    pub fn open() -> io::Result<Self> {
        let private = |path| Ok::<_, io::Error>(sys::dup_private(File::open(path)?.as_fd())?.into());
        Ok(Self { all: private("/proc/self/io")?, own: private("/proc/thread-self/io")? })
    }
}
