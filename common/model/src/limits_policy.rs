//! Which limits are granted: the one place that knows defaults, maxima and what a package states.

use serde::{Deserialize, Serialize};

use crate::limits::{
    LimitError, Limits, LimitsRequest, MIN_ADDRESS_SPACE_MB, MIN_MEMORY_MB, default_wall_ms, milliseconds,
};

/// What a package gets that does not state a memory limit, in MiB (package format, `limits.memory`).
const PACKAGE_MEMORY_MB: u64 = 2048;
/// What a package gets that does not state an output limit, in MiB (package format, `limits.output`).
const PACKAGE_OUTPUT_MB: u64 = 8;

/// The defaults and the maxima, from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitsPolicy {
    /// What a request gets that asks for nothing.
    pub default: Limits,
    /// The most a request may ask for.
    pub max: Limits,
}

/// A limit that a package states and no worker may grant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limits.{name} is {value} {unit}, the maximum is {max} {unit} (limits.max.{setting})")]
pub struct PackageExcess {
    /// The key in `problem.yaml`, below `limits`.
    pub name: &'static str,
    /// What it says.
    pub value: u64,
    /// The most there is.
    pub max: u64,
    /// Of both.
    pub unit: &'static str,
    /// The setting that is the maximum, below `limits.max`.
    pub setting: &'static str,
}

impl Default for LimitsPolicy {
    fn default() -> Self {
        Self { default: Limits::DEFAULT, max: Limits::MAX }
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
        // Without a default: it is not bounded unless that is asked for.
        pick("address_space_mb", asked.address_space_mb, 0, MIN_ADDRESS_SPACE_MB, self.max.memory_mb);
        if errors.is_empty() { Ok(limits) } else { Err(errors) }
    }

    /// Limits as a message names them, within the bounds: a platform that publishes itself cannot ask for more than a
    /// client of the API.
    #[must_use]
    pub fn clamp(&self, asked: Limits) -> Limits {
        let Limits { cpu_ms, wall_ms, memory_mb, output_kb, processes } = self.max;
        Limits {
            cpu_ms: asked.cpu_ms.clamp(1, cpu_ms.max(1)),
            wall_ms: asked.wall_ms.clamp(1, wall_ms.max(1)),
            memory_mb: asked.memory_mb.clamp(MIN_MEMORY_MB, memory_mb.max(MIN_MEMORY_MB)),
            output_kb: asked.output_kb.clamp(1, output_kb.max(1)),
            processes: asked.processes.clamp(1, processes.max(1)),
        }
    }

    /// The address space that a message names, within the bounds, in MiB.
    #[must_use]
    pub fn clamp_address_space(&self, asked: u64) -> u64 {
        asked.clamp(MIN_ADDRESS_SPACE_MB, self.max.memory_mb.max(MIN_ADDRESS_SPACE_MB))
    }

