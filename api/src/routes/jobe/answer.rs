//! What became of a run, in Jobe's outcomes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gavel_model::{Captured, Encoding, JudgeResult, TestReport, Verdict};
use serde_json::{Value, json};

/// The compiler had something to say.
const COMPILE_ERROR: u8 = 11;
/// The program wrote to standard error, or crashed.
const RUNTIME_ERROR: u8 = 12;
/// It took too long, or wrote too much.
const TIME_LIMIT: u8 = 13;
/// It is done; whatever its exit code is.
const SUCCESS: u8 = 15;
/// The service failed.
const INTERNAL: u8 = 20;
/// There was no room for it.
pub(super) const OVERLOADED: u8 = 21;

/// The answer to a run.
pub(super) fn told(result: &JudgeResult) -> Value {
    let run = result.tests.first();
    let mut stderr = run.map(|run| text(run.stderr.as_ref())).unwrap_or_default();
    let stdout = run.map(|run| text(run.stdout.as_ref())).unwrap_or_default();
    let said = result.compile.as_ref().map(|compile| compile.output.as_str()).unwrap_or_default();
    let outcome = outcome(result, run, said, &stderr);
    match outcome {
        TIME_LIMIT => stderr.clear(),
        RUNTIME_ERROR if result.verdict == Verdict::Mle && stderr.is_empty() => {
            stderr.push_str("Memory limit exceeded\n");
        }
        INTERNAL => stderr = result.error.clone().unwrap_or_default(),
        _ => {}
    }
    // A program that was not compiled without a word was not run, as far as Jobe's clients know.
    let (stdout, stderr) = if outcome == COMPILE_ERROR { Default::default() } else { (stdout, stderr) };
    let cmpinfo = match (outcome, said) {
        (COMPILE_ERROR, "") => "the compiler failed",
        (COMPILE_ERROR, said) => said,
        _ => "",
    };
    json!({
        "run_id": result.id.to_string(),
        "outcome": outcome,
        "cmpinfo": cmpinfo,
        "stdout": stdout,
        "stderr": stderr,
    })
}

fn outcome(result: &JudgeResult, run: Option<&TestReport>, said: &str, stderr: &str) -> u8 {
    match result.verdict {
        Verdict::Je => INTERNAL,
        Verdict::Canceled => OVERLOADED,
        Verdict::Ce => COMPILE_ERROR,
        _ if !said.trim().is_empty() => COMPILE_ERROR,
        Verdict::Tle | Verdict::Ole => TIME_LIMIT,
        Verdict::Mle => RUNTIME_ERROR,
        _ if !stderr.is_empty() || run.is_some_and(|run| run.signal.is_some()) => RUNTIME_ERROR,
        Verdict::Ac | Verdict::Wa | Verdict::Pa | Verdict::Rte => SUCCESS,
    }
}

/// What was printed. Where it is no UTF-8, every byte that is not printable ASCII, a line end or a tab is `\xhh`.
fn text(captured: Option<&Captured>) -> String {
    let Some(captured) = captured else { return String::new() };
    if captured.encoding == Encoding::Utf8 {
        return captured.data.clone();
    }
    let bytes = STANDARD.decode(&captured.data).unwrap_or_default();
    bytes
        .into_iter()
        .map(|byte| match byte {
            b'\n' | b'\r' | b'\t' | 0x20..=0x7e => char::from(byte).to_string(),
            other => format!("\\x{other:02x}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::{CompileReport, Lane};
    use gavel_testkit::{compile_report, result, submission};
    use test_case::test_case;

    fn judged(verdict: Verdict, change: impl FnOnce(&mut TestReport)) -> JudgeResult {
        let mut test = TestReport { exit_code: Some(0), ..TestReport::new("run", None, verdict) };
        test.stdout = Some(Captured::new(b"7\n", 2));
        test.stderr = Some(Captured::default());
        change(&mut test);
        JudgeResult { tests: vec![test], ..result(&submission(Lane::Practice), verdict) }
    }

    fn wrote(run: &mut TestReport) {
        run.stderr = Some(Captured::new(b"oh\n", 3));
    }

    #[test_case(Verdict::Ac, |_| () => (15, "7\n".to_owned(), String::new()); "success")]
    #[test_case(Verdict::Rte, |run| run.exit_code = Some(3) => (15, "7\n".to_owned(), String::new()); "the exit code does not count")]
    #[test_case(Verdict::Ac, wrote => (12, "7\n".to_owned(), "oh\n".to_owned()); "standard error counts")]
    #[test_case(Verdict::Rte, |run| (run.signal, run.exit_code) = (Some(11), None) => (12, "7\n".to_owned(), String::new()); "a segfault")]
    #[test_case(Verdict::Tle, wrote => (13, "7\n".to_owned(), String::new()); "too long")]
    #[test_case(Verdict::Ole, |_| () => (13, "7\n".to_owned(), String::new()); "endless output")]
    #[test_case(Verdict::Mle, |_| () => (12, "7\n".to_owned(), "Memory limit exceeded\n".to_owned()); "memory")]
    #[test_case(Verdict::Je, |_| () => (20, "7\n".to_owned(), String::new()); "our fault")]
    fn an_end_has_jobes_outcome(verdict: Verdict, change: fn(&mut TestReport)) -> (u8, String, String) {
        let told = told(&judged(verdict, change));
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        (told["outcome"].as_u64().unwrap() as u8, text("stdout"), text("stderr"))
    }

    #[test]
    fn whatever_a_compiler_says_is_an_error() {
        let report = CompileReport { output: "a note".to_owned(), ..compile_report(0) };
        let noted = told(&JudgeResult { compile: Some(report), ..judged(Verdict::Ac, |_| ()) });
        assert_eq!(
            (&noted["outcome"], &noted["cmpinfo"], &noted["stdout"]),
            (&json!(11), &json!("a note"), &json!(""))
        );
        let silent = told(&JudgeResult { compile: Some(compile_report(0)), ..judged(Verdict::Ac, |_| ()) });
        assert_eq!(silent["outcome"], 15);
    }

    #[test]
    fn bytes_that_are_no_text_are_written_out() {
        let printed = judged(Verdict::Ac, |run| run.stdout = Some(Captured::new(b"a\xff\x01\n\t", 5)));
        assert_eq!(told(&printed)["stdout"], "a\\xff\\x01\n\t");
    }
}
