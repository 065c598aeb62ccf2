//! What every sandbox's container looks like (docs/SECURITY.md), with no setting that weakens it.

use std::collections::HashMap;

use super::seccomp;
use crate::sandbox::PIPES;
use crate::settings::SandboxConfig;
use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigCgroupnsModeEnum, HostConfigLogConfig, Mount, MountType,
    ResourcesUlimits,
};

/// Names the worker whose sandbox it is.
pub const LABEL_WORKER: &str = "gavel.worker";
/// Names the worker process whose sandbox it is: a restarted worker sweeps what its former life left.
pub const LABEL_BOOT: &str = "gavel.boot";
/// What the sandbox is for.
pub const LABEL_PURPOSE: &str = "gavel.purpose";

const MIB: u64 = 1024 * 1024;

/// The first unprivileged user id given to a sandbox, and how many there are. Every sandbox has its own, so that
/// what the kernel counts per user (pipe pages, inotify watches) is not shared between submissions.
pub const FIRST_UID: u32 = 20_000;
/// See [`FIRST_UID`]; all ids stay below 65,536, where user namespace remapping ends.
pub const UIDS: u32 = 40_000;

/// What a sandbox is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// A compiler.
    Compile,
    /// A program.
    Run,
}

impl Purpose {
    /// The word in image names and labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Run => "run",
        }
    }
}

/// Whose sandbox it is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The worker's name.
    pub worker: String,
    /// Random, made anew at each start of the worker.
    pub boot: String,
}

/// A sandbox's share in the volume of an interactive pair.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PipesMount {
    /// The volume's name.
    pub volume: String,
    /// Whether the FIFOs are made from here: the interactor's side. The program's side changes nothing there.
    pub writable: bool,
}

/// What one sandbox is started from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SandboxSpec {
    /// The image, by tag.
    pub image: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Memory of everything in it, in MiB.
    pub memory_mb: u64,
    /// Processes and threads in it.
    pub processes: u64,
    /// Size of `/tmp`, in MiB.
    pub tmp_mb: u64,
    /// Size of `/app/work`, in MiB.
    pub work_mb: u64,
    /// The volume that joins it with another sandbox: interactive problems only.
    pub pipes: Option<PipesMount>,
    /// Whether what runs in it can read how the runner is kept in: for trying a sandbox out, never for a submission.
    pub shows_runner: bool,
}

