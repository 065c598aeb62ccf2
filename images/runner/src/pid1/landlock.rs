//! Files that a program may open: for writing those of the writable places and the devices, nothing below `/proc`; for
//! reading all but the counters of the control group.
//!
//! Those counters keep sums and peaks of all that ever ran in the sandbox: a program would learn from them what the
//! programs before it did. The group's limits, which runtimes fit themselves into, can be read.
//!
//! Of `/proc`, the program's own `oom_score_adj` is what matters: the runner raises it, so that the kernel takes the
//! program when memory is short, and a program that could lower it again could make the kernel take the runner, which
//! has the same uid. No file mode or mount tells the two apart; Landlock does (`landlock(7)`). Where the kernel has
//! none, or one that cannot allow moves between directories (before Linux 5.19), nothing is confined.

use std::ffi::{CStr, CString};
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use super::sys;

/// `LANDLOCK_ACCESS_FS_WRITE_FILE`.
const WRITE_FILE: u64 = 1 << 1;
/// `LANDLOCK_ACCESS_FS_READ_FILE`.
const READ_FILE: u64 = 1 << 2;
/// `LANDLOCK_ACCESS_FS_REFER`: links and moves between directories, denied unless it is allowed.
const REFER: u64 = 1 << 13;
const VERSION: libc::c_uint = 1;
const PATH_BENEATH: libc::c_int = 1;
/// The first version with [`REFER`].
const LEAST_VERSION: libc::c_long = 2;

/// Below these a program may open files for writing; `/dev` holds `/dev/shm` and `/dev/mqueue` too.
const WRITABLE: [&CStr; 3] = [c"/tmp", c"/app/work", c"/dev"];
/// And below this, where there is one: `/dev/stdout` is a FIFO there for either side of an interactive pair.
const PIPES: &CStr = c"/app/pipes";

/// Where control groups are shown, and below it what may be read all the same.
const GROUPS: &str = "/sys/fs/cgroup";
const LIMITS: [&str; 12] = [
    "cgroup.controllers",
    "cpu.max",
    "cpu/cpu.cfs_period_us",
    "cpu/cpu.cfs_quota_us",
    "cpu,cpuacct/cpu.cfs_period_us",
    "cpu,cpuacct/cpu.cfs_quota_us",
    "memory.high",
    "memory.max",
    "memory/memory.limit_in_bytes",
    "memory/memory.soft_limit_in_bytes",
    "pids.max",
    "pids/pids.max",
];

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct PathBeneath {
    allowed: u64,
    parent: libc::c_int,
}

/// A set of rules that a child can put on itself for good.
pub struct Confinement(OwnedFd);

impl Confinement {
    /// Makes the rules; `None` where the kernel does not offer them.
    pub fn new() -> Option<Self> {
        // SAFETY: no attributes are given, as asking for the version demands.
        let version = unsafe {
            libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u64>(), 0usize, VERSION)
        };
        if version < LEAST_VERSION {
            return None;
        }
        Self::make().ok()
    }

    fn make() -> io::Result<Self> {
        let handled = WRITE_FILE | READ_FILE | REFER;
        // SAFETY: `handled` is the first field of `struct landlock_ruleset_attr`, and the size says that no more is
        // given. The kernel makes the descriptor close-on-exec.
        let ruleset = unsafe {
            libc::syscall(libc::SYS_landlock_create_ruleset, &raw const handled, size_of::<u64>(), 0)
        };
        let ruleset = sys::dup_private(sys::own(ruleset as libc::c_int)?.as_fd())?;
        for path in WRITABLE.into_iter().chain([PIPES]) {
            allow(ruleset.as_fd(), path, handled, path == PIPES)?;
        }
        for path in readable()? {
            allow(ruleset.as_fd(), &path, READ_FILE, true)?;
        }
        Ok(Self(ruleset))
    }

    /// Confines the calling process and all its descendants. Needs `no_new_privs`.
    pub fn enter(&self) -> io::Result<()> {
        // SAFETY: landlock_restrict_self takes numbers only.
        let entered = unsafe { libc::syscall(libc::SYS_landlock_restrict_self, self.0.as_raw_fd(), 0) };
        sys::check(entered as libc::c_int).map(drop)
    }
}

/// Adds a rule for all that is at or below a path, which may be missing if it is `optional`.
fn allow(ruleset: BorrowedFd<'_>, path: &CStr, allowed: u64, optional: bool) -> io::Result<()> {
    // SAFETY: `path` is a NUL-terminated string.
    let opened = sys::own(unsafe { libc::open(path.as_ptr(), libc::O_PATH | libc::O_CLOEXEC) });
    let parent = match opened {
        Err(error) if optional && error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let rule = PathBeneath { allowed, parent: parent.as_raw_fd() };
    // SAFETY: `rule` is valid to read, and its descriptor open during the call.
    let added = unsafe {
        libc::syscall(libc::SYS_landlock_add_rule, ruleset.as_raw_fd(), PATH_BENEATH, &raw const rule, 0)
    };
    sys::check(added as libc::c_int).map(drop)
}

/// What may be read: rules only add, so these are all the neighbours of what may not.
fn readable() -> io::Result<Vec<CString>> {
    let mut paths = Vec::new();
    let mut above = PathBuf::from("/");
    for hidden in Path::new(GROUPS).components().skip(1) {
        match fs::read_dir(&above) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            entries => {
                for entry in entries? {
                    let entry = entry?;
                    if entry.file_name() != hidden.as_os_str() {
                        paths.push(entry.path());
                    }
                }
            }
        }
        above.push(hidden);
    }
    paths.extend(LIMITS.map(|limit| Path::new(GROUPS).join(limit)));
    paths.into_iter().map(|path| Ok(CString::new(path.into_os_string().into_encoded_bytes())?)).collect()
}
