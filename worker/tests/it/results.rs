//! What becomes of outputs that are too much for a result.

use gavel_model::{
    Checker, Encoding, JudgeResult, Payload, Submission, TestCase, Verdict, Work, texts_length,
};
use test_case::test_case;

use crate::rig::{Program, Rig};

/// Prints 64 KiB of one byte on both streams; at the second test it is right.
const FLOOD: &str = r#"
    #include <stdio.h>
    #include <string.h>
    #include <unistd.h>
    int main(void) {
        static char bytes[65536];
        int byte = 0;
        if (scanf("%d", &byte) != 1) return 1;
        memset(bytes, byte, sizeof bytes);
        write(2, bytes, sizeof bytes);
        return write(1, bytes, sizeof bytes) < 0;
    }
"#;

fn flood(tests: usize, byte: u8) -> Submission {
    let answer = |number| Payload::inline(&if number == 1 { vec![byte; 65536] } else { Vec::new() });
    let test = |number: usize| TestCase {
        name: number.to_string(),
        input: Payload::Text(format!("{byte}\n")),
        answer: answer(number),
    };
    Submission {
        work: Work::Tests {
            tests: (0..tests).map(test).collect(),
            checker: Checker::Exact,
            all_tests: true,
            file_io: Default::default(),
        },
        ..Program::c(FLOOD).submission()
    }
}

fn json(result: &JudgeResult) -> usize {
    serde_json::to_vec(result).unwrap().len()
}

#[test_case(b'x'; "text")]
#[test_case(1; "control bytes")]
#[test_case(0xff; "no text at all")]
#[tokio::test]
async fn many_large_outputs_are_cut_on_the_way_and_fit_in_the_end(byte: u8) {
    let rig = Rig::new().await;
    let most = rig.config.worker.result_bytes();
    let result = rig.judge(&flood(60, byte)).await;
    let held: usize = result.tests.iter().map(texts_length).sum();
    assert!(held <= 2 * most, "{held} bytes of text are held");

    let bounded = result.bounded(most);
    assert!(json(&bounded) <= most, "{} bytes", json(&bounded));
    assert!(bounded.truncated);
    assert_eq!((bounded.tests.len(), bounded.verdict), (60, Verdict::Wa));
    assert_eq!(bounded.tests[1].verdict, Verdict::Ac);
    for test in &bounded.tests {
        let shown = test.stdout.as_ref().unwrap();
        assert!(shown.truncated && shown.bytes == 65536 && !shown.data.is_empty(), "{}", test.name);
        assert_eq!(shown.encoding == Encoding::Base64, byte == 0xff);
        assert!(test.cpu_ms > 0.0 && test.checker_message.is_some() == (test.verdict == Verdict::Wa));
    }
}

#[tokio::test]
async fn one_large_output_is_shown_as_far_as_the_setting_says() {
    let rig = Rig::new().await;
    let result = rig.judge(&flood(1, b'x')).await.bounded(rig.config.worker.result_bytes());
    assert!(!result.truncated);
    assert_eq!(result.tests[0].stdout.as_ref().unwrap().data.len(), 65536);
}