/// The request that creates the container.
#[must_use]
pub fn create_body(
    spec: &SandboxSpec,
    identity: &Identity,
    config: &SandboxConfig,
    uid: u32,
) -> ContainerCreateBody {
    let labels = [
        (LABEL_WORKER, identity.worker.as_str()),
        (LABEL_BOOT, identity.boot.as_str()),
        (LABEL_PURPOSE, spec.purpose.as_str()),
    ];
    ContainerCreateBody {
        image: Some(spec.image.clone()),
        user: Some(format!("{uid}:{uid}")),
        hostname: Some("sandbox".to_owned()),
        working_dir: Some("/app/work".to_owned()),
        labels: Some(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
        network_disabled: Some(true),
        // Attached and once: when the worker dies, the runner reads end of file and the container ends by itself.
        open_stdin: Some(true),
        stdin_once: Some(true),
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        attach_stderr: Some(false),
        tty: Some(false),
        host_config: Some(host_config(spec, config, uid)),
        ..ContainerCreateBody::default()
    }
}

fn host_config(spec: &SandboxSpec, config: &SandboxConfig, uid: u32) -> HostConfig {
    let memory = Some(signed(spec.memory_mb * MIB));
    // The project's own filter of system calls, stricter than Docker's default.
    let seccomp = format!("seccomp={}", seccomp::profile(spec.purpose));
    HostConfig {
        auto_remove: Some(true),
        init: Some(false),
        privileged: Some(false),
        readonly_rootfs: Some(true),
        cap_drop: Some(vec!["ALL".to_owned()]),
        security_opt: Some(vec!["no-new-privileges:true".to_owned(), seccomp]),
        network_mode: Some("none".to_owned()),
        ipc_mode: Some("private".to_owned()),
        cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
        masked_paths: Some(masked(spec)),
        runtime: (!config.runtime.is_empty()).then(|| config.runtime.clone()),
        memory,
        // Equal to memory: no swap.
        memory_swap: memory,
        pids_limit: Some(signed(spec.processes + RUNNER_PROCESSES)),
        ulimits: Some(vec![
            ulimit("core", 0, 0),
            ulimit("nofile", 1024, 1024),
            ulimit("fsize", file_size(spec), file_size(spec)),
            // The runner sets the soft limit by the program's memory limit: deep recursion is limited by memory. The
            // hard one is open, for programs ask for an unlimited stack and take a refusal for an error.
            ulimit("stack", 8 * signed(MIB), UNLIMITED),
        ]),
        log_config: Some(HostConfigLogConfig { typ: Some("none".to_owned()), config: None }),
        tmpfs: Some(HashMap::from([
            ("/app/work".to_owned(), tmpfs("noexec", spec.work_mb, config.inodes, uid)),
            ("/tmp".to_owned(), tmpfs("exec", spec.tmp_mb, config.inodes, uid)),
            ("/dev/shm".to_owned(), tmpfs("noexec", SHM_MB, SHM_INODES, uid)),
            // In place of Docker's own: no terminal can be made.
            ("/dev/pts".to_owned(), "ro,noexec,nosuid,nodev,size=4k,nr_inodes=1".to_owned()),
        ])),
        mounts: spec.pipes.as_ref().map(|pipes| vec![pipes_mount(pipes)]),
        ..HostConfig::default()
    }
}

/// Files that tell of the whole machine, and so what a neighbour does: the first dozen is what newer Docker Engines mask by
/// themselves, and a list of one's own replaces theirs. What a path names that is not there is left out.
const MASKED: [&str; 40] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
    "/proc/buddyinfo",
    "/proc/cgroups",
    "/proc/cmdline",
    "/proc/diskstats",
    "/proc/fs",
    "/proc/irq",
    "/proc/key-users",
    "/proc/loadavg",
    "/proc/locks",
    "/proc/modules",
    "/proc/pagetypeinfo",
    "/proc/partitions",
    "/proc/pressure",
    "/proc/schedstat",
    "/proc/softirqs",
    "/proc/stat",
    "/proc/swaps",
    "/proc/sys/fs/file-nr",
    "/proc/sys/fs/inode-nr",
    "/proc/sys/fs/inode-state",
    "/proc/sys/fs/quota",
    "/proc/sys/kernel/pty",
    "/proc/uptime",
    "/proc/vmstat",
    "/proc/zoneinfo",
    // Landlock hides all of it but a few files; this is for where there is none.
    "/sys/devices/system/node",
    "/sys/fs/ext4",
    "/sys/kernel/irq",
];
/// What PID 1's accounts tell of the programs that ran before: sums and peaks that nobody can set back.
const MASKED_OF_RUNNER: [&str; 12] = [
    "/proc/1/oom_score",
    "/proc/1/sched",
    "/proc/1/schedstat",
    "/proc/1/stat",
    "/proc/1/statm",
    "/proc/1/status",
    "/proc/1/task/1/oom_score",
    "/proc/1/task/1/sched",
    "/proc/1/task/1/schedstat",
    "/proc/1/task/1/stat",
    "/proc/1/task/1/statm",
    "/proc/1/task/1/status",
];
/// The runner itself is one of the container's processes.
const RUNNER_PROCESSES: u64 = 1;
/// How Docker writes a limit that is none.
const UNLIMITED: i64 = -1;
const SHM_MB: u64 = 16;
const SHM_INODES: u64 = 256;

fn masked(spec: &SandboxSpec) -> Vec<String> {
    let of_runner = MASKED_OF_RUNNER.into_iter().filter(|_| !spec.shows_runner);
    MASKED.into_iter().chain(of_runner).map(str::to_owned).collect()
}

/// No file is larger than the larger of the two places files can be in.
fn file_size(spec: &SandboxSpec) -> i64 {
    signed(spec.tmp_mb.max(spec.work_mb) * MIB)
}

fn tmpfs(exec: &str, size_mb: u64, inodes: u64, uid: u32) -> String {
    format!("rw,{exec},nosuid,nodev,size={size_mb}m,nr_inodes={inodes},mode=0700,uid={uid},gid={uid}")
}

fn ulimit(name: &str, soft: i64, hard: i64) -> ResourcesUlimits {
    ResourcesUlimits { name: Some(name.to_owned()), soft: Some(soft), hard: Some(hard) }
}

fn pipes_mount(pipes: &PipesMount) -> Mount {
    Mount {
        typ: Some(MountType::VOLUME),
        source: Some(pipes.volume.clone()),
        target: Some(PIPES.to_owned()),
        // A FIFO on a read-only mount can be opened for writing all the same.
        read_only: Some(!pipes.writable),
        ..Mount::default()
    }
}

/// Docker counts in signed numbers; none of ours comes near the border.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
