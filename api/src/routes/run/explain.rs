//! Why a program was not accepted, in words.

use gavel_model::{Captured, JudgeResult, LimitHit, Limits, STDERR_FLOOD_KB, TestReport, Verdict};

/// What goes into `error`; nothing for an accepted program.
pub fn explain(result: &JudgeResult, limits: &Limits) -> Option<String> {
    match result.verdict {
        Verdict::Ac => None,
        Verdict::Ce => Some(compiler_text(result)),
        Verdict::Je => Some(result.error.clone().unwrap_or_else(|| "the judge failed".to_owned())),
        Verdict::Canceled => Some("canceled".to_owned()),
        Verdict::Wa | Verdict::Pa | Verdict::Tle | Verdict::Mle | Verdict::Ole | Verdict::Rte => {
            Some(run_text(result, limits))
        }
    }
}

fn compiler_text(result: &JudgeResult) -> String {
    let Some(compile) = &result.compile else {
        return "the compiler failed".to_owned();
    };
    let said = compile.output.trim_end();
    match (said.is_empty(), compile.limit) {
        (false, _) => said.to_owned(),
        (true, Some(LimitHit::Cpu | LimitHit::Wall)) => "the compiler exceeded its time limit".to_owned(),
        (true, Some(LimitHit::Memory)) => "the compiler exceeded its memory limit".to_owned(),
        (true, Some(LimitHit::Output | LimitHit::Stderr)) => "the compiler printed too much".to_owned(),
        (true, None) => match compile.exit_code {
            Some(code) => format!("the compiler exited with code {code}"),
            None => "the compiler was killed".to_owned(),
        },
    }
}

fn run_text(result: &JudgeResult, limits: &Limits) -> String {
    // The test that decided the verdict; a `run` has only one.
    let test = result.tests.iter().find(|test| test.verdict == result.verdict).or(result.tests.first());
    let stderr = test.and_then(|test| test.stderr.as_ref()).map(Captured::lossy).unwrap_or_default();
    let stderr = stderr.trim_end();
    if !stderr.is_empty() {
        return stderr.to_owned();
    }
    sentence(result.verdict, test, limits)
}

fn sentence(verdict: Verdict, test: Option<&TestReport>, limits: &Limits) -> String {
    let limit = test.and_then(|test| test.limit);
    match (verdict, limit) {
        (Verdict::Tle, Some(LimitHit::Wall)) => format!("time limit exceeded (wall {} ms)", limits.wall_ms),
        (Verdict::Tle, _) => format!("time limit exceeded (cpu {} ms)", limits.cpu_ms),
        (Verdict::Mle, _) => format!("memory limit exceeded ({} MiB)", limits.memory_mb),
        (Verdict::Ole, Some(LimitHit::Stderr)) => {
            format!("output limit exceeded (standard error, {STDERR_FLOOD_KB} KiB)")
        }
        (Verdict::Ole, _) => format!("output limit exceeded ({} KiB)", limits.output_kb),
        (Verdict::Wa, _) => "wrong answer".to_owned(),
        (Verdict::Pa, _) => "partly right".to_owned(),
        _ => ending(test),
    }
}

fn ending(test: Option<&TestReport>) -> String {
    match test.map(|test| (test.signal, test.exit_code)) {
        Some((Some(signal), _)) => match signal_name(signal) {
            Some(name) => format!("killed by signal {signal} ({name})"),
            None => format!("killed by signal {signal}"),
        },
        Some((None, Some(code))) => format!("exited with code {code}"),
        _ => "run-time error".to_owned(),
    }
}

/// Linux's names of the signals that end programs (signal(7)), on the machines Gavel runs on.
const fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn test(verdict: Verdict, limit: Option<LimitHit>, signal: Option<i32>, code: Option<i32>) -> TestReport {
        TestReport { exit_code: code, signal, limit, ..TestReport::new("1", None, verdict) }
    }

    #[test_case(Verdict::Tle, Some(LimitHit::Cpu), None => "time limit exceeded (cpu 2000 ms)")]
    #[test_case(Verdict::Tle, Some(LimitHit::Wall), None => "time limit exceeded (wall 5000 ms)")]
    #[test_case(Verdict::Mle, Some(LimitHit::Memory), Some(9) => "memory limit exceeded (256 MiB)")]
    #[test_case(Verdict::Ole, Some(LimitHit::Output), None => "output limit exceeded (8192 KiB)")]
    #[test_case(Verdict::Rte, None, Some(11) => "killed by signal 11 (SIGSEGV)")]
    #[test_case(Verdict::Rte, None, Some(64) => "killed by signal 64")]
    #[test_case(Verdict::Rte, None, None => "exited with code 3")]
    fn a_silent_end_is_told_in_a_sentence(
        verdict: Verdict,
        limit: Option<LimitHit>,
        signal: Option<i32>,
    ) -> String {
        let code = signal.is_none().then_some(3);
        sentence(verdict, Some(&test(verdict, limit, signal, code)), &Limits::DEFAULT)
    }
}
