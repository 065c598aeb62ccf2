//! What became of a submission, in Judge0's statuses (`app/enumerations/status.rb`, `app/jobs/isolate_job.rb`).
//!
//! Judge0 starts programs from a shell, which turns a signal into the exit status 128 + n: all but time limits is
//! `Runtime Error (NZEC)` there, and clients tell a crash or the memory limit by that number.

use gavel_model::{CompileReport, JudgeResult, LimitHit, TestReport, Verdict};

use super::note::Note;

/// Every status: its number and what it says.
pub const STATUSES: [(u8, &str); 14] = [
    (1, "In Queue"),
    (2, "Processing"),
    (3, "Accepted"),
    (4, "Wrong Answer"),
    (5, "Time Limit Exceeded"),
    (6, "Compilation Error"),
    (7, "Runtime Error (SIGSEGV)"),
    (8, "Runtime Error (SIGXFSZ)"),
    (9, "Runtime Error (SIGFPE)"),
    (10, "Runtime Error (SIGABRT)"),
    (11, "Runtime Error (NZEC)"),
    (12, "Runtime Error (Other)"),
    (13, "Internal Error"),
    (14, "Exec Format Error"),
];

/// What a status says.
#[must_use]
pub fn description(status: u8) -> &'static str {
    STATUSES.into_iter().find(|(id, _)| *id == status).map_or("", |(_, text)| text)
}

/// How a submission ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The number of its status.
    pub status: u8,
    /// The exit code, where there was a run.
    pub exit_code: Option<i32>,
    /// What is said of it.
    pub message: Option<String>,
}

/// The number of the signal that ends a program that writes too much (`SIGXFSZ`).
const TOO_MUCH_OUTPUT: i32 = 25;
/// The number of the signal that ends a program that takes too much memory (`SIGKILL`).
const TOO_MUCH_MEMORY: i32 = 9;

/// How a submission ended.
#[must_use]
pub fn ended(result: &JudgeResult, note: &Note) -> Ended {
    let run = last_run(result);
    let clean = |status| Ended { status, exit_code: Some(0), message: None };
    match result.verdict {
        Verdict::Ac if note.expects_nothing && run.is_some_and(prints_nothing) => clean(4),
        Verdict::Ac => clean(3),
        Verdict::Wa | Verdict::Pa => clean(4),
        Verdict::Tle => {
            let wall = run.is_some_and(|run| run.limit == Some(LimitHit::Wall));
            let message = if wall { "Time limit exceeded (wall clock)" } else { "Time limit exceeded" };
            Ended { status: 5, exit_code: Some(0), message: Some(message.to_owned()) }
        }
        Verdict::Ce => Ended { status: 6, exit_code: None, message: None },
        Verdict::Mle => nzec(128 + TOO_MUCH_MEMORY),
        Verdict::Ole => nzec(128 + TOO_MUCH_OUTPUT),
        Verdict::Rte => nzec(run.map_or(1, |run| match (run.signal, run.exit_code) {
            (Some(signal), _) => 128 + signal,
            (None, code) => code.unwrap_or(1),
        })),
        Verdict::Je | Verdict::Canceled => {
            let message = result.error.clone().unwrap_or_else(|| "canceled".to_owned());
            Ended { status: 13, exit_code: None, message: Some(message) }
        }
    }
}

/// The run that decided it: the last one.
#[must_use]
pub fn last_run(result: &JudgeResult) -> Option<&TestReport> {
    result.tests.last()
}

/// What the compiler said; nothing if it was silent.
#[must_use]
pub fn compile_output(result: &JudgeResult) -> Option<String> {
    let CompileReport { output, limit, .. } = result.compile.as_ref()?;
    if result.verdict == Verdict::Ce && matches!(limit, Some(LimitHit::Cpu | LimitHit::Wall)) {
        return Some("Compilation time limit exceeded.".to_owned());
    }
    Some(output.clone()).filter(|output| !output.is_empty())
}

fn nzec(code: i32) -> Ended {
    Ended { status: 11, exit_code: Some(code), message: Some(format!("Exited with error status {code}")) }
}

