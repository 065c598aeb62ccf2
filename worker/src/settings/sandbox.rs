//! `[sandbox]`: sizes of the containers. Nothing here can weaken what keeps programs in.

use std::time::Duration;

use gavel_platform::settings::Require;
use serde::{Deserialize, Serialize};

/// The containers programs run in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SandboxConfig {
    /// The Docker Engine: `unix:///path` or `tcp://host:port`; empty: `DOCKER_HOST`, or the usual socket.
    pub docker: String,
    /// The OCI runtime, for example `runsc`; empty: the engine's own.
    pub runtime: String,
    /// Size of `/tmp` in a run sandbox, in MiB. What is in it counts as memory.
    pub tmp_mb: u64,
    /// Size of `/tmp` in a compile sandbox, in MiB.
    pub compile_tmp_mb: u64,
    /// Size of `/app/work`, in MiB.
    pub work_mb: u64,
    /// Files and folders that each of them may hold.
    pub inodes: u64,
    /// What a run sandbox's memory limit is above the program's: the runner, the artifact, files in tmpfs and standard
    /// input held as a file, in MiB. The program does not get it: its limit is enforced by the runner.
    pub overhead_mb: u64,
    /// How long a call to the Docker Engine may take.
    #[serde(with = "humantime_serde")]
    pub engine_timeout: Duration,
    /// Limits of a compilation.
    pub compile: CompileConfig,
    /// Sandboxes started before they are needed.
    pub pool: PoolConfig,
}

/// `[sandbox.compile]`: limits of a compilation, where the language does not state its own. By default those of the
/// Kattis package format, 60 s and 2 GiB: a table of some thousand initialised objects wants them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct CompileConfig {
    /// CPU time of the compiler and its children, in milliseconds.
    pub cpu_ms: u64,
    /// Wall-clock time, in milliseconds.
    pub wall_ms: u64,
    /// Memory, in MiB.
    pub memory_mb: u64,
    /// Processes and threads.
    pub processes: u64,
    /// The largest artifact, in MiB.
    pub artifact_mb: u64,
}

/// `[sandbox.pool]`: how many sandboxes wait, started and ready.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolConfig {
    /// Per image, at least.
    pub min: usize,
    /// Per image, at most; demand moves it between the two.
    pub max: usize,
    /// How long an image must go unused before its waiting sandboxes shrink to `min`.
    #[serde(with = "humantime_serde")]
    pub idle: Duration,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            docker: String::new(),
            runtime: String::new(),
            tmp_mb: 64,
            compile_tmp_mb: 512,
            work_mb: 64,
            inodes: 8_192,
            overhead_mb: 128,
            engine_timeout: Duration::from_secs(30),
            compile: CompileConfig::default(),
            pool: PoolConfig::default(),
        }
    }
}

impl Default for CompileConfig {
    fn default() -> Self {
        Self { cpu_ms: 60_000, wall_ms: 121_000, memory_mb: 2048, processes: 256, artifact_mb: 64 }
    }
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self { min: 1, max: 4, idle: Duration::from_secs(60) }
    }
}

impl SandboxConfig {
    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        let PoolConfig { min, max, .. } = self.pool;
        require(min <= max, "sandbox.pool.min", "must not be above sandbox.pool.max");
        require(max > 0, "sandbox.pool.max", "must be at least 1");
        require(self.overhead_mb >= 16, "sandbox.overhead_mb", "must be at least 16");
    }
}
