//! What a program may use, and how far a request may raise it.

use serde::{Deserialize, Serialize};

const MIB: u64 = 1024 * 1024;

/// The limits of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
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
}

/// The defaults and the maxima, from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsPolicy {
    /// What a request gets that asks for nothing.
    pub default: Limits,
    /// The most a request may ask for.
    pub max: Limits,
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

impl Default for LimitsPolicy {
    fn default() -> Self {
        Self { default: Limits::DEFAULT, max: Limits::MAX }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl LimitsPolicy {
    /// The limits a request gets.
    ///
    /// # Errors
    /// Every limit that is 0 or above its maximum, named.
    pub fn resolve(&self, asked: &LimitsRequest) -> Result<Limits, Vec<LimitError>> {
        let mut errors = Vec::new();
        let mut pick = |field, asked: Option<u64>, default, min, max| {
            let value = asked.unwrap_or(default);
            if asked.is_some() && !(min..=max).contains(&value) {
                errors.push(LimitError { field, value, min, max });
            }
            value
        };
        let cpu_ms = pick("cpu_ms", asked.cpu_ms, self.default.cpu_ms, 1, self.max.cpu_ms);
        let wall_default = match asked.cpu_ms {
            Some(cpu) => default_wall_ms(cpu).min(self.max.wall_ms),
            None => self.default.wall_ms,
        };
        let limits = Limits {
            cpu_ms,
            wall_ms: pick("wall_ms", asked.wall_ms, wall_default, 1, self.max.wall_ms),
            memory_mb: pick(
                "memory_mb",
                asked.memory_mb,
                self.default.memory_mb,
                MIN_MEMORY_MB,
                self.max.memory_mb,
            ),
            output_kb: pick("output_kb", asked.output_kb, self.default.output_kb, 1, self.max.output_kb),
            processes: pick("processes", asked.processes, self.default.processes, 1, self.max.processes),
        };
        if errors.is_empty() { Ok(limits) } else { Err(errors) }
    }
}

impl LimitsPolicy {
    /// What types cannot say: tells whether a condition holds, the key, and what to say when it does not.
    pub fn check(&self, require: &mut dyn FnMut(bool, &str, &str)) {
        let Limits { cpu_ms, wall_ms, memory_mb, output_kb, processes } = self.default;
        let max = self.max;
        for (key, value, min, most) in [
            ("limits.default.cpu_ms", cpu_ms, 1, max.cpu_ms),
            ("limits.default.wall_ms", wall_ms, 1, max.wall_ms),
            ("limits.default.memory_mb", memory_mb, MIN_MEMORY_MB, max.memory_mb),
            ("limits.default.output_kb", output_kb, 1, max.output_kb),
            ("limits.default.processes", processes, 1, max.processes),
        ] {
            require(
                (min..=most).contains(&value),
                key,
                &format!("must be from {min} to its maximum, {most}"),
            );
        }
    }
}

/// Below this no runtime starts; smaller limits would only produce confusing verdicts.
pub const MIN_MEMORY_MB: u64 = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_asked_gives_the_defaults() {
        assert_eq!(LimitsPolicy::default().resolve(&LimitsRequest::default()), Ok(Limits::DEFAULT));
    }

    #[test]
    fn wall_follows_cpu() {
        let asked = LimitsRequest { cpu_ms: Some(5_000), ..Default::default() };
        assert_eq!(LimitsPolicy::default().resolve(&asked).unwrap().wall_ms, 11_000);
    }

    #[test]
    fn every_excess_is_named_with_value_and_maximum() {
        let asked = LimitsRequest {
            cpu_ms: Some(99_000),
            memory_mb: Some(0),
            processes: Some(9_999),
            ..Default::default()
        };
        let errors = LimitsPolicy::default().resolve(&asked).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|e| e.field).collect();
        assert_eq!(fields, ["cpu_ms", "memory_mb", "processes"]);
        assert_eq!(errors[0].to_string(), "limits.cpu_ms is 99000, it must be from 1 to 30000");
    }

    proptest! {
        #[test]
        fn what_is_granted_never_exceeds_the_maxima(
            cpu in proptest::option::of(0u64..100_000), wall in proptest::option::of(any::<u64>()),
            memory in proptest::option::of(any::<u64>()), output in proptest::option::of(any::<u64>()),
            processes in proptest::option::of(any::<u64>()),
        ) {
            let policy = LimitsPolicy::default();
            let asked = LimitsRequest { cpu_ms: cpu, wall_ms: wall, memory_mb: memory, output_kb: output, processes };
            if let Ok(limits) = policy.resolve(&asked) {
                prop_assert!(limits.cpu_ms <= policy.max.cpu_ms && limits.cpu_ms > 0);
                prop_assert!(limits.wall_ms <= policy.max.wall_ms && limits.wall_ms > 0);
                prop_assert!(limits.memory_bytes() <= policy.max.memory_bytes());
                prop_assert!(limits.output_bytes() <= policy.max.output_bytes());
                prop_assert!(limits.processes <= policy.max.processes);
            }
        }
    }
}
