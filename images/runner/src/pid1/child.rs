//! The child between fork and exec: it gives up everything of the runner, then becomes the program.

use std::ffi::{CString, c_char};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use gavel_runner::ExecSpec;

use super::filter::Filter;
use super::landlock::Confinement;
use super::sys::{self, check};

/// A step that can fail, by its number in the report.
const STEPS: [&str; 15] = [
    "setsid",
    "standard streams",
    "oom_score_adj",
    "RLIMIT_CORE",
    "RLIMIT_STACK",
    "RLIMIT_FSIZE",
    "RLIMIT_AS",
    "signals",
    "no_new_privs",
    "landlock",
    "sched_setaffinity",
    "chdir",
    "close_range",
    "seccomp",
    "execve",
];

/// Everything the child needs, made before the fork.
pub struct Plan<'a> {
    program: CString,
    argv: Strings,
    envp: Strings,
    cwd: CString,
    streams: [OwnedFd; 3],
    stack_bytes: u64,
    file_bytes: u64,
    address_space_bytes: Option<u64>,
    cores: Option<libc::cpu_set_t>,
    filter: Filter,
    confinement: Option<&'a Confinement>,
    report: OwnedFd,
}

/// What the child said before it became the program, or failed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Just before exec.
    pub started_ns: u64,
    /// Which step failed, with its error number.
    pub failure: Option<(&'static str, i32)>,
}

impl Report {
    /// Reads what [`Plan::run`] wrote: the time, then perhaps a step and an error number.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (started, rest) = bytes.split_first_chunk::<8>()?;
        let failure = rest.split_first_chunk::<4>().and_then(|(errno, step)| {
            let step = STEPS.get(usize::from(*step.first()?))?;
            Some((*step, i32::from_ne_bytes(*errno)))
        });
        Some(Self { started_ns: u64::from_ne_bytes(*started), failure })
    }
}

impl<'a> Plan<'a> {
    /// Checks and copies what was asked for. `streams` become 0, 1 and 2; `report` carries a [`Report`].
    pub fn new(
        spec: &ExecSpec,
        streams: [OwnedFd; 3],
        report: OwnedFd,
        confinement: Option<&'a Confinement>,
    ) -> io::Result<Self> {
        let Some(program) = spec.argv.first() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "argv is empty"));
        };
        let env = spec.env.iter().map(|(name, value)| format!("{name}={value}"));
        Ok(Self {
            program: CString::new(find(program, &spec.env))?,
            argv: Strings::new(spec.argv.iter().cloned())?,
            envp: Strings::new(env)?,
            cwd: CString::new(spec.cwd.as_str())?,
            streams,
            stack_bytes: spec.stack_bytes,
            file_bytes: spec.file_bytes,
            address_space_bytes: spec.address_space_bytes,
            cores: cpu_set(&spec.cores)?,
            filter: Filter::new(),
            confinement,
            report,
        })
    }

    /// Becomes the program. Only for a process that was just forked.
    pub fn run(&self) -> ! {
        let (step, error) = self.become_program();
        let errno = error.raw_os_error().unwrap_or(0).to_ne_bytes();
        if step + 1 < STEPS.len() {
            self.tell(&0u64.to_ne_bytes());
        }
        self.tell(&errno);
        self.tell(&[step as u8]);
        // SAFETY: _exit ends the process without running anything of the parent's.
        unsafe { libc::_exit(127) }
    }

    fn become_program(&self) -> (usize, io::Error) {
        let steps: [&dyn Fn() -> io::Result<()>; 14] = [
            // SAFETY: setsid takes nothing.
            &|| check(unsafe { libc::setsid() }).map(drop),
            &|| (0..).zip(&self.streams).try_for_each(|(number, fd)| sys::dup_onto(fd.as_fd(), number)),
            &first_to_die,
            &|| limit(libc::RLIMIT_CORE, |_| libc::rlimit { rlim_cur: 0, rlim_max: 0 }),
            &|| {
                let soft = |old: libc::rlimit| self.stack_bytes.min(old.rlim_max);
                limit(libc::RLIMIT_STACK, |old| libc::rlimit { rlim_cur: soft(old), ..old })
            },
            &|| {
                let longest = |old: libc::rlimit| self.file_bytes.min(old.rlim_max);
                limit(libc::RLIMIT_FSIZE, |old| libc::rlimit {
                    rlim_cur: longest(old),
                    rlim_max: longest(old),
                })
            },
            &|| self.address_space_bytes.map_or(Ok(()), bound_address_space),
            &default_signals,
            // SAFETY: PR_SET_NO_NEW_PRIVS takes numbers only.
            &|| check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }).map(drop),
            &|| self.confinement.map_or(Ok(()), Confinement::enter),
            &|| self.cores.as_ref().map_or(Ok(()), pin),
            // SAFETY: `cwd` is a NUL-terminated string.
            &|| check(unsafe { libc::chdir(self.cwd.as_ptr()) }).map(drop),
            &close_the_rest,
            &|| self.filter.install(),
        ];
        for (number, step) in steps.iter().enumerate() {
            if let Err(error) = step() {
                return (number, error);
            }
        }
        self.tell(&sys::monotonic_ns().to_ne_bytes());
        let (argv, envp) = (&self.argv.pointers, &self.envp.pointers);
        // SAFETY: all three are NUL-terminated strings or null-terminated arrays of them, owned by `self`.
        unsafe { libc::execve(self.program.as_ptr(), argv.as_ptr(), envp.as_ptr()) };
        (steps.len(), io::Error::last_os_error())
    }

    /// Writes to the report pipe, which is empty and takes 16 bytes without waiting.
    fn tell(&self, bytes: &[u8]) {
        // SAFETY: `bytes` is valid for its length.
        unsafe { libc::write(self.report.as_raw_fd(), bytes.as_ptr().cast(), bytes.len()) };
    }
}

