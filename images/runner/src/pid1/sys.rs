//! System calls as safe functions: descriptors are owned or borrowed, errors are `io::Error`.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// Descriptors of the runner live from here on, out of the way of 0, 1 and 2.
const FIRST_PRIVATE_FD: libc::c_int = 100;

/// How often a thread is tried to be made where there are as many as there may be.
const AGAIN: u32 = 100;

/// Turns the -1 of a system call into an error.
pub fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// Takes ownership of a descriptor that a system call has just made.
pub fn own(result: libc::c_int) -> io::Result<OwnedFd> {
    let fd = check(result)?;
    // SAFETY: the kernel has just returned this descriptor as a new one, so nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Nanoseconds of `CLOCK_MONOTONIC`.
pub fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid timespec to write to; this clock always exists.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

/// A duplicate of `fd` at a high number, closed on exec.
pub fn dup_private(fd: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    // SAFETY: F_DUPFD_CLOEXEC takes a number and touches no memory.
    own(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_DUPFD_CLOEXEC, FIRST_PRIVATE_FD) })
}

/// Makes `number` refer to what `fd` refers to, open across exec.
pub fn dup_onto(fd: BorrowedFd<'_>, number: libc::c_int) -> io::Result<()> {
    // SAFETY: dup2 touches no memory; callers only name 0, 1 and 2, which no owned descriptor has.
    check(unsafe { libc::dup2(fd.as_raw_fd(), number) }).map(drop)
}

/// Makes reads and writes of `fd` return instead of waiting, or the reverse.
pub fn set_nonblocking(fd: BorrowedFd<'_>, on: bool) -> io::Result<()> {
    // SAFETY: F_GETFL touches no memory.
    let flags = check(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) })?;
    let flags = if on { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
    // SAFETY: F_SETFL takes a number and touches no memory.
    check(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags) }).map(drop)
}

/// A new pipe, both ends closed on exec: (read, write).
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [-1; 2];
    // SAFETY: `ends` is room for two descriptors.
    check(unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) })?;
    Ok((own(ends[0])?, own(ends[1])?))
}

/// Waits for events, at most `timeout_ns`; an interruption counts as nothing to report.
pub fn poll(fds: &mut [libc::pollfd], timeout_ns: Option<u64>) -> io::Result<()> {
    let timeout = timeout_ns.map(|ns| libc::timespec {
        tv_sec: i64::try_from(ns / 1_000_000_000).unwrap_or(i64::MAX),
        tv_nsec: (ns % 1_000_000_000).cast_signed(),
    });
    let timeout = timeout.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    let count = fds.len() as libc::nfds_t;
    // SAFETY: `fds` is valid for `count` entries and `timeout` is null or valid for the call.
    match check(unsafe { libc::ppoll(fds.as_mut_ptr(), count, timeout, std::ptr::null()) }) {
        Err(error) if error.kind() != io::ErrorKind::Interrupted => Err(error),
        Ok(_) => Ok(()),
        Err(_) => {
            for fd in fds {
                fd.revents = 0;
            }
            Ok(())
        }
    }
}

/// Blocks `SIGCHLD` and opens a descriptor that becomes readable instead.
pub fn signal_fd() -> io::Result<OwnedFd> {
    // SAFETY: an all-zero sigset_t is a valid value to be filled in.
    let mut mask: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: `mask` is a valid set.
    unsafe { libc::sigemptyset(&raw mut mask) };
    // SAFETY: `mask` is a valid set and SIGCHLD a valid signal.
    unsafe { libc::sigaddset(&raw mut mask, libc::SIGCHLD) };
    // SAFETY: `mask` is a valid set; the old one is not asked for.
    check(unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const mask, std::ptr::null_mut()) })?;
    // SAFETY: `mask` is a valid set, -1 asks for a new descriptor.
    own(unsafe { libc::signalfd(-1, &raw const mask, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) })
}

/// What `wait4` reports of one process.
pub struct Reaped {
    /// The process.
    pub pid: libc::pid_t,
    /// Status word.
    pub status: libc::c_int,
    /// Usage of the process and of those it waited for itself.
    pub usage: libc::rusage,
}

/// The answer of [`reap`].
pub enum Wait {
    /// A process ended.
    Reaped(Reaped),
    /// All that exist still run.
    Running,
    /// There is no process but this one.
    Alone,
}

/// Reaps one ended process, whoever's child it was, without waiting.
pub fn reap() -> io::Result<Wait> {
    let mut status = 0;
    // SAFETY: an all-zero rusage is a valid value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: `status` and `usage` are valid to write to.
    match check(unsafe { libc::wait4(-1, &raw mut status, libc::WNOHANG | libc::__WALL, &raw mut usage) }) {
        Ok(0) => Ok(Wait::Running),
        Ok(pid) => Ok(Wait::Reaped(Reaped { pid, status, usage })),
        Err(error) if error.raw_os_error() == Some(libc::ECHILD) => Ok(Wait::Alone),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Wait::Running),
        Err(error) => Err(error),
    }
}

/// Makes the kernel look for sockets that nobody can reach any more: it does when a socket is closed.
pub fn collect_sockets() -> io::Result<()> {
    // SAFETY: socket takes numbers only.
    own(unsafe { libc::socket(libc::AF_UNIX, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) }).map(drop)
}

