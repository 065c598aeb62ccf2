//! What a client wants to be run: checked in Piston's order and told in its words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use gavel_model::{FileName, FileNameError, LimitsPolicy, LimitsRequest, MIN_MEMORY_MB, milliseconds};
use serde_json::Value;

use super::error::PistonError;
use super::runtimes::Runtime;
use crate::intake::{Request, RequestedProgram, RequestedWork};
use crate::state::AppState;

/// What a stage gets that says nothing, in milliseconds.
const USUAL_MS: u64 = 3_000;
/// The most that may be asked for compiling, in milliseconds; what a compiler gets is the worker's own.
const COMPILE_MS: u64 = 60_000;

const MIB: f64 = 1024.0 * 1024.0;

/// A run, and what it runs with.
#[derive(Debug)]
pub struct Wanted {
    /// The runtime.
    pub runtime: Runtime,
    /// For the intake.
    pub request: Request,
}

/// Reads the body of `execute`.
///
/// # Errors
/// The first thing that is wrong.
pub fn read(body: &[u8], state: &AppState) -> Result<Wanted, PistonError> {
    let body: Value =
        serde_json::from_slice(body).map_err(|error| PistonError::NoJson(format!("SyntaxError: {error}")))?;
    wanted(&body, state)
}

/// Reads the `init` of a talk: the same, but that standard input comes later, and that a run whose `run_timeout` is not stated
/// may take as long as a talk may.
///
/// # Errors
/// The first thing that is wrong.
pub fn read_live(body: &Value, state: &AppState) -> Result<Wanted, PistonError> {
    let mut wanted = wanted(body, state)?;
    wanted.request.work = RequestedWork::run(Bytes::new());
    if limit(body, "run_timeout", f64::MAX)?.is_none() {
        wanted.request.limits.wall_ms = None;
    }
    Ok(wanted)
}

fn wanted(body: &Value, state: &AppState) -> Result<Wanted, PistonError> {
    let text = |name: &str| {
        let text = body[name].as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| PistonError::bad(format!("{name} is required as a string")))
    };
    let (name, range) = (text("language")?, text("version")?);
    let Value::Array(files) = &body["files"] else {
        return Err(PistonError::bad("files is required as an array"));
    };
    for (k, file) in files.iter().enumerate() {
        if !file["content"].is_string() {
            return Err(PistonError::bad(format!("files[{k}].content is required as a string")));
        }
    }
    let runtime = Runtime::find(&state.languages, name, range, state.config.piston.any_version)?;
    if files.iter().all(is_binary) {
        return Err(PistonError::bad("files must include at least one utf8 encoded file"));
    }
    let limits = limits(body, &state.intake.limits)?;
    let mut stdin = body["stdin"].as_str().unwrap_or_default().to_owned();
    if !stdin.ends_with('\n') {
        stdin.push('\n');
    }
    let args = body["args"].as_array().map(|args| args.iter().map(plain).collect());
    let request = Request {
        language: Some(runtime.spec.id.clone()),
        args: args.unwrap_or_default(),
        limits,
        work: RequestedWork::run(stdin.into()),
        ..Request::new(RequestedProgram::Files(read_files(files, &runtime)?))
    };
    Ok(Wanted { runtime, request })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_binary(file: &Value) -> bool {
    matches!(file["encoding"].as_str(), Some("base64" | "hex"))
}

/// The files, the main one first: the first that is a text. One whose name does not tell the language gets the
/// language's own name, as Piston's scripts rename it.
fn read_files(files: &[Value], runtime: &Runtime) -> Result<Vec<(String, Bytes)>, PistonError> {
    let main = files.iter().position(|file| !is_binary(file)).unwrap_or_default();
    let mut read = Vec::with_capacity(files.len());
    for (k, file) in files.iter().enumerate() {
        let content = file["content"].as_str().unwrap_or_default();
        let bytes = match file["encoding"].as_str() {
            Some("base64") => STANDARD.decode(content).map_err(|_| not_decoded(k, "base64"))?.into(),
            Some("hex") => hex(content).ok_or_else(|| not_decoded(k, "hex"))?.into(),
            _ => Bytes::from(content.to_owned()),
        };
        let said = file["name"].as_str().filter(|name| !name.is_empty());
        let name = said.map_or_else(|| format!("file{k}.code"), str::to_owned);
        let known = match FileName::try_from(name.clone()) {
            Ok(name) => runtime.spec.is_source(&name),
            Err(FileNameError::Leaves(_)) => return Err(PistonError::Silent),
            Err(error) => return Err(PistonError::bad(format!("files[{k}].name: {error}"))),
        };
        let own = &runtime.spec.source;
        let taken = || files.iter().any(|other| other["name"].as_str() == Some(own));
        let name = if k == main && !known && !taken() { own.clone() } else { name };
        read.push((name, bytes));
    }
    let first = read.remove(main);
    read.insert(0, first);
    Ok(read)
}

