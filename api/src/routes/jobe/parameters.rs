//! `parameters` of a run: its limits and arguments.

use gavel_model::{LimitsPolicy, LimitsRequest, MIN_ADDRESS_SPACE_MB, MIN_MEMORY_MB};
use serde_json::Value;

use super::error::JobeError;

/// The most CPU time that Jobe grants, in seconds.
const MOST_SECONDS: u64 = 120;

/// The limits of a run. Where a language's programs may have a bound of their address space (`bounded`), `memorylimit` is that
/// too, as it is in Jobe: programs are written that expect `malloc` to fail. What is no number falls back to the default; beyond what this service grants memory, processes and
/// output are what it grants, and time is refused as Jobe does.
///
/// # Errors
/// 400 for too much time.
pub(super) fn limits(
    parameters: &Value,
    policy: &LimitsPolicy,
    bounded: bool,
) -> Result<LimitsRequest, JobeError> {
    let number = |name: &str| parameters[name].as_f64().or_else(|| parameters[name].as_str()?.parse().ok());
    let number = |name: &str, usual: f64| {
        number(name).filter(|value| value.is_finite() && *value >= 0.0).unwrap_or(usual)
    };
    let max = &policy.max;
    let most = MOST_SECONDS.min(max.cpu_ms / 1000);
    let cpu = number("cputime", (5.0_f64).min(most as f64));
    if cpu > most as f64 {
        let text = format!("cputime exceeds maximum allowed on this Jobe server ({most} secs)");
        return Err(JobeError::bad(text));
    }
    let cpu_ms = (cpu * 1e3).ceil().max(1.0) as u64;
    // 0 is none at all.
    let stated = Some(number("memorylimit", 400.0)).filter(|stated| *stated > 0.0);
    let megabytes = stated.map_or(max.memory_mb, |stated| stated.ceil() as u64);
    let memory_mb = megabytes.clamp(MIN_MEMORY_MB, max.memory_mb.max(MIN_MEMORY_MB));
    let output_kb = (number("streamsize", 2.0) * 1024.0).ceil() as u64;
    let processes = number("numprocs", policy.default.processes as f64) as u64;
    Ok(LimitsRequest {
        cpu_ms: Some(cpu_ms),
        wall_ms: Some((2 * cpu_ms).min(max.wall_ms)),
        memory_mb: Some(memory_mb),
        output_kb: Some(output_kb.clamp(1, max.output_kb.max(1))),
        processes: Some(processes.clamp(1, max.processes.max(1))),
        address_space_mb: stated.filter(|_| bounded).map(|_| memory_mb.max(MIN_ADDRESS_SPACE_MB)),
    })
}

/// A list of words; none if it is left out.
///
/// # Errors
/// 400 when it is something else.
pub(super) fn list(parameters: &Value, name: &str) -> Result<Option<Vec<String>>, JobeError> {
    match &parameters[name] {
        Value::Null => Ok(None),
        Value::Array(words) => {
            let words: Option<Vec<String>> =
                words.iter().map(|word| word.as_str().map(str::to_owned)).collect();
            words.map(Some).ok_or_else(|| wrong(name))
        }
        _ => Err(wrong(name)),
    }
}

fn wrong(name: &str) -> JobeError {
    JobeError::bad(format!("parameter {name} must be a list of strings"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use test_case::test_case;

    #[test_case(&json!({}) => (5_000, 10_000, 400, 2_048, 64); "defaults")]
    #[test_case(&json!(null) => (5_000, 10_000, 400, 2_048, 64); "no parameters")]
    #[test_case(&json!({"cputime": 1.5, "memorylimit": 1000, "streamsize": 0.5, "numprocs": 20}) => (1_500, 3_000, 1_000, 512, 20); "stated")]
    #[test_case(&json!({"cputime": "3", "memorylimit": "x", "numprocs": null}) => (3_000, 6_000, 400, 2_048, 64); "texts, and what is no number")]
    #[test_case(&json!({"memorylimit": 0, "streamsize": 1000, "numprocs": 5000}) => (5_000, 10_000, 2_048, 65_536, 256); "none, and more than is granted")]
    fn limits_become_ours(parameters: &Value) -> (u64, u64, u64, u64, u64) {
        let LimitsRequest { cpu_ms, wall_ms, memory_mb, output_kb, processes, address_space_mb } =
            limits(parameters, &LimitsPolicy::default(), false).unwrap();
        assert_eq!(address_space_mb, None);
        (cpu_ms.unwrap(), wall_ms.unwrap(), memory_mb.unwrap(), output_kb.unwrap(), processes.unwrap())
    }

    #[test_case(&json!({}) => Some(400); "default")]
    #[test_case(&json!({"memorylimit": 99.5}) => Some(100); "stated")]
    #[test_case(&json!({"memorylimit": 5000}) => Some(2_048); "more than is granted")]
    #[test_case(&json!({"memorylimit": 1}) => Some(16); "less than a program starts in")]
    #[test_case(&json!({"memorylimit": 0}) => None; "none at all")]
    fn memory_bounds_the_address_space_where_a_language_allows_it(parameters: &Value) -> Option<u64> {
        limits(parameters, &LimitsPolicy::default(), true).unwrap().address_space_mb
    }

    #[test]
    fn more_time_than_is_granted_is_refused_in_jobes_words() {
        let error = limits(&json!({"cputime": 31}), &LimitsPolicy::default(), false).unwrap_err();
        assert_eq!(error.1, "cputime exceeds maximum allowed on this Jobe server (30 secs)");
    }
}