    /// Everything that a package states above its maximum. What it leaves out is never above.
    #[must_use]
    pub fn excesses(&self, stated: &gavel_problem::Limits) -> Vec<PackageExcess> {
        let time = stated.time_limit.map(milliseconds);
        let of = |name, value: Option<u64>, max, unit, setting| {
            let value = value.filter(|value| *value > max)?;
            Some(PackageExcess { name, value, max, unit, setting })
        };
        [
            of("time_limit", time, self.max.cpu_ms, "ms", "cpu_ms"),
            of("memory", stated.memory, self.max.memory_mb, "MiB", "memory_mb"),
            of("output", stated.output, self.max.output_kb / 1024, "MiB", "output_kb"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The limits of each test of a package, with this CPU limit. What the package leaves out is the format's default
    /// (2 GiB of memory, 8 MiB of output), as far as the maxima allow.
    ///
    /// The CPU limit is taken as it is: a run that finds a time limit out is longer than any submission's.
    #[must_use]
    pub fn of_package(&self, stated: &gavel_problem::Limits, cpu_ms: u64) -> Limits {
        let wall_ms = default_wall_ms(cpu_ms);
        Limits {
            cpu_ms,
            wall_ms: if cpu_ms <= self.max.cpu_ms { wall_ms.min(self.max.wall_ms) } else { wall_ms },
            memory_mb: stated.memory.unwrap_or(PACKAGE_MEMORY_MB).min(self.max.memory_mb),
            output_kb: (stated.output.unwrap_or(PACKAGE_OUTPUT_MB).saturating_mul(1024))
                .min(self.max.output_kb),
            processes: self.default.processes,
        }
    }

    /// The CPU limit that a package states, or that was derived for it: never above the maximum.
    #[must_use]
    pub fn time_limit_ms(&self, seconds: f64) -> u64 {
        milliseconds(seconds).min(self.max.cpu_ms)
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
            address_space_mb: Some(15),
            ..Default::default()
        };
        let errors = LimitsPolicy::default().resolve(&asked).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|e| e.field).collect();
        assert_eq!(fields, ["cpu_ms", "memory_mb", "processes", "address_space_mb"]);
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
            let asked = LimitsRequest {
                cpu_ms: cpu, wall_ms: wall, memory_mb: memory, output_kb: output, processes, address_space_mb: None,
            };
            if let Ok(limits) = policy.resolve(&asked) {
                prop_assert!(limits.cpu_ms <= policy.max.cpu_ms && limits.cpu_ms > 0);
                prop_assert!(limits.wall_ms <= policy.max.wall_ms && limits.wall_ms > 0);
                prop_assert!(limits.memory_bytes() <= policy.max.memory_bytes());
                prop_assert!(limits.output_bytes() <= policy.max.output_bytes());
                prop_assert!(limits.processes <= policy.max.processes);
            }
        }
    }

    #[test]
    fn a_message_cannot_name_more_than_a_request_or_nothing_at_all() {
        let policy = LimitsPolicy::default();
        let huge = Limits {
            cpu_ms: u64::MAX,
            wall_ms: u64::MAX,
            memory_mb: u64::MAX,
            output_kb: u64::MAX,
            processes: u64::MAX,
        };
        let none = Limits { cpu_ms: 0, wall_ms: 0, memory_mb: 0, output_kb: 0, processes: 0 };
        assert_eq!(policy.clamp(huge), policy.max);
        let least = Limits { cpu_ms: 1, wall_ms: 1, memory_mb: MIN_MEMORY_MB, output_kb: 1, processes: 1 };
        assert_eq!(policy.clamp(none), least);
        assert_eq!(policy.clamp(Limits::DEFAULT), Limits::DEFAULT);
        assert_eq!([0, 400, u64::MAX].map(|asked| policy.clamp_address_space(asked)), [16, 400, 2048]);
    }

    #[test]
    fn what_a_package_leaves_out_is_within_the_maxima_too() {
        let small = Limits { memory_mb: 512, output_kb: 1024, wall_ms: 3_000, ..Limits::MAX };
        let policy = LimitsPolicy { max: small, ..LimitsPolicy::default() };
        let silent = gavel_problem::Limits::legacy();
        let limits = policy.of_package(&silent, 2_000);
        assert_eq!((limits.memory_mb, limits.output_kb, limits.wall_ms), (512, 1024, 3_000));
        let usual = LimitsPolicy::default().of_package(&silent, 2_000);
        assert_eq!((usual.memory_mb, usual.output_kb, usual.wall_ms), (2048, 8 * 1024, 5_000));
        assert_eq!(policy.time_limit_ms(1e9), Limits::MAX.cpu_ms);
    }

    #[test]
    fn what_a_package_states_above_a_maximum_is_named_with_the_setting() {
        let stated = gavel_problem::Limits {
            time_limit: Some(30.001),
            memory: Some(4096),
            output: Some(64),
            ..gavel_problem::Limits::legacy()
        };
        let told: Vec<_> =
            LimitsPolicy::default().excesses(&stated).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "limits.time_limit is 30001 ms, the maximum is 30000 ms (limits.max.cpu_ms)",
                "limits.memory is 4096 MiB, the maximum is 2048 MiB (limits.max.memory_mb)",
            ]
        );
    }
}
