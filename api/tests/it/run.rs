//! The simple call.

use gavel_model::{Captured, JudgeResult, Lane, LimitHit, Submission, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::Service;
use crate::kit::worker::{compile_error, echo, verdict};

async fn judged(judge: impl Fn(&Submission) -> JudgeResult + Clone + Send + 'static) -> Value {
    let service = Service::start().await;
    service.worker(judge);
    let answer = service.post("/run", &json!({"selectedLanguage": "cpp", "userCode": "int main() {}"})).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.json()
}

#[tokio::test]
async fn hello_is_printed_without_its_newline() {
    let service = Service::start().await;
    service.worker(echo);
    for language in ["cpp", "go", "python", "PYTHON3", "c++", "golang"] {
        let body = json!({"selectedLanguage": language, "userCode": "say Hello"});
        let answer = service.post("/run", &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(
            answer.json(),
            json!({"success": true, "verdict": "AC", "output": "Hello", "error": null})
        );
    }
}

#[tokio::test]
async fn what_the_run_used_is_told_on_request_and_nothing_changes_without_it() {
    let service = Service::start().await;
    service.worker(echo);
    let body = json!({"selectedLanguage": "python", "userCode": "say Hello"});
    let plain = r#"{"success":true,"verdict":"AC","output":"Hello","error":null}"#;
    for path in ["/run", "/run?details=false"] {
        assert_eq!(service.post(path, &body).await.text, plain, "{path}");
    }
    let told = service.post("/run?details=true", &body).await;
    insta::assert_json_snapshot!(told.json()["details"], @r#"
    {
      "cpu_ms": 12.5,
      "exit_code": 0,
      "memory_bytes": 9437184,
      "signal": null,
      "wall_ms": 14.0
    }
    "#);
    let without = told.text.replace(&format!(",\"details\":{}", details_of(&told.text)), "");
    assert_eq!(without, plain);
}

fn details_of(text: &str) -> &str {
    text.split_once("\"details\":").unwrap().1.strip_suffix('}').unwrap()
}

#[tokio::test]
async fn a_program_that_was_not_run_has_no_figures() {
    let service = Service::start().await;
    service.worker(|submission| compile_error(submission, "no"));
    let body = json!({"selectedLanguage": "cpp", "userCode": ""});
    let told = service.post("/run?details=true", &body).await.json();
    let nothing =
        json!({"cpu_ms": null, "wall_ms": null, "memory_bytes": null, "exit_code": null, "signal": null});
    assert_eq!(told["details"], nothing);
}

#[tokio::test]
async fn the_input_reaches_the_program() {
    let service = Service::start().await;
    service.worker(echo);
    let body = json!({"selectedLanguage": "python", "userCode": "", "userInput": "3 4\n"});
    assert_eq!(service.post("/run", &body).await.json()["output"], "3 4");
}

#[tokio::test]
async fn a_compile_error_tells_what_the_compiler_said() {
    let said = judged(|submission| compile_error(submission, "main.cpp:1: error: expected ';'\n")).await;
    insta::assert_json_snapshot!(said, @r#"
    {
      "error": "main.cpp:1: error: expected ';'",
      "output": "",
      "success": false,
      "verdict": "CE"
    }
    "#);
}

#[tokio::test]
async fn a_failed_run_tells_what_it_printed_to_standard_error() {
    let said = judged(|submission| {
        let mut result = verdict(submission, Verdict::Rte);
        result.tests[0].stdout = Some(Captured::new(b"half\n", 5));
        result.tests[0].stderr = Some(Captured::new(b"Traceback: boom\n", 16));
        result.tests[0].exit_code = Some(1);
        result
    })
    .await;
    insta::assert_json_snapshot!(said, @r#"
    {
      "error": "Traceback: boom",
      "output": "half",
      "success": false,
      "verdict": "RTE"
    }
    "#);
}

#[tokio::test]
async fn a_silent_failure_is_told_in_a_sentence() {
    let said = judged(|submission| {
        let mut result = verdict(submission, Verdict::Tle);
        result.tests[0].limit = Some(LimitHit::Cpu);
        result
    })
    .await;
    assert_eq!(said["error"], "time limit exceeded (cpu 2000 ms)");
}

#[tokio::test]
async fn a_judge_error_is_told_as_ours() {
    let said = judged(|submission| {
        let mut result = verdict(submission, Verdict::Je);
        result.tests.clear();
        result.error = Some("no sandbox could be started".to_owned());
        result
    })
    .await;
    assert_eq!((&said["verdict"], &said["error"]), (&json!("JE"), &json!("no sandbox could be started")));
}

#[tokio::test]
async fn when_nobody_answers_in_time_it_says_when_to_try_again() {
    let service = Service::with(|config| config.api.max_wait = std::time::Duration::from_millis(200)).await;
    let answer = service.post("/run", &json!({"selectedLanguage": "go", "userCode": ""})).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(service.take(Lane::Practice).await.language, "go");
}
