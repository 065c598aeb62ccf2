//! What a worker measures.

use gavel_model::language::LanguageLabel;
use gavel_model::{Lane, Verdict};

use crate::protection::Protection;

gavel_platform::metrics! {
    /// What a worker measures.
    pub struct WorkerMetrics {
        counter submissions(lane: Lane, language: &LanguageLabel, verdict: Verdict) = "gavel_submissions_total", "Judged submissions";
        counter canceled(when: CanceledWhen) = "gavel_canceled_total", "Submissions dropped since they were canceled";
        histogram stage_seconds(stage: Stage, language: &LanguageLabel) = "gavel_stage_seconds", "Time of one stage of a submission";
        histogram queue_wait_seconds(lane: Lane) = "gavel_queue_wait_seconds", "From acceptance to the begin of judging";
        gauge slots(state: SlotState) = "gavel_slots", "Slots by state";
        gauge sandboxes(image: &ImageLabel, state: SandboxState) = "gavel_sandboxes", "Sandboxes by image and state";
        counter sandbox_leases(image: &ImageLabel, outcome: LeaseOutcome) = "gavel_sandbox_leases_total", "Sandboxes given to submissions, by how they were had";
        counter sandboxes_destroyed(reason: SandboxEnd) = "gavel_sandboxes_destroyed_total", "Sandboxes that ended, by why";
        histogram sandbox_proof_seconds() = "gavel_sandbox_proof_seconds", "Of the proof between two submissions that nothing of the first is left";
        histogram sandbox_create_seconds() = "gavel_sandbox_create_seconds", "From create to ready";
        counter sandbox_create_failures() = "gavel_sandbox_create_failures_total", "Sandboxes that could not be started";
        counter sandboxes_swept() = "gavel_sandboxes_swept_total", "Left-over sandboxes removed";
        counter artifact_cache(outcome: CacheOutcome) = "gavel_artifact_cache_total", "Artifact cache look-ups";
        counter close_misses(outcome: CloseMiss) = "gavel_close_misses_total", "Runs close over the CPU limit";
        counter canaries(outcome: CanaryOutcome) = "gavel_canaries_total", "Times that a sandbox's protections were tried out";
        gauge calibration_score() = "gavel_calibration_score", "How fast a core of this worker is, 1 being the reference; 0 until it was measured";
        seconds cpu_seconds(part: CpuPart) = "gavel_cpu_seconds_total", "CPU time, by what it was spent on";
        gauge protection_absent(protection: Protection) = "gavel_protection_absent", "1 for a protection of sandboxes that is not there";
        counter problem_cache(outcome: CacheOutcome) = "gavel_problem_cache_total", "Problem package cache look-ups";
    }
}

/// A stage of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waiting for sandboxes.
    Acquire,
    /// Compiling.
    Compile,
    /// Running and checking all tests.
    Run,
}

impl Stage {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acquire => "acquire",
            Self::Compile => "compile",
            Self::Run => "run",
        }
    }
}

/// When a worker dropped a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanceledWhen {
    /// It was canceled before it was begun.
    Waiting,
    /// It was being judged.
    Judging,
}

impl CanceledWhen {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Judging => "judging",
        }
    }
}

/// What a slot is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotState {
    /// A submission is judged on it.
    Busy,
    /// Nothing is.
    Free,
}

impl SlotState {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Free => "free",
        }
    }
}

/// What a sandbox is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SandboxState {
    /// It is being started ahead.
    Starting,
    /// It waits, warm.
    Idle,
    /// A submission has it.
    Leased,
    /// Between two submissions it is being proven blank.
    Proving,
}

impl SandboxState {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Idle => "idle",
            Self::Leased => "leased",
            Self::Proving => "proving",
        }
    }
}

/// How a submission came to a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseOutcome {
    /// One waited.
    Hit,
    /// One was about to be ready.
    Wait,
    /// One waited and was given other limits.
    Resized,
    /// One was started for it.
    Miss,
    /// One was started for it that is of no use to another.
    Custom,
}

impl LeaseOutcome {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Wait => "wait",
            Self::Resized => "resized",
            Self::Miss => "miss",
            Self::Custom => "custom",
        }
    }
}

/// Why a sandbox ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SandboxEnd {
    /// A program in it met a limit.
    Limit,
    /// A signal ended a program in it.
    Signal,
    /// The kernel killed a process of it for memory, or nobody can tell.
    OutOfMemory,
    /// Something in it failed that is no program's doing.
    Fault,
    /// It could not be proven blank.
    NotBlank,
    /// It has served as many submissions as it may.
    UsedUp,
    /// Of a shape for one use.
    Custom,
    /// Its submission ended in the middle.
    Dropped,
    /// It ended by itself while it waited.
    Died,
    /// More waited than are wanted.
    Surplus,
}

impl SandboxEnd {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Signal => "signal",
            Self::OutOfMemory => "out_of_memory",
            Self::Fault => "fault",
            Self::NotBlank => "not_blank",
            Self::UsedUp => "used_up",
            Self::Custom => "custom",
            Self::Dropped => "dropped",
            Self::Died => "died",
            Self::Surplus => "surplus",
        }
    }
}

/// What a look into a cache on disk came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheOutcome {
    /// It was there.
    Hit,
    /// It was not, and was made.
    Miss,
    /// It was not, and was fetched.
    Fetched,
    /// It was there and is damaged.
    Damaged,
}

impl CacheOutcome {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Fetched => "fetched",
            Self::Damaged => "damaged",
        }
    }
}

/// What came of trying out a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanaryOutcome {
    /// Every protection held.
    Sound,
    /// One did not.
    Unsound,
    /// There was no sandbox to try.
    Failed,
    /// Every protection held, and a program whose answer is known was not judged as it should be.
    Drifted,
}

impl CanaryOutcome {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Unsound => "unsound",
            Self::Failed => "failed",
            Self::Drifted => "drifted",
        }
    }
}

/// What CPU time was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuPart {
    /// Programs, and the checkers of their output.
    Programs,
    /// Compilers.
    Compilers,
    /// The Docker Engine's processes.
    Engine,
    /// This process.
    Ours,
}

impl CpuPart {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Programs => "programs",
            Self::Compilers => "compilers",
            Self::Engine => "engine",
            Self::Ours => "ours",
        }
    }
}

/// What became of a run that missed its CPU limit closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseMiss {
    /// It was repeated.
    Repeated,
    /// It counts: too many were repeated.
    Refused,
}

impl CloseMiss {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repeated => "repeated",
            Self::Refused => "refused",
        }
    }
}

/// Images and what they are for, such as `cpp-run`: as many as there are image folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageLabel(pub(crate) String);

impl ImageLabel {
    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
