//! What became of a run, in Piston's stages.

use gavel_model::{Captured, CompileReport, JudgeResult, LimitHit, TestReport, Verdict};
use serde_json::{Value, json};

use super::runtimes::Runtime;

/// The answer to a run.
///
/// A language that is only checked before it runs has no compile stage: what the check says is what the program would
/// have said.
pub fn told(result: &JudgeResult, runtime: &Runtime) -> Value {
    let compiled = runtime.spec.artifact().is_some();
    let compile = result.compile.as_ref().map(compile_stage);
    let run = match (result.verdict, &compile, result.tests.first()) {
        (Verdict::Ce, Some(compile), _) => compile.clone(),
        (_, _, Some(run)) => run_stage(run),
        _ => failed(result.error.as_deref().unwrap_or("the judge failed")),
    };
    let mut told = json!({ "run": run, "language": runtime.name, "version": runtime.version.to_string() });
    if compiled && let Some(compile) = compile {
        told["compile"] = compile;
    }
    told
}

/// How a stage ended.
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) signal: Option<&'static str>,
    status: Option<&'static str>,
    message: Option<String>,
}

impl Ended {
    fn exited(code: i32) -> Self {
        let bad = code != 0;
        Self {
            code: Some(code),
            signal: None,
            status: bad.then_some("RE"),
            message: bad.then(|| format!("Exited with error status {code}")),
        }
    }

    fn killed(status: &'static str, message: &str) -> Self {
        Self { code: None, signal: Some("SIGKILL"), status: Some(status), message: Some(message.to_owned()) }
    }

    /// By the limit it met, or else by its exit code; programs are started by a shell there, which turns a signal into
    /// 128 + its number.
    pub(super) fn of(limit: Option<LimitHit>, signal: Option<i32>, code: Option<i32>) -> Self {
        match limit {
            Some(LimitHit::Cpu) => Self::killed("TO", "Time limit exceeded"),
            Some(LimitHit::Wall) => Self::killed("TO", "Time limit exceeded (wall clock)"),
            Some(LimitHit::Output) => Self::killed("OL", "stdout length exceeded"),
            Some(LimitHit::Stderr) => Self::killed("EL", "stderr length exceeded"),
            Some(LimitHit::Memory) => Self::exited(137),
            None => Self::exited(signal.map_or_else(|| code.unwrap_or(1), |signal| 128 + signal)),
        }
    }
}

fn run_stage(run: &TestReport) -> Value {
    let text = |captured: Option<&Captured>| captured.map(Captured::lossy).unwrap_or_default();
    let limit = run.limit.or((run.verdict == Verdict::Mle).then_some(LimitHit::Memory));
    let ended = Ended::of(limit, run.signal, run.exit_code);
    let (stdout, stderr) = (text(run.stdout.as_ref()), text(run.stderr.as_ref()));
    stage(&ended, &stdout, &stderr, Some(run.memory_bytes), run.cpu_ms, run.wall_ms)
}

fn compile_stage(compile: &CompileReport) -> Value {
    let ended = Ended::of(compile.limit, None, compile.exit_code);
    stage(&ended, "", &compile.output, Some(compile.memory_bytes), compile.cpu_ms, compile.wall_ms)
}

fn failed(why: &str) -> Value {
    let ended = Ended { code: None, signal: None, status: Some("XX"), message: Some(why.to_owned()) };
    stage(&ended, "", "", None, 0.0, 0.0)
}

fn stage(ended: &Ended, stdout: &str, stderr: &str, memory: Option<u64>, cpu_ms: f64, wall_ms: f64) -> Value {
    json!({
        "signal": ended.signal,
        "stdout": stdout,
        "stderr": stderr,
        "code": ended.code,
        "output": format!("{stdout}{stderr}"),
        "memory": memory,
        "message": ended.message,
        "status": ended.status,
        "cpu_time": cpu_ms.round() as u64,
        "wall_time": wall_ms.round() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(None, None, Some(0) => json!([0, null, null, null]); "fine")]
    #[test_case(None, None, Some(3) => json!([3, null, "RE", "Exited with error status 3"]); "exit code")]
    #[test_case(None, Some(11), None => json!([139, null, "RE", "Exited with error status 139"]); "signal")]
    #[test_case(Some(LimitHit::Cpu), Some(9), None => json!([null, "SIGKILL", "TO", "Time limit exceeded"]); "cpu")]
    #[test_case(Some(LimitHit::Wall), Some(9), None => json!([null, "SIGKILL", "TO", "Time limit exceeded (wall clock)"]); "wall")]
    #[test_case(Some(LimitHit::Output), Some(9), None => json!([null, "SIGKILL", "OL", "stdout length exceeded"]); "output")]
    #[test_case(Some(LimitHit::Stderr), Some(9), None => json!([null, "SIGKILL", "EL", "stderr length exceeded"]); "standard error")]
    #[test_case(Some(LimitHit::Memory), Some(9), None => json!([137, null, "RE", "Exited with error status 137"]); "memory")]
    fn a_stage_ends_in_pistons_words(
        limit: Option<LimitHit>,
        signal: Option<i32>,
        code: Option<i32>,
    ) -> Value {
        let ended = Ended::of(limit, signal, code);
        json!([ended.code, ended.signal, ended.status, ended.message])
    }
}
