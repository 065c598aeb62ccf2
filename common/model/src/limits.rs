//! What a program may use.

use serde::{Deserialize, Serialize};

const MIB: u64 = 1024 * 1024;

/// Standard error after which a program is stopped, in KiB, whatever its other limits are. It is debug text: what is
/// more than a result shows is counted and dropped, and only a flood is a fault. (DOMjudge cuts it and says nothing;
/// DMOJ stops at 1 MiB and Piston at a limit of its own.)
pub const STDERR_FLOOD_KB: u64 = 64 * 1024;

/// The limits of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Limits {
    /// CPU time of all processes together, user and system, in milliseconds.
    pub cpu_ms: u64,
    /// Wall-clock time, in milliseconds.
    pub wall_ms: u64,
    /// Memory, in MiB.
    pub memory_mb: u64,
    /// Standard output, in KiB.
    pub output_kb: u64,
    /// Processes and threads at the same time.
    pub processes: u64,
}

/// The limits a request asks for; what is left out is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitsRequest {
    /// CPU time of all processes together, user and system, in milliseconds.
    pub cpu_ms: Option<u64>,
    /// Wall-clock time, in milliseconds; without it 2 x CPU + 1 s.
    pub wall_ms: Option<u64>,
    /// Memory, in MiB.
    pub memory_mb: Option<u64>,
    /// Standard output, in KiB.
    pub output_kb: Option<u64>,
    /// Processes and threads at the same time.
    pub processes: Option<u64>,
    /// Address space of each process, in MiB, for languages whose programs expect a request for more memory to fail;
    /// without it that is not bounded, and what counts is the memory that is used.
    pub address_space_mb: Option<u64>,
}

/// A limit outside its bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limits.{field} is {value}, it must be from {min} to {max}")]
pub struct LimitError {
    /// Which one.
    pub field: &'static str,
    /// What was asked for.
    pub value: u64,
    /// The least allowed.
    pub min: u64,
    /// The most allowed, from the settings.
    pub max: u64,
}

impl Limits {
    /// The defaults: 2 s of CPU, 256 MiB, 8 MiB of output, 64 processes.
    pub const DEFAULT: Self = Self {
        cpu_ms: 2_000,
        wall_ms: default_wall_ms(2_000),
        memory_mb: 256,
        output_kb: 8 * 1024,
        processes: 64,
    };

    /// The maxima: 30 s of CPU, 2 GiB, 64 MiB of output, 256 processes.
    pub const MAX: Self = Self {
        cpu_ms: 30_000,
        wall_ms: default_wall_ms(30_000),
        memory_mb: 2048,
        output_kb: 64 * 1024,
        processes: 256,
    };

    /// Memory, in bytes.
    #[must_use]
    pub const fn memory_bytes(&self) -> u64 {
        self.memory_mb * MIB
    }

    /// Output, in bytes.
    #[must_use]
    pub const fn output_bytes(&self) -> u64 {
        self.output_kb * 1024
    }

    /// The same limits with CPU and wall time multiplied, for a language that is slower by nature.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let scale = |ms: u64| (ms as f64 * factor).ceil() as u64;
        Self { cpu_ms: scale(self.cpu_ms), wall_ms: scale(self.wall_ms), ..self }
    }
}

/// The wall-clock limit that goes with a CPU limit when none is stated: 2 x CPU + 1 s.
#[must_use]
pub const fn default_wall_ms(cpu_ms: u64) -> u64 {
    cpu_ms.saturating_mul(2).saturating_add(1_000)
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Below this no runtime starts; smaller limits would only produce confusing verdicts.
pub const MIN_MEMORY_MB: u64 = 8;

/// Less address space than this does not hold the libraries of a small program.
pub const MIN_ADDRESS_SPACE_MB: u64 = 16;

/// Seconds, as packages state them, in the milliseconds of [`Limits`]: rounded up, at least 1, and 2.007 s is 2,007 ms
/// although no double is 2.007.
#[must_use]
pub fn milliseconds(seconds: f64) -> u64 {
    ((seconds * 1e3 - 1e-6).ceil() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_millisecond_is_itself_when_it_is_stated_in_seconds() {
        for ms in 1..=30_000_u64 {
            assert_eq!(milliseconds(ms as f64 / 1e3), ms);
            assert_eq!(milliseconds(format!("{}.{:03}", ms / 1000, ms % 1000).parse().unwrap()), ms);
        }
        assert_eq!((milliseconds(0.000_4), milliseconds(0.001_5), milliseconds(2.0071)), (1, 2, 2008));
    }

    #[test]
    fn limits_in_a_message_may_have_fields_of_a_later_version() {
        let mut written = serde_json::to_value(Limits::DEFAULT).unwrap();
        written["gpu_ms"] = 7.into();
        assert_eq!(serde_json::from_value::<Limits>(written).unwrap(), Limits::DEFAULT);
    }
}
