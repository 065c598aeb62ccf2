//! Files that a program may open: for writing those of the writable places and the devices, nothing below `/proc`; for
//! reading all but `/sys`, and of that what runtimes fit themselves into: limits and cores.
//!
//! The rest of it counts. The control group keeps sums and peaks of all that ever ran in the sandbox: a program would
//! learn from them what the programs before it did. Devices, interrupts and the memory of nodes are the machine's: a
//! program would learn what its neighbours do.
//!
//! Of `/proc`, the program's own `oom_score_adj` is what matters: the runner raises it, so that the kernel takes the
//! program when memory is short, and a program that could lower it again could make the kernel take the runner, which
//! has the same uid. No file mode or mount tells the two apart; Landlock does (`landlock(7)`). Where the kernel has
//! none, or one that cannot allow moves between directories (before Linux 5.19), nothing is confined.

use std::ffi::{CStr, CString};
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

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

/// What counts, and of it what may be read all the same.
const SYS: &str = "sys";
const READABLE: [&CStr; 18] = [
    c"/sys/devices/system/cpu/kernel_max",
    c"/sys/devices/system/cpu/online",
    c"/sys/devices/system/cpu/possible",
    c"/sys/devices/system/cpu/present",
    c"/sys/fs/cgroup/cgroup.controllers",
    c"/sys/fs/cgroup/cpu.max",
    c"/sys/fs/cgroup/cpu/cpu.cfs_period_us",
    c"/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    c"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us",
    c"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us",
    c"/sys/fs/cgroup/memory.high",
    c"/sys/fs/cgroup/memory.max",
    c"/sys/fs/cgroup/memory/memory.limit_in_bytes",
    c"/sys/fs/cgroup/memory/memory.soft_limit_in_bytes",
    c"/sys/fs/cgroup/pids.max",
    c"/sys/fs/cgroup/pids/pids.max",
    c"/sys/kernel/mm/transparent_hugepage/enabled",
    c"/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
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
        for path in beside_sys()? {
            allow(ruleset.as_fd(), &path, READ_FILE, true)?;
        }
        for path in READABLE {
            allow(ruleset.as_fd(), path, READ_FILE, true)?;
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

/// Rules only add, so what is not hidden is named: all that lies beside it.
fn beside_sys() -> io::Result<Vec<CString>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir("/")? {
        let entry = entry?;
        if entry.file_name() != SYS {
            paths.push(CString::new(entry.path().into_os_string().into_encoded_bytes())?);
        }
    }
    Ok(paths)
}
