//! `[worker]`

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use gavel_model::{LEAST_RESULT, Lane};
use gavel_platform::settings::Require;
use serde::{Deserialize, Serialize};

/// The largest result that the broker certainly takes, which refuses messages above 1 MiB, in KiB.
const MOST_RESULT_KB: usize = 768;

/// The largest weight of a lane: what comes in a row while others wait.
const MOST_WEIGHT: u32 = 1_000;

/// What was true of a host may have changed after so long.
const MOST_CANARY: Duration = Duration::from_secs(24 * 60 * 60);

/// The judging process.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkerConfig {
    /// The name in results, logs and container labels; empty: the host's name.
    pub id: String,
    /// Where `/healthz`, `/readyz` and `/metrics` are served.
    pub bind: SocketAddr,
    /// How many submissions run at a time; 0: one for every `cores_per_slot` cores.
    pub slots: usize,
    /// How many cores a slot owns. With 1, threads of a program share one core: the contest rule.
    pub cores_per_slot: usize,
    /// How long running submissions may take to finish after SIGTERM; then they are given back.
    #[serde(with = "humantime_serde")]
    pub grace: Duration,
    /// Where artifacts and problem packages are kept.
    pub cache_dir: PathBuf,
    /// How much room compiled artifacts may take, in MiB; the least recently used go first.
    pub artifact_cache_mb: u64,
    /// How much room problem packages may take, in MiB; the least recently used go first.
    pub problem_cache_mb: u64,
    /// How much of a program's output a result carries, in KiB.
    pub show_output_kb: u64,
    /// How much of a compiler's text a result carries, in KiB.
    pub show_compile_kb: u64,
    /// How large a result may be as a message, in KiB; beyond that texts are cut and tests are only counted.
    pub result_kb: usize,
    /// Whether a run that exceeds its CPU limit by at most a tenth is repeated.
    pub rerun_close_tle: bool,
    /// How long after each other what keeps programs in is tried out.
    #[serde(with = "humantime_serde")]
    pub canary_every: Duration,
    /// Where there are programs whose answer is known: `LANGUAGE/AC-NAME.EXTENSION`, `input.txt` and `answer.txt`. A
    /// folder that is not there holds none.
    pub known_dir: PathBuf,
    /// How much CPU time of each slot repeats may take in a minute, beside the first one of each submission, in seconds.
    pub rerun_cpu_s: u64,
    /// Which part of the slots live runs may take together, from 0 for none to 1 for all; a slot at least, unless it is 0.
    pub live_share: f64,
    /// How many submissions of each lane are taken in turn.
    pub lanes: LaneWeights,
}

/// `[worker.lanes]`: how many submissions of a lane are taken before it waits for the others. While all have work, a lane
/// has its weight's share of all of them, and never less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LaneWeights {
    /// Of `contest`.
    pub contest: u32,
    /// Of `practice`.
    pub practice: u32,
    /// Of `rejudge`.
    pub rejudge: u32,
}

impl Default for LaneWeights {
    fn default() -> Self {
        Self { contest: 8, practice: 3, rejudge: 1 }
    }
}

impl LaneWeights {
    /// That of a lane.
    #[must_use]
    pub const fn of(&self, lane: Lane) -> u32 {
        match lane {
            Lane::Contest => self.contest,
            Lane::Practice => self.practice,
            Lane::Rejudge => self.rejudge,
        }
    }
}

impl Default for WorkerConfig {
    fn default() -> Self {
        Self {
            id: String::new(),
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)),
            slots: 0,
            cores_per_slot: 1,
            grace: Duration::from_secs(30),
            cache_dir: ".gavel/cache".into(),
            artifact_cache_mb: 1024,
            problem_cache_mb: 8 * 1024,
            show_output_kb: 64,
            show_compile_kb: 32,
            result_kb: 256,
            rerun_close_tle: true,
            rerun_cpu_s: 15,
            canary_every: Duration::from_secs(600),
            known_dir: "examples".into(),
            live_share: 0.5,
            lanes: LaneWeights::default(),
        }
    }
}

impl WorkerConfig {
    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        let often = Duration::from_secs(1)..=MOST_CANARY;
        require(often.contains(&self.canary_every), "worker.canary_every", "must be between 1s and 1day");
        require((0.0..=1.0).contains(&self.live_share), "worker.live_share", "must be between 0 and 1");
        require(self.cores_per_slot > 0, "worker.cores_per_slot", "must be at least 1");
        require(
            Lane::ALL.iter().all(|lane| (1..=MOST_WEIGHT).contains(&self.lanes.of(*lane))),
            "worker.lanes",
            "each weight must be between 1 and 1000: no lane may be left without a share",
        );
        let results = LEAST_RESULT / 1024..=MOST_RESULT_KB;
        require(results.contains(&self.result_kb), "worker.result_kb", "must be between 16 and 768");
    }

    /// How many live runs may be under way on so many slots.
    #[must_use]
    pub fn most_live(&self, slots: usize) -> u16 {
        if self.live_share <= 0.0 {
            return 0;
        }
        // Not above `slots`, which are few.
        ((slots as f64 * self.live_share) as u16).max(1)
    }

    /// How large a result may be as a message, in bytes.
    #[must_use]
    pub const fn result_bytes(&self) -> usize {
        self.result_kb * 1024
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(0.0, 8 => 0; "none")]
    #[test_case(0.5, 8 => 4; "half")]
    #[test_case(0.5, 3 => 1; "rounded down")]
    #[test_case(0.5, 1 => 1; "one at least")]
    #[test_case(1.0, 8 => 8; "all")]
    fn live_runs_take_their_share_of_the_slots(live_share: f64, slots: usize) -> u16 {
        WorkerConfig { live_share, ..WorkerConfig::default() }.most_live(slots)
    }
}