/// A program without a slash is looked for in the `PATH` of its own environment, in absolute directories only.
fn find(program: &str, env: &[(String, String)]) -> String {
    let path = env.iter().find(|(name, _)| name == "PATH").map_or("", |(_, value)| value);
    let candidates = path.split(':').filter(|dir| dir.starts_with('/')).map(|dir| format!("{dir}/{program}"));
    let found = candidates.into_iter().find(|path| !program.contains('/') && Path::new(path).is_file());
    found.unwrap_or_else(|| program.to_owned())
}

/// Makes the kernel prefer this process over PID 1 when memory is short; [`Confinement`] makes it last.
fn first_to_die() -> io::Result<()> {
    // What PID 1 is not, the child must be for a moment: the /proc files of a non-dumpable process belong to root.
    // No other process exists that could use it; exec sets the value for the program by the kernel's own rules.
    // SAFETY: PR_SET_DUMPABLE takes numbers only.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) })?;
    std::fs::write("/proc/self/oom_score_adj", "1000")
}

/// The type of `RLIMIT_*`, which differs between C libraries.
#[cfg(target_env = "gnu")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
type Resource = libc::c_int;

/// Sets a limit made from the one that is there.
fn limit(which: Resource, make: impl Fn(libc::rlimit) -> libc::rlimit) -> io::Result<()> {
    let mut old = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `old` is valid to write to.
    check(unsafe { libc::getrlimit(which, &raw mut old) })?;
    let new = make(old);
    // SAFETY: `new` is valid to read.
    check(unsafe { libc::setrlimit(which, &raw const new) }).map(drop)
}

/// For good: what the program asks for beyond it is refused. This process is far below the least that a worker asks for.
fn bound_address_space(bytes: u64) -> io::Result<()> {
    let least = |old: libc::rlimit| bytes.min(old.rlim_max);
    limit(libc::RLIMIT_AS, |old| libc::rlimit { rlim_cur: least(old), rlim_max: least(old) })
}

/// Default actions, nothing blocked.
fn default_signals() -> io::Result<()> {
    // SAFETY: SIG_DFL installs no code.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    // SAFETY: an all-zero sigset_t is the empty set on Linux.
    let none: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: `none` is a valid set; the old one is not asked for.
    check(unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut()) }).map(drop)
}

fn pin(cores: &libc::cpu_set_t) -> io::Result<()> {
    // SAFETY: `cores` is valid for the size given.
    check(unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), cores) }).map(drop)
}

/// Closes all but 0, 1 and 2 on exec: a belt, for every descriptor of the runner is made that way.
fn close_the_rest() -> io::Result<()> {
    const CLOEXEC: libc::c_uint = libc::CLOSE_RANGE_CLOEXEC;
    // SAFETY: close_range takes numbers only, and with this flag closes nothing yet.
    if unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, CLOEXEC) } == 0 {
        return Ok(());
    }
    // Linux before 5.11, or a profile that does not know the call.
    for fd in 3..1024 {
        // SAFETY: F_SETFD takes numbers only; a number that is not open is refused.
        unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    Ok(())
}

/// The set of the named cores; `None` when none is named.
fn cpu_set(cores: &[u32]) -> io::Result<Option<libc::cpu_set_t>> {
    // SAFETY: an all-zero cpu_set_t is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    for core in cores {
        let core = *core as usize;
        if core >= libc::CPU_SETSIZE as usize {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("no core {core}")));
        }
        // SAFETY: `set` is valid and `core` within its size.
        unsafe { libc::CPU_SET(core, &mut set) };
    }
    Ok((!cores.is_empty()).then_some(set))
}

/// Strings with the null-terminated array of pointers that exec wants.
struct Strings {
    /// Keeps alive what `pointers` point to.
    _owned: Vec<CString>,
    pointers: Vec<*const c_char>,
}

impl Strings {
    fn new(strings: impl Iterator<Item = String>) -> io::Result<Self> {
        let owned = strings.map(CString::new).collect::<Result<Vec<_>, _>>()?;
        let mut pointers: Vec<_> = owned.iter().map(|string| string.as_ptr()).collect();
        pointers.push(std::ptr::null());
        Ok(Self { _owned: owned, pointers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_found_in_the_programs_own_path() {
        let env = vec![("PATH".to_owned(), "relative:/nowhere:/bin".to_owned())];
        assert_eq!(find("sh", &env), "/bin/sh");
        assert_eq!(find("./sh", &env), "./sh");
        assert_eq!(find("sh", &[]), "sh");
    }

    #[test]
    fn a_report_says_when_it_began_or_what_failed() {
        assert_eq!(Report::parse(&[]), None);
        let mut bytes = 5u64.to_ne_bytes().to_vec();
        assert_eq!(Report::parse(&bytes), Some(Report { started_ns: 5, failure: None }));
        bytes.extend(libc::ENOENT.to_ne_bytes());
        bytes.push(14);
        let failure = Some(("execve", libc::ENOENT));
        assert_eq!(Report::parse(&bytes), Some(Report { started_ns: 5, failure }));
    }
}
