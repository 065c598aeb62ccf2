//! The control group's counters, and the fallback where there are none.

use std::fs::File;
use std::os::unix::fs::FileExt;

use gavel_runner::Cgroup;

use super::reads::Reads;
use super::sys;

/// Where v1 hierarchies put the CPU controller's files.
const CPU_V1: [&str; 3] = [
    "/sys/fs/cgroup/cpuacct/cpuacct.usage",
    "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage",
    "/sys/fs/cgroup/cpu/cpuacct.usage",
];

/// Open counters of this container's control group.
pub struct Meter {
    /// Which hierarchy they belong to.
    pub version: Cgroup,
    cpu: Option<File>,
    oom: Option<File>,
    memory: Option<File>,
    most_memory: Option<File>,
    memory_stat: Option<File>,
    memory_limit: Option<File>,
    kernel: Option<File>,
    names: Option<File>,
    reads: Option<Reads>,
}

/// Counters at one moment; `None` is "cannot be read", never zero.
#[derive(Clone, Copy)]
pub struct Reading {
    /// CPU time of the control group without the runner's own, microseconds.
    pub cpu_us: Option<u64>,
    /// Processes killed for memory.
    pub oom_kills: Option<u64>,
    /// Bytes that the processes read which have ended and were waited for.
    pub read_bytes: Option<u64>,
}

/// See [`Meter::names`].
#[derive(Clone, Copy)]
pub struct Names {
    /// The kernel's own memory of the control group.
    pub kernel: u64,
    /// Unused names of the machine.
    pub unused: u64,
}

/// `sizeof(struct dentry)` on a 64-bit machine.
const DENTRY: u64 = 192;

impl Meter {
    /// Opens what can be opened.
    pub fn open(reads: Option<Reads>) -> Self {
        if std::fs::exists("/sys/fs/cgroup/cgroup.controllers").unwrap_or(false) {
            return Self {
                version: Cgroup::V2,
                cpu: open("/sys/fs/cgroup/cpu.stat"),
                oom: open("/sys/fs/cgroup/memory.events"),
                memory: open("/sys/fs/cgroup/memory.current"),
                most_memory: open("/sys/fs/cgroup/memory.peak"),
                memory_stat: open("/sys/fs/cgroup/memory.stat"),
                memory_limit: open("/sys/fs/cgroup/memory.max"),
                kernel: None,
                names: None,
                reads,
            };
        }
        let cpu = CPU_V1.iter().find_map(|path| open(path));
        let oom = open("/sys/fs/cgroup/memory/memory.oom_control");
        let version = if cpu.is_some() || oom.is_some() { Cgroup::V1 } else { Cgroup::Unknown };
        let memory = open("/sys/fs/cgroup/memory/memory.usage_in_bytes");
        let most_memory = open("/sys/fs/cgroup/memory/memory.max_usage_in_bytes");
        let memory_stat = open("/sys/fs/cgroup/memory/memory.stat");
        let memory_limit = open("/sys/fs/cgroup/memory/memory.limit_in_bytes");
        let kernel = open("/sys/fs/cgroup/memory/memory.kmem.usage_in_bytes");
        let names = open("/proc/sys/fs/dentry-state");
        Self { version, cpu, oom, memory, most_memory, memory_stat, memory_limit, kernel, names, reads }
    }

    /// Reads all counters.
    pub fn read(&self) -> Reading {
        Reading { cpu_us: self.cpu_us(), oom_kills: self.oom_kills(), read_bytes: self.read_bytes() }
    }

    /// CPU time of the control group without the runner's own, microseconds.
    pub fn cpu_us(&self) -> Option<u64> {
        let text = Text::read(self.cpu.as_ref()?)?;
        let all_us = match self.version {
            Cgroup::V2 => text.field("usage_usec")?,
            _ => text.number()? / 1000,
        };
        Some(all_us.saturating_sub(sys::own_cpu_us()))
    }

    /// Memory that the control group holds, bytes: processes, files of tmpfs and memory files, what the kernel keeps
    /// for them, and [`Meter::cached_files`]. Where there is none to ask, what the processes hold.
    pub fn memory(&self) -> Option<u64> {
        match &self.memory {
            Some(file) => Text::read(file)?.number(),
            None => Some(living_memory()),
        }
    }

    /// The most that [`Meter::memory`] ever was; `None` where nobody notes it.
    pub fn most_memory(&self) -> Option<u64> {
        Text::read(self.most_memory.as_ref()?)?.number()
    }

    /// The part of [`Meter::memory`] that is a copy of the image's read-only files, and names of them: who happens to
    /// read a file first is charged for it.
    pub fn cached_files(&self) -> Option<u64> {
        let text = Text::read(self.memory_stat.as_ref()?)?;
        let cached = text.field("active_file")? + text.field("inactive_file")?;
        // v1 does not tell: see `names`.
        Some(cached + text.field("slab_reclaimable").unwrap_or(0))
    }

    /// What v1 charges for the kernel's own memory, and what the kernel holds of names that nobody uses, both in bytes.
    /// The names are those of the whole machine, so only their growth means something.
    pub fn names(&self) -> Option<Names> {
        let kernel = Text::read(self.kernel.as_ref()?)?.number()?;
        let text = Text::read(self.names.as_ref()?)?;
        let unused: u64 = text.as_str()?.split_ascii_whitespace().nth(1)?.parse().ok()?;
        Some(Names { kernel, unused: unused * DENTRY })
    }