fn not_decoded(k: usize, encoding: &str) -> PistonError {
    PistonError::bad(format!("files[{k}].content is not {encoding}"))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The limits, each checked against what this service grants.
fn limits(body: &Value, policy: &LimitsPolicy) -> Result<LimitsRequest, PistonError> {
    let max = &policy.max;
    let memory = (max.memory_mb as f64) * MIB;
    limit(body, "compile_memory_limit", memory)?;
    let memory = limit(body, "run_memory_limit", memory)?;
    limit(body, "compile_timeout", COMPILE_MS as f64)?;
    let wall = limit(body, "run_timeout", max.wall_ms as f64)?;
    limit(body, "compile_cpu_time", COMPILE_MS as f64)?;
    let cpu = limit(body, "run_cpu_time", max.cpu_ms as f64)?;
    let time =
        |stated: Option<f64>, max: u64| stated.map_or(USUAL_MS.min(max), |stated| milliseconds(stated / 1e3));
    Ok(LimitsRequest {
        cpu_ms: Some(time(cpu, max.cpu_ms)),
        wall_ms: Some(time(wall, max.wall_ms)),
        memory_mb: memory.map(|bytes| ((bytes / MIB).ceil() as u64).max(MIN_MEMORY_MB)),
        ..LimitsRequest::default()
    })
}

/// One limit; none where it is left out, null or 0. For memory -1 is none, too.
fn limit(body: &Value, name: &str, most: f64) -> Result<Option<f64>, PistonError> {
    let value = match &body[name] {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64().unwrap_or_default(),
        _ => return Err(PistonError::bad(format!("If specified, {name} must be a number"))),
    };
    if value == 0.0 || (value == -1.0 && name.ends_with("memory_limit")) {
        return Ok(None);
    }
    if value > most {
        return Err(PistonError::bad(format!("{name} cannot exceed the configured limit of {most:.0}")));
    }
    if value < 0.0 {
        return Err(PistonError::bad(format!("{name} must be non-negative")));
    }
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use test_case::test_case;

    #[test_case(&json!({}) => Ok((3_000, 3_000, None)); "defaults")]
    #[test_case(&json!({"run_timeout": 1000, "run_cpu_time": 500.5, "run_memory_limit": 100_000_000}) => Ok((1_000, 501, Some(96))); "stated")]
    #[test_case(&json!({"run_timeout": 0, "run_memory_limit": -1, "compile_memory_limit": -1, "run_cpu_time": null}) => Ok((3_000, 3_000, None)); "none")]
    #[test_case(&json!({"run_timeout": "1"}) => Err("If specified, run_timeout must be a number".to_owned()); "a text")]
    #[test_case(&json!({"run_timeout": 61_001}) => Err("run_timeout cannot exceed the configured limit of 61000".to_owned()); "too much")]
    #[test_case(&json!({"compile_timeout": -5}) => Err("compile_timeout must be non-negative".to_owned()); "below nothing")]
    #[test_case(&json!({"run_memory_limit": 3e9}) => Err("run_memory_limit cannot exceed the configured limit of 2147483648".to_owned()); "memory")]
    fn limits_become_ours(body: &Value) -> Result<(u64, u64, Option<u64>), String> {
        match limits(body, &LimitsPolicy::default()) {
            Ok(LimitsRequest { cpu_ms, wall_ms, memory_mb, .. }) => {
                Ok((wall_ms.unwrap(), cpu_ms.unwrap(), memory_mb))
            }
            Err(PistonError::Message(_, text)) => Err(text),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn hex_is_read() {
        assert_eq!(hex("00fFa1").unwrap(), [0, 255, 0xa1]);
        assert!(hex("0").is_none() && hex("0g").is_none());
    }
}
