//! `[sandbox]`: sizes of the containers. Nothing here can weaken what keeps programs in.

use std::time::Duration;

use gavel_model::Lane;
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
    /// How many submissions a sandbox serves, one after the other, as long as it is proven blank in between; 1: one
    /// each.
    pub uses: u32,
    /// The same for the submissions of one lane.
    pub uses_by_lane: LaneUses,
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

/// `[sandbox.uses_by_lane]`: `sandbox.uses` of a lane's submissions; 0: as `sandbox.uses`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LaneUses {
    /// Of contests.
    pub contest: u32,
    /// Of practice.
    pub practice: u32,
    /// Of rejudgings.
    pub rejudge: u32,
}

/// `[sandbox.pool]`: how many sandboxes there are, of all images together.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolConfig {
    /// How many of each image wait even if nobody has used it lately, as far as the budget goes.
    pub min: usize,
    /// How many there are in all, but for those that submissions need at this moment; 0: four for each slot, and eight.
    pub max: usize,
    /// What those that wait may hold, in MiB, reckoned with [`WAITING_MB`] each; 0: as much as `max` of them do.
    pub memory_mb: u64,
    /// For how long demand is remembered: an image that goes unused for so long has only `min` that wait.
    #[serde(with = "humantime_serde")]
    pub idle: Duration,
}

/// What a waiting sandbox holds, in MiB: its runner and the engine's process beside it (docs/OPERATIONS.md, "Sizing").
pub const WAITING_MB: u64 = 15;

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
            uses: 50,
            uses_by_lane: LaneUses::default(),
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
        Self { min: 0, max: 0, memory_mb: 0, idle: Duration::from_secs(600) }
    }
}

impl PoolConfig {
    /// How many sandboxes a worker of so many slots has at most, but for those that submissions need.
    #[must_use]
    pub fn budget(&self, slots: usize) -> usize {
        let by_count = if self.max == 0 { slots * 4 + 8 } else { self.max };
        let by_memory = usize::try_from(self.memory_mb / WAITING_MB).unwrap_or(usize::MAX);
        if self.memory_mb == 0 { by_count } else { by_count.min(by_memory) }
    }
}

impl SandboxConfig {
    /// How many submissions a sandbox may serve, of which the last is of this lane.
    #[must_use]
    pub const fn uses_of(&self, lane: Lane) -> u32 {
        let LaneUses { contest, practice, rejudge } = self.uses_by_lane;
        let own = match lane {
            Lane::Contest => contest,
            Lane::Practice => practice,
            Lane::Rejudge => rejudge,
        };
        if own == 0 { self.uses } else { own }
    }

    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        require(self.uses > 0, "sandbox.uses", "must be at least 1");
        let PoolConfig { memory_mb, .. } = self.pool;
        require(
            memory_mb == 0 || memory_mb >= WAITING_MB,
            "sandbox.pool.memory_mb",
            "must be 0 or at least 15",
        );
        require(self.overhead_mb >= 16, "sandbox.overhead_mb", "must be at least 16");
    }
}
