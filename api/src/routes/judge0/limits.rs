//! Judge0's limits: names, units, defaults and maxima (`app/helpers/config.rs`, `app/models/submission.rs`).

use std::collections::BTreeMap;

use gavel_model::{LimitsPolicy, LimitsRequest, MIN_MEMORY_MB};

use super::attributes::Given;
use super::error::Mistakes;

/// One limit.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Its attribute.
    pub name: &'static str,
    /// What a submission gets that says nothing.
    pub default: f64,
    /// The least.
    pub min: f64,
    /// The most, within what the service grants.
    pub max: f64,
    /// Whether it is told with a point, as seconds are.
    pub seconds: bool,
}

/// The limits of a submission, by attribute.
pub type Chosen = BTreeMap<String, f64>;

/// All of them. Where the service itself grants less than Judge0 would, that is the maximum.
#[must_use]
pub fn limits(policy: &LimitsPolicy) -> [Limit; 8] {
    let max = &policy.max;
    let of = |name, default: f64, min, most: f64, granted: f64, seconds| {
        let max = most.min(granted);
        Limit { name, default: default.min(max), min, max, seconds }
    };
    let any = f64::INFINITY;
    [
        of("cpu_time_limit", 5.0, 0.0, 15.0, max.cpu_ms as f64 / 1e3, true),
        of("cpu_extra_time", 1.0, 0.0, 5.0, any, true),
        of("wall_time_limit", 10.0, 1.0, 20.0, max.wall_ms as f64 / 1e3, true),
        of("memory_limit", 128_000.0, 2_048.0, 512_000.0, max.memory_mb as f64 * 1024.0, false),
        of("stack_limit", 64_000.0, 0.0, 128_000.0, any, false),
        of("max_processes_and_or_threads", 60.0, 1.0, 120.0, max.processes as f64, false),
        of("max_file_size", 1_024.0, 0.0, 4_096.0, max.output_kb as f64, false),
        of("number_of_runs", 1.0, 1.0, 20.0, any, false),
    ]
}

/// The limits that a submission asks for; what is wrong with them goes into `mistakes`.
pub fn choose(given: &Given, policy: &LimitsPolicy, mistakes: &mut Mistakes) -> Chosen {
    let mut chosen = Chosen::new();
    for limit in limits(policy) {
        let value = match given.number(limit.name) {
            Ok(value) => value.unwrap_or(limit.default),
            Err(message) => {
                mistakes.entry(limit.name).or_default().push(message.to_owned());
                continue;
            }
        };
        let value = if limit.seconds { value } else { value.trunc() };
        if let Some(message) = limit.mistake(value) {
            mistakes.entry(limit.name).or_default().push(message);
        }
        chosen.insert(limit.name.to_owned(), value);
    }
    chosen
}

/// The same as Gavel's limits: in its units, rounded up, and never less than it has.
#[must_use]
pub fn ours(chosen: &Chosen) -> LimitsRequest {
    let of = |name: &str| chosen.get(name).copied();
    let whole = |value: f64| (value.ceil() as u64).max(1);
    LimitsRequest {
        cpu_ms: of("cpu_time_limit").map(|seconds| whole((seconds * 1e3).round())),
        wall_ms: of("wall_time_limit").map(|seconds| whole((seconds * 1e3).round())),
        memory_mb: of("memory_limit").map(|kb| whole(kb / 1024.0).max(MIN_MEMORY_MB)),
        output_kb: of("max_file_size").map(whole),
        processes: of("max_processes_and_or_threads").map(whole),
        address_space_mb: None,
    }
}

impl Limit {
    /// A value of it, as it is told.
    #[must_use]
    pub fn shown(&self, value: f64) -> String {
        if self.seconds { format!("{value:?}") } else { format!("{value:.0}") }
    }