    /// What the control group may hold at most, bytes; `None` for no limit that can be read.
    pub fn memory_limit(&self) -> Option<u64> {
        Text::read(self.memory_limit.as_ref()?)?.number()
    }

    fn read_bytes(&self) -> Option<u64> {
        let Reads { all, own } = self.reads.as_ref()?;
        // In this order: what is read for it in between is not taken for somebody else's.
        let (all, own) = (Text::read(all)?.field("rchar:")?, Text::read(own)?.field("rchar:")?);
        Some(all.saturating_sub(own))
    }

    fn oom_kills(&self) -> Option<u64> {
        Text::read(self.oom.as_ref()?)?.field("oom_kill")
    }
}

/// CPU time of every living process but this one and of the children they waited for, microseconds, in steps of
/// a clock tick: what is left where the control group cannot be read.
pub fn living_cpu_us() -> u64 {
    let Ok(entries) = std::fs::read_dir("/proc") else { return 0 };
    let ticks: u64 = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| *pid != 1)
        .filter_map(|pid| Text::read(&open(&format!("/proc/{pid}/stat"))?)?.ticks())
        .sum();
    // SAFETY: sysconf takes a number and touches no memory.
    let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    ticks * 1_000_000 / u64::try_from(per_second).unwrap_or(100).max(1)
}

/// Resident memory of every living process but this one, bytes, what may be shared counted once: what is left where
/// the control group cannot be read.
fn living_memory() -> u64 {
    let Ok(entries) = std::fs::read_dir("/proc") else { return 0 };
    let (own, shared) = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| *pid != 1)
        .filter_map(|pid| Text::read(&open(&format!("/proc/{pid}/statm"))?)?.resident_pages())
        .fold((0, 0), |(own, most), (resident, shared)| {
            (own + resident.saturating_sub(shared), shared.max(most))
        });
    // SAFETY: sysconf takes a number and touches no memory.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    (own + shared) * u64::try_from(page).unwrap_or(4096)
}

fn open(path: &str) -> Option<File> {
    File::open(path).ok()
}

/// A small kernel file, read in one go from its beginning.
struct Text {
    bytes: [u8; 2048],
    length: usize,
}

impl Text {
    fn read(file: &File) -> Option<Self> {
        let mut bytes = [0; 2048];
        let length = file.read_at(&mut bytes, 0).ok()?;
        Some(Self { bytes, length })
    }

    fn as_str(&self) -> Option<&str> {
        str::from_utf8(self.bytes.get(..self.length)?).ok()
    }

    /// All of it as one number.
    fn number(&self) -> Option<u64> {
        self.as_str()?.trim().parse().ok()
    }

    /// Resident pages and those of them that may be shared: second and third field of `/proc/[pid]/statm`.
    fn resident_pages(&self) -> Option<(u64, u64)> {
        let mut fields = self.as_str()?.split_ascii_whitespace().skip(1).map(str::parse);
        Some((fields.next()?.ok()?, fields.next()?.ok()?))
    }

    /// The number after a name at the beginning of a line.
    fn field(&self, name: &str) -> Option<u64> {
        self.as_str()?
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
    }

    /// utime + stime + cutime + cstime of `/proc/[pid]/stat`: fields 14 to 17, counted after the command name,
    /// which may hold any bytes and ends at the last parenthesis.
    fn ticks(&self) -> Option<u64> {
        let bytes = self.bytes.get(..self.length)?;
        let end = bytes.iter().rposition(|byte| *byte == b')')?;
        let rest = str::from_utf8(bytes.get(end + 1..)?).ok()?;
        rest.split_ascii_whitespace().skip(11).take(4).map(|field| field.parse::<u64>().ok()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: &[u8]) -> Text {
        let mut bytes = [0; 2048];
        bytes[..content.len()].copy_from_slice(content);
        Text { bytes, length: content.len() }
    }

    #[test]
    fn reads_fields_of_both_hierarchies() {
        let v2 = text(b"usage_usec 1234\nuser_usec 1000\nsystem_usec 234\n");
        assert_eq!(v2.field("usage_usec"), Some(1234));
        assert_eq!(v2.field("usage"), None);
        let events = text(b"low 0\noom 3\noom_kill 2\noom_group_kill 1\n");
        assert_eq!(events.field("oom_kill"), Some(2));
        let v1 = text(b"oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
        assert_eq!(v1.field("oom_kill"), Some(5));
        assert_eq!(text(b"rchar: 7\nwchar: 9\n").field("rchar:"), Some(7));
        assert_eq!(text(b"").field("oom_kill"), None, "unreadable is not zero");
        assert_eq!(text(b"1150976\n").number(), Some(1_150_976));
        assert_eq!(text(b"max\n").number(), None, "no limit");
        assert_eq!(text(b"4352 271 206 10 0 112 0\n").resident_pages(), Some((271, 206)));
    }

    #[test]
    fn a_hostile_command_name_does_not_shift_the_fields() {
        let stat = text(b"7 (a) R 1 (\xff) S 1 7 7 0 -1 4194304 1 2 3 4 11 22 33 44 20 0 1 0 9 0 0");
        assert_eq!(stat.ticks(), Some(110));
    }
}
