//! Outputs that must be the answer byte by byte.

use gavel_model::{Checker, FileIo, Payload, Submission, TestCase, Verdict, Work};
use test_case::test_case;

use crate::rig::{Program, Rig};

/// Prints what it reads.
const COPY: &str = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())\n";

async fn judged(work: Work) -> (Verdict, Option<String>) {
    let submission = Submission { work, ..Program::python(COPY).submission() };
    let result = Rig::new().await.judge(&submission).await;
    (result.verdict, result.tests[0].checker_message.clone())
}

#[test_case(b"a b\n", b"a b\n", Verdict::Ac, None; "same")]
#[test_case(b"a b\n", b"a b", Verdict::Wa, Some(r#"byte 4 on line 1: expected the end, got "\n""#); "a line feed more")]
#[test_case(b"a b", b"a b\n", Verdict::Wa, Some(r#"byte 4 on line 1: expected "\n", got the end"#); "a line feed less")]
#[test_case(b"a  b\n", b"a b\n", Verdict::Wa, Some(r#"byte 3 on line 1: expected "b", got " ""#); "a blank more")]
#[test_case(b"A b\n", b"a b\n", Verdict::Wa, Some(r#"byte 1 on line 1: expected "a", got "A""#); "letter case")]
#[test_case(b"\xff\x00\r\n", b"\xff\x00\r\n", Verdict::Ac, None; "no text")]
#[test_case(b"\xff\x00\r\n", b"\xff\x00\n", Verdict::Wa, Some(r#"byte 3 on line 1: expected "\n", got "\r""#); "another line end")]
#[test_case(b"", b"", Verdict::Ac, None; "nothing")]
#[tokio::test]
async fn every_byte_counts(printed: &[u8], answer: &[u8], verdict: Verdict, message: Option<&str>) {
    let (stdin, expected) = (Payload::inline(printed), Payload::inline(answer));
    let run = Work::Run {
        stdin: stdin.clone(),
        expected_output: Some(expected.clone()),
        checker: Checker::Exact,
        file_io: FileIo::default(),
    };
    let test = TestCase { name: "1".to_owned(), input: stdin, answer: expected };
    let tests = Work::Tests {
        tests: vec![test],
        checker: Checker::Exact,
        all_tests: true,
        file_io: FileIo::default(),
    };
    for work in [run, tests] {
        assert_eq!(judged(work).await, (verdict, message.map(str::to_owned)));
    }
}