fn prints_nothing(run: &TestReport) -> bool {
    run.stdout.as_ref().is_none_or(|stdout| stdout.bytes == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::{Captured, Lane};
    use gavel_testkit::{compile_report, result, submission};
    use test_case::test_case;

    fn judged(verdict: Verdict, change: impl FnOnce(&mut TestReport)) -> JudgeResult {
        let mut test = TestReport { exit_code: Some(0), ..TestReport::new("run", None, verdict) };
        test.stdout = Some(Captured::new(b"7\n", 2));
        change(&mut test);
        JudgeResult { tests: vec![test], ..result(&submission(Lane::Practice), verdict) }
    }

    #[test_case(Verdict::Ac, |_| () => (3, Some(0), String::new()); "accepted")]
    #[test_case(Verdict::Wa, |_| () => (4, Some(0), String::new()); "wrong answer")]
    #[test_case(Verdict::Tle, |run| run.limit = Some(LimitHit::Cpu) => (5, Some(0), "Time limit exceeded".to_owned()); "cpu")]
    #[test_case(Verdict::Tle, |run| run.limit = Some(LimitHit::Wall) => (5, Some(0), "Time limit exceeded (wall clock)".to_owned()); "wall")]
    #[test_case(Verdict::Rte, |run| run.exit_code = Some(3) => (11, Some(3), "Exited with error status 3".to_owned()); "exit code")]
    #[test_case(Verdict::Rte, |run| run.signal = Some(11) => (11, Some(139), "Exited with error status 139".to_owned()); "segfault")]
    #[test_case(Verdict::Rte, |run| run.signal = Some(8) => (11, Some(136), "Exited with error status 136".to_owned()); "floating point")]
    #[test_case(Verdict::Rte, |run| run.signal = Some(6) => (11, Some(134), "Exited with error status 134".to_owned()); "abort")]
    #[test_case(Verdict::Mle, |_| () => (11, Some(137), "Exited with error status 137".to_owned()); "memory")]
    #[test_case(Verdict::Ole, |_| () => (11, Some(153), "Exited with error status 153".to_owned()); "output")]
    #[test_case(Verdict::Canceled, |_| () => (13, None, "canceled".to_owned()); "canceled")]
    fn an_end_has_judge0s_status(verdict: Verdict, change: fn(&mut TestReport)) -> (u8, Option<i32>, String) {
        let ended = ended(&judged(verdict, change), &Note::default());
        (ended.status, ended.exit_code, ended.message.unwrap_or_default())
    }

    #[test]
    fn nothing_where_nothing_is_expected_is_wrong_and_a_line_feed_is_right() {
        let note = Note { expects_nothing: true, ..Note::default() };
        let nothing = judged(Verdict::Ac, |run| run.stdout = Some(Captured::default()));
        assert_eq!((ended(&nothing, &note).status, ended(&nothing, &Note::default()).status), (4, 3));
        let line_feed = judged(Verdict::Ac, |run| run.stdout = Some(Captured::new(b"\n", 1)));
        assert_eq!(ended(&line_feed, &note).status, 3);
    }

    #[test]
    fn a_judge_error_says_why() {
        let error = Some("no image".to_owned());
        let result = JudgeResult { error, ..judged(Verdict::Je, |_| ()) };
        let ended = ended(&result, &Note::default());
        assert_eq!((ended.status, ended.message.as_deref()), (13, Some("no image")));
    }

    #[test]
    fn compilers_are_quoted_and_a_slow_one_is_named() {
        let report = CompileReport { output: "x: warning".to_owned(), ..compile_report(0) };
        let good = JudgeResult { compile: Some(report.clone()), ..judged(Verdict::Ac, |_| ()) };
        assert_eq!(compile_output(&good).as_deref(), Some("x: warning"));
        let slow = CompileReport { limit: Some(LimitHit::Cpu), ..report };
        let slow = JudgeResult { compile: Some(slow), ..judged(Verdict::Ce, |_| ()) };
        assert_eq!(compile_output(&slow).as_deref(), Some("Compilation time limit exceeded."));
        assert_eq!(compile_output(&judged(Verdict::Ac, |_| ())), None);
    }
}