    fn mistake(&self, value: f64) -> Option<String> {
        if value > self.max {
            return Some(format!("must be less than or equal to {}", self.shown(self.max)));
        }
        // The least is a whole number for all of them, and told so.
        match self.name {
            _ if value >= self.min => None,
            "max_processes_and_or_threads" | "number_of_runs" => Some("must be greater than 0".to_owned()),
            _ => Some(format!("must be greater than or equal to {:.0}", self.min)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::Limits;
    use serde_json::{Value, json};
    use test_case::test_case;

    fn chosen(body: Value) -> (Chosen, Mistakes) {
        let mut mistakes = Mistakes::new();
        let chosen = choose(&Given::of(body), &LimitsPolicy::default(), &mut mistakes);
        (chosen, mistakes)
    }

    #[test_case(json!({}) => (5_000, 10_000, 125, 1_024, 60); "defaults")]
    #[test_case(json!({"cpu_time_limit": null, "memory_limit": ""}) => (5_000, 10_000, 125, 1_024, 60); "null is the default")]
    #[test_case(json!({"cpu_time_limit": "0.5", "wall_time_limit": 2}) => (500, 2_000, 125, 1_024, 60); "text and number")]
    #[test_case(json!({"cpu_time_limit": 0, "memory_limit": 2048, "max_file_size": 0}) => (1, 10_000, 8, 1, 60); "the least")]
    #[test_case(json!({"cpu_time_limit": 15, "wall_time_limit": 20, "memory_limit": 512_000, "max_file_size": 4096, "max_processes_and_or_threads": 120}) => (15_000, 20_000, 500, 4_096, 120); "the most")]
    fn limits_become_ours(body: Value) -> (u64, u64, u64, u64, u64) {
        let (chosen, mistakes) = chosen(body);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let LimitsRequest { cpu_ms, wall_ms, memory_mb, output_kb, processes, .. } = ours(&chosen);
        (cpu_ms.unwrap(), wall_ms.unwrap(), memory_mb.unwrap(), output_kb.unwrap(), processes.unwrap())
    }

    #[test_case("cpu_time_limit", &json!(15.1), "must be less than or equal to 15.0")]
    #[test_case("cpu_time_limit", &json!(-1), "must be greater than or equal to 0")]
    #[test_case("cpu_extra_time", &json!(6), "must be less than or equal to 5.0")]
    #[test_case("wall_time_limit", &json!(21), "must be less than or equal to 20.0")]
    #[test_case("wall_time_limit", &json!(0.5), "must be greater than or equal to 1")]
    #[test_case("memory_limit", &json!(512_001), "must be less than or equal to 512000")]
    #[test_case("memory_limit", &json!("2047"), "must be greater than or equal to 2048")]
    #[test_case("memory_limit", &json!("much"), "is not a number")]
    #[test_case("stack_limit", &json!(128_001), "must be less than or equal to 128000")]
    #[test_case("max_processes_and_or_threads", &json!(0), "must be greater than 0")]
    #[test_case("max_processes_and_or_threads", &json!(121), "must be less than or equal to 120")]
    #[test_case("max_file_size", &json!(4_097), "must be less than or equal to 4096")]
    #[test_case("number_of_runs", &json!(21), "must be less than or equal to 20")]
    #[test_case("number_of_runs", &json!(0), "must be greater than 0")]
    fn what_is_out_of_range_is_told_in_judge0s_words(name: &str, value: &Value, message: &str) {
        let (_, mistakes) = chosen(json!({ name: value }));
        assert_eq!(mistakes.get(name).unwrap(), &[message]);
        assert_eq!(mistakes.len(), 1);
    }

    #[test]
    fn what_the_service_does_not_grant_is_not_on_offer() {
        let less = Limits { cpu_ms: 3_000, memory_mb: 64, ..Limits::MAX };
        let limits = limits(&LimitsPolicy { max: less, ..LimitsPolicy::default() });
        assert_eq!((limits[0].default, limits[0].max, limits[3].max), (3.0, 3.0, 65_536.0));
    }
}
