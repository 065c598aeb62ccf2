//! What happens once, before the first command.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use super::reads::Reads;
use super::sys::{self, check};

/// The runner's own descriptors.
pub struct Prepared {
    /// Commands come from here.
    pub input: File,
    /// Events go here.
    pub output: File,
    /// Readable when a child ended.
    pub signals: File,
    /// The accounts of what is read; `None` where the kernel keeps none.
    pub reads: Option<Reads>,
}

/// Makes `/proc/1/*` and `ptrace` refuse everybody of this uid.
pub fn harden() -> io::Result<()> {
    // SAFETY: PR_SET_DUMPABLE takes a number and touches no memory.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) }).map(drop)
}

/// Takes the control stream away from 0 and 1, resets all signals, sets what children inherit.
pub fn prepare(reads: Option<Reads>) -> io::Result<Prepared> {
    reset_signals();
    // SAFETY: umask takes a number and always succeeds.
    unsafe { libc::umask(0o022) };
    let input = sys::dup_private(io::stdin().as_fd())?;
    let output = sys::dup_private(io::stdout().as_fd())?;
    sys::set_nonblocking(input.as_fd(), true)?;
    sys::set_nonblocking(output.as_fd(), true)?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    for number in 0..=2 {
        sys::dup_onto(null.as_fd(), number)?;
    }
    let null = OwnedFd::from(null);
    let signals = sys::dup_private(sys::signal_fd()?.as_fd())?;
    drop(null);
    Ok(Prepared { input: input.into(), output: output.into(), signals: signals.into(), reads })
}

/// Gives every signal its default action, which PID 1 is immune to: a handler (Rust's own for stack overflow, or
/// one inherited) would be something a program could trigger. `SIGPIPE` is ignored, as writes report it.
fn reset_signals() {
    for signal in 1..=64 {
        // SAFETY: SIG_DFL installs no code; numbers that cannot be set are refused by the kernel or libc.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: SIG_IGN installs no code.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}
