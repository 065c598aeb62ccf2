//! Starting a program: its streams, and the fork.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use gavel_runner::{ExecSpec, Stdin, Stdout};

use super::child::Plan;
use super::feed::Feed;
use super::fifo::Fifos;
use super::landlock::Confinement;
use super::sys::{self, check};

/// A program that was forked, with this side's ends of its streams.
pub struct Launched {
    /// The main process.
    pub pid: libc::pid_t,
    /// Standard input.
    pub feed: Feed,
    /// Standard output, if it is streamed.
    pub stdout: Option<File>,
    /// Standard error.
    pub stderr: File,
    /// Carries a [`super::child::Report`], ends when the program begins.
    pub report: File,
    /// Just before the fork.
    pub forked_ns: u64,
}

/// Forks the program. All descriptors that it got, the FIFOs among them, are closed here when this returns. `file` is
/// its standard input, if it has one.
pub fn launch(
    spec: &ExecSpec,
    fifos: Option<Fifos>,
    file: Option<OwnedFd>,
    confinement: Option<&Confinement>,
) -> io::Result<Launched> {
    let (read, write) = fifos.map_or((None, None), |fifos| (Some(fifos.read), Some(fifos.write)));
    let no_pipes = || io::Error::new(io::ErrorKind::InvalidInput, "no pipes are open");
    let (stdin, feed) = match (spec.stdin, file) {
        (Stdin::Empty, _) => (null()?, Feed::default()),
        (Stdin::Pipe, _) => (read.ok_or_else(no_pipes)?, Feed::default()),
        (Stdin::File { .. }, Some(file)) => (file, Feed::default()),
        (Stdin::Stream | Stdin::Live | Stdin::File { .. }, _) => {
            let (theirs, ours) = sys::pipe()?;
            (theirs, Feed::new(nonblocking(ours)?))
        }
    };
    let (stdout, ours_out) = match spec.stdout {
        Stdout::Discard => (null()?, None),
        Stdout::Pipe => (write.ok_or_else(no_pipes)?, None),
        Stdout::Stream => {
            let (ours, theirs) = sys::pipe()?;
            (theirs, Some(nonblocking(ours)?))
        }
    };
    let (ours_err, stderr) = sys::pipe()?;
    let (ours_report, report) = sys::pipe()?;
    let plan = Plan::new(spec, [stdin, stdout, stderr], report, confinement)?;
    let forked_ns = sys::monotonic_ns();
    // SAFETY: this process has one thread, so the child may use all of its memory; it leaves by exec or _exit.
    let pid = check(unsafe { libc::fork() })?;
    if pid == 0 {
        plan.run();
    }
    Ok(Launched {
        pid,
        feed,
        stdout: ours_out,
        stderr: nonblocking(ours_err)?,
        report: nonblocking(ours_report)?,
        forked_ns,
    })
}

fn null() -> io::Result<OwnedFd> {
    Ok(File::options().read(true).write(true).open("/dev/null")?.into())
}

fn nonblocking(fd: OwnedFd) -> io::Result<File> {
    sys::set_nonblocking(fd.as_fd(), true)?;
    Ok(fd.into())
}
