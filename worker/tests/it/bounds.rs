//! Messages that no client of the API could have sent.

use gavel_model::{Limits, Payload, SourceFile, Submission, TestCase, Verdict, Work};
use gavel_worker::judge::judge_error;

use crate::rig::{Program, Rig};

const HELLO: &str = "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }";

async fn refused(rig: &Rig, submission: &Submission) -> String {
    let slot = rig.host.slots.get().await.unwrap();
    let fault = rig.host.judge.judge(submission, 1, &slot, &mut |_| ()).await.unwrap_err();
    assert!(fault.is_permanent(), "to try again would change nothing: {fault:?}");
    let result = judge_error(submission, "worker", 1, &fault);
    assert_eq!(result.verdict, Verdict::Je);
    result.error.unwrap()
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused_at_once_and_the_next_is_judged() {
    let rig = Rig::new().await;
    let honest = Program::c(HELLO).submission();
    let file = |name: &str, size: usize| SourceFile {
        name: name.to_owned().try_into().unwrap(),
        content: Payload::Text("x".repeat(size)),
    };
    let test = TestCase { name: "1".to_owned(), input: Payload::default(), answer: Payload::default() };
    let tests = Work::Tests {
        tests: vec![test; 1_001],
        checker: Default::default(),
        all_tests: false,
        file_io: Default::default(),
    };
    for (bad, why) in [
        (Submission { files: vec![file("main.c", 600 << 10)], ..honest.clone() }, "bytes of source"),
        (Submission { files: vec![file("a", 1), file("a/b", 1)], ..honest.clone() }, "files"),
        (Submission { files: Vec::new(), ..honest.clone() }, "no files"),
        (Submission { work: tests, ..honest.clone() }, "tests: 1001"),
        (Submission { args: vec!["x\0".to_owned()], ..honest.clone() }, "an argument"),
        (Submission { language: "x".repeat(1_000), ..honest.clone() }, "the language's name"),
    ] {
        let error = refused(&rig, &bad).await;
        assert!(error.starts_with("refused: ") && error.contains(why) && error.len() < 300, "{error}");
    }
    assert_eq!(rig.judge(&honest).await.verdict, Verdict::Ac);
}

#[tokio::test]
async fn limits_above_the_maximum_are_not_granted() {
    let rig = Rig::with(|config| config.limits.max.cpu_ms = 300).await;
    let most = u64::MAX;
    let limits = Limits { cpu_ms: most, wall_ms: most, memory_mb: most, output_kb: most, processes: most };
    let submission = Program::c("int main(void) { for (;;); }").limits(limits).submission();
    let result = rig.judge(&submission).await;
    assert_eq!((result.verdict, result.limits.unwrap().cpu_ms), (Verdict::Tle, 300), "{result:#?}");
}

/// A message that says less than a blob holds would have it read past every bound.
#[tokio::test]
async fn a_blob_of_another_size_than_said_is_not_read() {
    let rig = Rig::new().await;
    let honest = Program::c(HELLO).submission();
    let large = bytes::Bytes::from(vec![b' '; 1 << 20]);
    let Payload::Blob { sha256, .. } = rig.blobs().pack(large).await.unwrap() else { panic!() };
    let work = Work::Run {
        stdin: Payload::Blob { sha256, size: 1 },
        expected_output: None,
        checker: Default::default(),
        file_io: Default::default(),
    };
    let slot = rig.host.slots.get().await.unwrap();
    let fault =
        rig.host.judge.judge(&Submission { work, ..honest }, 1, &slot, &mut |_| ()).await.unwrap_err();
    let told = gavel_platform::lifecycle::chain(&fault);
    assert!(told.contains("1048576 bytes, 1 were said"), "{told}");
}
