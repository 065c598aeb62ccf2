//! What types cannot say about settings.

use super::{Config, Mistake};
use crate::limits::{Limits, MIN_MEMORY_MB};

/// Everything that is of the right type and still cannot work.
pub(super) fn validate(config: &Config) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut require = |holds: bool, key: &str, problem: &str| {
        if !holds {
            mistakes.push(Mistake { key: key.to_owned(), problem: problem.to_owned() });
        }
    };
    require(
        config.api.bind.ip().is_loopback() || !config.api.keys.is_empty(),
        "api.bind",
        "without api.keys only a loopback address may be used, such as 127.0.0.1:3000",
    );
    require(
        is_prefix(&config.broker.prefix),
        "broker.prefix",
        "must have 1 to 64 letters, digits, `-` or `_`, and parts of them may be joined by `.`",
    );
    require(
        is_tag(&config.languages.tag),
        "languages.tag",
        "must be an image's tag: 1 to 128 letters, digits, `_`, `.` or `-`, and not begin with `.` or `-`",
    );
    require(config.worker.cores_per_slot > 0, "worker.cores_per_slot", "must be at least 1");
    require(
        config.sandbox.pool.min <= config.sandbox.pool.max,
        "sandbox.pool.min",
        "must not be above sandbox.pool.max",
    );
    require(config.sandbox.pool.max > 0, "sandbox.pool.max", "must be at least 1");
    require(config.sandbox.overhead_mb >= 16, "sandbox.overhead_mb", "must be at least 16");
    let Limits { cpu_ms, wall_ms, memory_mb, output_kb, processes } = config.limits.default;
    let max = config.limits.max;
    for (key, value, min, most) in [
        ("limits.default.cpu_ms", cpu_ms, 1, max.cpu_ms),
        ("limits.default.wall_ms", wall_ms, 1, max.wall_ms),
        ("limits.default.memory_mb", memory_mb, MIN_MEMORY_MB, max.memory_mb),
        ("limits.default.output_kb", output_kb, 1, max.output_kb),
        ("limits.default.processes", processes, 1, max.processes),
    ] {
        require((min..=most).contains(&value), key, &format!("must be from {min} to its maximum, {most}"));
    }
    mistakes
}

/// Whether it can stand behind the colon of an image's name (Docker's reference grammar).
fn is_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        && !tag.starts_with(['.', '-'])
}

/// Whether it can begin the name of a queue; `amq` belongs to `RabbitMQ` itself.
fn is_prefix(prefix: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    prefix.len() <= 64 && prefix.split('.').all(is_part) && prefix.split('.').next() != Some("amq")
}