/// Kills every process of this PID namespace but PID 1. Does nothing unless this is PID 1.
pub fn kill_others() {
    if std::process::id() == 1 {
        // SAFETY: kill touches no memory; as PID 1 of a namespace, -1 reaches nothing outside it.
        unsafe { libc::kill(-1, libc::SIGKILL) };
    }
}

/// Sends a signal to a child's process group, or to the child alone while it has none of its own yet. Whoever is gone
/// needs none.
pub fn signal_group(child: libc::pid_t, number: libc::c_int) {
    // SAFETY: kill touches no memory; a group that is named by a child that was not reaped is that child's.
    if check(unsafe { libc::kill(-child, number) }).is_err() {
        // SAFETY: kill touches no memory, and the child was not reaped, so the number is still its own.
        unsafe { libc::kill(child, number) };
    }
}

/// Makes a thread that ends at once; its number, which is one of the processes' too.
pub fn short_thread() -> io::Result<u64> {
    const FLAGS: libc::c_int = libc::CLONE_VM
        | libc::CLONE_VFORK
        | libc::CLONE_FS
        | libc::CLONE_FILES
        | libc::CLONE_SIGHAND
        | libc::CLONE_SYSVSEM
        | libc::CLONE_THREAD;
    let mut stack = [0_u128; 256];
    for _ in 0..AGAIN {
        // SAFETY: the caller waits (`CLONE_VFORK`) until the thread has left `stack`, of which this is the upper end,
        // and the thread does nothing but end.
        let made = unsafe {
            libc::clone(end_at_once, stack.as_mut_ptr_range().end.cast(), FLAGS, std::ptr::null_mut())
        };
        match check(made) {
            // Those before it are on their way out.
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => {
                std::thread::sleep(std::time::Duration::from_micros(100));
            }
            made => return made.map(|number| u64::from(number.unsigned_abs())),
        }
    }
    Err(io::Error::from_raw_os_error(libc::EAGAIN))
}

/// Uses a process number up without making a process: the kernel takes one, finds that it cannot hand out the descriptor it
/// was asked for, and makes nothing. That costs a third less than [`short_thread`]. Where there are no such descriptors, or the call
/// is refused, it may use up nothing.
pub fn skip_process_number() -> io::Result<()> {
    const FLAGS: libc::c_int = libc::CLONE_PIDFD
        | libc::CLONE_VM
        | libc::CLONE_VFORK
        | libc::CLONE_FS
        | libc::CLONE_FILES
        | libc::CLONE_SIGHAND
        | libc::CLONE_SYSVSEM;
    const NOWHERE: *mut libc::c_void = std::ptr::without_provenance_mut(1);
    let mut stack = [0_u128; 256];
    // SAFETY: nothing can be written to `NOWHERE`, so that no process is made; one that a kernel from before these descriptors made all
    // the same would end at once on a stack of its own, which the caller waits for (`CLONE_VFORK`).
    unsafe {
        libc::clone(end_at_once, stack.as_mut_ptr_range().end.cast(), FLAGS, std::ptr::null_mut(), NOWHERE)
    };
    Ok(())
}

extern "C" fn end_at_once(_: *mut libc::c_void) -> libc::c_int {
    // SAFETY: ends the calling thread, which owns nothing.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
    0
}

/// User + system time of this process, microseconds.
pub fn own_cpu_us() -> u64 {
    // SAFETY: an all-zero rusage is a valid value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: `usage` is valid to write to.
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) };
    micros(usage.ru_utime) + micros(usage.ru_stime)
}

/// A timeval in microseconds.
pub fn micros(time: libc::timeval) -> u64 {
    time.tv_sec.unsigned_abs() * 1_000_000 + time.tv_usec.unsigned_abs()
}

/// Number of cores this process may run on.
pub fn cores() -> u64 {
    // SAFETY: an all-zero cpu_set_t is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: `set` is valid for the size given.
    if unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) } != 0 {
        return 1024;
    }
    // SAFETY: `set` is a valid set.
    u64::from(unsafe { libc::CPU_COUNT(&set) }.unsigned_abs()).max(1)
}

/// The longest file this process may write, bytes.
pub fn file_size_limit() -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is valid to write to.
    match check(unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit) }) {
        Ok(_) => limit.rlim_cur,
        Err(_) => 0,
    }
}

/// An anonymous file in memory that can be sealed.
pub fn memory_file(name: &CStr) -> io::Result<OwnedFd> {
    // SAFETY: `name` is a NUL-terminated string.
    own(unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING) })
}

/// Makes a memory file unchangeable for good.
pub fn seal(fd: BorrowedFd<'_>) -> io::Result<()> {
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
    // SAFETY: F_ADD_SEALS takes a number and touches no memory.
    check(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_ADD_SEALS, seals) }).map(drop)
}

/// Copies `count` bytes at `offset` of one file to the position of another, inside the kernel.
pub fn copy_range(
    from: BorrowedFd<'_>,
    mut offset: i64,
    to: BorrowedFd<'_>,
    mut count: u64,
) -> io::Result<()> {
    while count > 0 {
        let step = usize::try_from(count).unwrap_or(usize::MAX).min(1 << 30);
        // SAFETY: `offset` is valid to read and write.
        let sent = unsafe { libc::sendfile(to.as_raw_fd(), from.as_raw_fd(), &raw mut offset, step) };
        match sent {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            1.. => count -= sent.unsigned_abs() as u64,
            _ => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}
