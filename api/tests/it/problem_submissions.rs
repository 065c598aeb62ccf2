//! Submissions that are judged by stored problems, and the time limits they bring.

use std::sync::atomic::Ordering;

use gavel_model::{JudgeResult, Lane, Limits, Payload, Submission, Verdict, Work};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::packages::{LEGACY, MODERN, REMOVED, variant, with, zip};
use crate::kit::worker::verdict;
use crate::kit::{Answer, Service, until};

fn body(language: &str, problem: &str) -> Value {
    json!({"language": language, "source": "x", "work": {"kind": "problem", "problem": problem}})
}

/// Judges by a limit of 3 s where none is given.
fn deriving(submission: &Submission) -> JudgeResult {
    let Work::Problem { time_limit_ms, .. } = submission.work else { panic!("not a problem") };
    let limits = Limits { cpu_ms: time_limit_ms.unwrap_or(3_000), ..Limits::DEFAULT };
    JudgeResult { limits: Some(limits), ..verdict(submission, Verdict::Ac) }
}

async fn problem(service: &Service) -> Value {
    service.get("/api/v1/problems/sum").await.json()
}

#[tokio::test]
async fn a_submission_is_pinned_to_the_version_that_was_meant() {
    let service = Service::start().await;
    let one = service.put("sum", zip(MODERN)).await.json()["sha256"].as_str().unwrap().to_owned();
    let two = service.put("sum", variant(MODERN, "10\n")).await.json()["sha256"].as_str().unwrap().to_owned();
    let short = format!("sum@{}", one[..12].to_ascii_uppercase());
    for (asked, expected) in [("sum", &two), (&format!("sum@{one}"), &one), (&short, &one)] {
        let mut body = body("python", asked);
        body["work"]["all_tests"] = json!(true);
        let answer = service.post("/api/v1/submissions", &body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let work = service.take(Lane::Practice).await.work;
        let sha256 = expected.parse().unwrap();
        let wanted = Work::Problem { problem: "sum".into(), sha256, time_limit_ms: None, all_tests: true };
        assert_eq!(work, wanted, "{asked}: a stated limit stays in the package");
    }
}

#[tokio::test]
async fn what_a_problem_does_not_take_is_refused_by_name() {
    let service = Service::start().await;
    let yaml = "problem_format_version: 2025-09\nname: Sum\nuuid: x\nlanguages: [cpp, python3, kotlin]\n\
                limits: {time_limit: 1, code: 1}\n";
    let told = service.put("sum", zip(&with(MODERN, &[("problem.yaml", yaml)]))).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.text);
    let yaml =
        "problem_format_version: 2025-09\nname: Sum\nuuid: x\nlanguages: [kotlin]\nlimits: {time_limit: 1}\n";
    service.put("rare", zip(&with(MODERN, &[("problem.yaml", yaml)]))).await;
    let mut long = body("python", "sum");
    long["source"] = json!("x".repeat(1025));
    let mut files = json!({"files": [{"name": "a.py", "content": "x".repeat(1025)}], "work": {"kind": "problem", "problem": "sum"}});
    files["lane"] = json!("contest");
    let mut limited = body("python", "sum");
    limited["limits"] = json!({"cpu_ms": 1000});
    let unknown = format!("sum@{}", "0".repeat(64));
    let mut said = String::new();
    for body in [
        body("go", "sum"),
        body("python", "rare"),
        long,
        files,
        limited,
        body("python", "none"),
        body("python", "No such"),
        body("python", &unknown),
        body("python", "sum@abc"),
    ] {
        let answer: Answer = service.post("/api/v1/submissions", &body).await;
        let error = answer.error();
        let field = error["field"].as_str().unwrap();
        let code = answer.code();
        let message = error["message"].as_str().unwrap();
        said.push_str(&format!("{} {code} [{field}] {message}\n", answer.status.as_u16()));
    }
    insta::assert_snapshot!(said, @r#"
    400 language_not_allowed [language] the problem "sum" does not take go; it takes: cpp, python
    400 language_not_allowed [language] the problem "rare" takes only kotlin, and there is none of these here
    413 too_large [source] source has 1025 bytes, the maximum is 1024
    413 too_large [files] files has 1025 bytes, the maximum is 1024
    400 invalid_field [limits] limits do not go with a stored problem: its package decides
    404 unknown_problem [work.problem] there is no problem "none"
    404 unknown_problem [work.problem] there is no problem "No such"
    404 unknown_problem [work.problem] there is no version 0000000000000000000000000000000000000000000000000000000000000000 of a problem "sum"
    400 invalid_field [work.problem] "sum@abc": after `@` come 12 to 64 hexadecimal digits of the version's SHA-256
    "#);
    for language in ["python3", "C++"] {
        let answer = service.post("/api/v1/submissions", &body(language, "sum")).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_package_without_a_time_limit_is_calibrated_and_the_limit_travels_from_then_on() {
    let service = Service::start().await;
    let files = with(LEGACY, &[("submissions/accepted/0.rs", "fn main() {}\n")]);
    let told = service.put("sum", zip(&files)).await.json();
    assert_eq!((&told["time_limit_ms"], &told["time_limit_source"]), (&Value::Null, &json!("pending")));
    let calibration = service.take(Lane::Practice).await;
    assert_eq!(told["calibration"], calibration.id.to_string());
    assert_eq!(calibration.language, "python", "the first whose language there is");
    assert_eq!(calibration.files[0].name.as_str(), "a.py");
    assert!(matches!(&calibration.files[0].content, Payload::Text(text) if text.contains("sum(map")));
    let state = service.get(&format!("/api/v1/submissions/{}", calibration.id)).await.json();
    assert_eq!(state["state"], "queued", "an ordinary submission");

    let again = service.put("sum", zip(&files)).await.json();
    assert_eq!(again["calibration"], told["calibration"], "one is on its way");

    use gavel_broker::WorkSource as _;
    service.broker.publish_result(&deriving(&calibration)).await.unwrap();
    until("the limit is known", async || problem(&service).await["time_limit_ms"] == 3_000).await;
    let known = problem(&service).await;
    assert_eq!(known["time_limit_source"], "derived");
    assert_eq!(known["versions"][0]["time_limit_ms"], 3_000);

    service.post("/api/v1/submissions", &body("cpp", "sum")).await;
    let later = service.take(Lane::Practice).await;
    assert!(matches!(later.work, Work::Problem { time_limit_ms: Some(3_000), .. }), "{:?}", later.work);
    assert_eq!(service.put("sum", zip(&files)).await.json()["time_limit_ms"], 3_000);
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), 2, "no second calibration");
}

#[tokio::test]
async fn a_calibration_that_brought_no_limit_is_made_again_with_the_next_upload() {
    use gavel_broker::WorkSource as _;
    let service = Service::start().await;
    let first = service.put("sum", zip(LEGACY)).await.json()["calibration"].clone();
    let calibration = service.take(Lane::Practice).await;
    service.broker.publish_result(&verdict(&calibration, Verdict::Je)).await.unwrap();
    let path = format!("/api/v1/submissions/{}", calibration.id);
    until("it is done", async || service.get(&path).await.json()["state"] == "done").await;
    let second = service.put("sum", zip(LEGACY)).await;
    assert_eq!(second.status, StatusCode::OK);
    assert_ne!(second.json()["calibration"], first);
    assert_eq!(second.json()["calibration"], service.take(Lane::Practice).await.id.to_string());
}

#[tokio::test]
async fn a_program_of_several_files_is_calibrated_with_its_entry_first_and_its_constants_filled_in() {
    let service = Service::start().await;
    let yaml = "problem_format_version: 2025-09\nname: Sum\nuuid: x\nconstants: {most: 17}\n";
    let files = with(
        MODERN,
        &[
            ("problem.yaml", yaml),
            ("submissions/accepted/a.py", REMOVED),
            ("submissions/accepted/one/data.txt", "{{most}}"),
            ("submissions/accepted/one/helper.py", "MOST = {{most}}\n"),
            ("submissions/accepted/one/main.py", "import helper\n"),
        ],
    );
    let told = service.put("sum", zip(&files)).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.text);
    let calibration = service.take(Lane::Practice).await;
    let names: Vec<_> = calibration.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["main.py", "helper.py", "data.txt"]);
    assert!(matches!(&calibration.files[1].content, Payload::Text(text) if text == "MOST = 17\n"));
}

#[tokio::test]
async fn a_submission_to_a_deleted_problem_is_still_judged() {
    let service = Service::start().await;
    service.put("sum", zip(MODERN)).await;
    let path = service.post("/api/v1/submissions", &body("cpp", "sum")).await.header("location").to_owned();
    service.delete("/api/v1/problems/sum").await;
    service.worker(deriving);
    until("it is judged", async || service.get(&path).await.json()["verdict"] == "AC").await;
    let refused = service.post("/api/v1/submissions", &body("cpp", "sum")).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::NOT_FOUND, "unknown_problem"));
}
