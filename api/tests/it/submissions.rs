//! Submissions that are right.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use gavel_model::{Checker, FileIo, Lane, Limits, Payload, Submission, Verdict, Work};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::worker::{echo, verdict};
use crate::kit::{Service, until, within};

const HELLO: &str = "print('Hello')";

fn hello() -> Value {
    json!({"language": "python", "source": HELLO})
}

#[tokio::test]
async fn a_submission_is_accepted_queued_and_told_of() {
    let service = Service::start().await;
    let answer = service.post("/api/v1/submissions", &hello()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let queued = answer.json();
    let id = queued["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/api/v1/submissions/{id}"));
    assert_eq!(
        (&queued["state"], &queued["lane"], &queued["language"]),
        (&json!("queued"), &json!("practice"), &json!("python"))
    );
    let told = service.get(answer.header("location")).await;
    assert_eq!((told.status, told.json()), (StatusCode::OK, queued.clone()));

    let submission = service.take(Lane::Practice).await;
    assert_eq!(submission.id.to_string(), id);
    assert_eq!(submission.files[0].name.as_str(), "main.py");
    assert_eq!(submission.files[0].content, Payload::Text(HELLO.to_owned()));
    assert_eq!(submission.limits, Limits::DEFAULT);
    assert_eq!(
        submission.work,
        Work::Run {
            stdin: Payload::default(),
            expected_output: None,
            checker: Checker::default(),
            file_io: FileIo::default()
        }
    );
}

#[tokio::test]
async fn a_wait_is_answered_with_the_result_as_soon_as_it_is_there() {
    let service = Service::start().await;
    service.worker(echo);
    let begin = Instant::now();
    let answer = service.post("/api/v1/submissions?wait=60", &hello()).await;
    assert!(begin.elapsed() < Duration::from_secs(30), "it was not pushed");
    assert_eq!(answer.status, StatusCode::OK);
    let done = answer.json();
    assert_eq!(
        (&done["state"], &done["verdict"], &done["worker"]),
        (&json!("done"), &json!("AC"), &json!("scripted"))
    );
    assert_eq!(done["tests"][0]["stdout"]["data"], "Hello\n");
    assert!(done["timings"]["publish_ms"].as_f64().unwrap() >= 0.0);
    let told = service.get(answer.header("location")).await;
    assert_eq!((told.status, told.json()), (StatusCode::OK, done));
}

#[tokio::test]
async fn the_fields_of_a_result_are_those_of_the_documentation() {
    let service = Service::start().await;
    service.worker(echo);
    let done = service.post("/api/v1/submissions?wait=20", &hello()).await.json();
    let fields: Vec<_> = done.as_object().unwrap().keys().cloned().collect();
    insta::assert_snapshot!(fields.join(" "), @"attempt compile compiler cpu_ms created_at error finished_at groups id image lane language left_out limits max_score memory_bytes score started_at state tests timings truncated verdict worker");
    let fields: Vec<_> = done["tests"][0].as_object().unwrap().keys().cloned().collect();
    insta::assert_snapshot!(fields.join(" "), @"checker_message cpu_ms exit_code first_cpu_ms group limit memory_bytes name score signal stderr stdout team_message truncated verdict waited_ms wall_ms");
}

#[tokio::test]
async fn a_wait_that_runs_out_is_answered_with_202() {
    let service = Service::start().await;
    let answer = service.post("/api/v1/submissions?wait=0.2", &hello()).await;
    assert_eq!((answer.status, &answer.json()["state"]), (StatusCode::ACCEPTED, &json!("queued")));
    let told = service.get(&format!("{}?wait=0.2", answer.header("location"))).await;
    assert_eq!((told.status, &told.json()["state"]), (StatusCode::OK, &json!("queued")));
    assert_eq!(service.metrics.waiters().get(), 0.0);
}

#[tokio::test]
async fn a_wait_on_a_known_id_is_pushed_too() {
    let service = Service::start().await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let path = format!("{path}?wait=60");
    let (told, ()) = tokio::join!(service.get(&path), async {
        until("the client waits", async || service.metrics.waiters().get() > 0.5).await;
        service.worker(echo);
    });
    assert_eq!((told.status, &told.json()["verdict"]), (StatusCode::OK, &json!("AC")));
}

#[tokio::test]
async fn the_whole_form_reaches_the_worker() {
    let service = Service::start().await;
    let large = "7 ".repeat(50_000);
    let request = json!({
        "language": "C++",
        "files": [
            {"name": "main.cpp", "content": "int main() {}"},
            {"name": "lib/data.bin", "content": "/wBh", "encoding": "base64"},
        ],
        "args": ["-x", "two words"],
        "compiler_options": ["-g", "-O0", "-g"],
        "lane": "contest",
        "limits": {"cpu_ms": 500, "memory_mb": 64, "address_space_mb": 300},
        "work": {
            "kind": "tests",
            "tests": [{"input": "1", "answer": "2"}, {"name": "large", "input": large, "answer": ""}],
            "checker": {"kind": "tokens", "case_sensitive": true, "float_absolute_tolerance": 1e-6},
            "all_tests": true,
        },
        "stdout": true,
    });
    assert_eq!(service.post("/api/v1/submissions", &request).await.status, StatusCode::ACCEPTED);
    let submission = service.take(Lane::Contest).await;
    assert_eq!((submission.language.as_str(), submission.stdout), ("cpp", true));
    assert_eq!(submission.args, ["-x", "two words"]);
    assert_eq!(
        submission.compiler_options,
        ["-O0", "-g"],
        "the last one counts, so a repeated one stands last"
    );
    assert_eq!(submission.files[1].content, Payload::Base64("/wBh".to_owned()));
    assert_eq!(
        (submission.limits.cpu_ms, submission.limits.wall_ms, submission.limits.memory_mb),
        (500, 2_000, 64)
    );
    assert_eq!(submission.address_space_mb, Some(300));
    let Work::Tests { tests, checker, all_tests, .. } = submission.work else { panic!("not tests") };
    assert_eq!((tests[0].name.as_str(), tests[1].name.as_str(), all_tests), ("1", "large", true));
    let Checker::Tokens(options) = checker else { panic!("not tokens") };
    assert!(options.case_sensitive && options.float_absolute_tolerance == Some(1e-6));
    assert!(matches!(tests[1].input, Payload::Blob { size: 100_000, .. }), "{:?}", tests[1].input);
    assert_eq!(service.blobs.unpack(&tests[1].input).await.unwrap(), large);
}

#[tokio::test]
async fn null_is_left_out_wherever_it_stands() {
    let service = Service::start().await;
    let least = json!({"language": "python", "source": HELLO});
    service.post("/api/v1/submissions", &least).await;
    let expected = service.take(Lane::Practice).await;
    let nothing = |keys: &[&str], mut body: Value| {
        for key in keys {
            body[*key] = Value::Null;
        }
        body
    };
    let fields = ["files", "args", "compiler_options", "lane", "limits", "work", "stdout"];
    let limits =
        nothing(&["cpu_ms", "wall_ms", "memory_mb", "output_kb", "processes", "address_space_mb"], json!({}));
    let work = ["stdin", "expected_output", "checker", "tests", "all_tests", "problem"];
    let work = nothing(&work, json!({"kind": "run"}));
    let mut bodies: Vec<_> = fields.iter().map(|field| nothing(&[field], least.clone())).collect();
    bodies.push(nothing(&fields, least.clone()));
    for (field, value) in [("limits", limits), ("work", work)] {
        let mut body = least.clone();
        body[field] = value;
        bodies.push(body);
    }
    for body in bodies {
        let answer = service.post("/api/v1/submissions", &body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{body}: {}", answer.text);
        let submission = service.take(Lane::Practice).await;
        let same = Submission { id: submission.id, created_at: submission.created_at, ..expected.clone() };
        assert_eq!(submission, same, "{body}");
    }
    let files = json!({"files": [{"name": "a.py", "content": "x", "encoding": null}], "source": null, "language": null});
    assert_eq!(service.post("/api/v1/submissions", &files).await.status, StatusCode::ACCEPTED);
    service.take(Lane::Practice).await;
    let options = [
        "case_sensitive",
        "space_change_sensitive",
        "float_tolerance",
        "float_absolute_tolerance",
        "float_relative_tolerance",
        "float_grammar",
    ];
    for kind in ["tokens", "exact"] {
        let checker = nothing(&options, json!({"kind": kind}));
        let test = json!({"name": null, "input": "", "answer": {"data": "", "encoding": null}});
        let work = json!({"kind": "tests", "tests": [test], "checker": checker, "all_tests": null});
        let answer = service
            .post("/api/v1/submissions", &json!({"language": "python", "source": HELLO, "work": work}))
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let Work::Tests { checker, .. } = service.take(Lane::Practice).await.work else {
            panic!("not tests")
        };
        assert_eq!(checker == Checker::Exact, kind == "exact");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_reach_the_worker_wherever_a_text_may_stand() {
    let service = Service::start().await;
    let bytes = json!({"data": "/wBh", "encoding": "base64"});
    let packed = Payload::Base64("/wBh".to_owned());
    let mut body = json!({"language": "python", "source": bytes});
    body["work"] =
        json!({"kind": "run", "stdin": bytes, "expected_output": bytes, "checker": {"kind": "exact"}});
    let answer = service.post("/api/v1/submissions", &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let submission = service.take(Lane::Practice).await;
    assert_eq!(submission.files[0].content, packed);
    let expected_output = Some(packed.clone());
    assert_eq!(
        submission.work,
        Work::Run {
            stdin: packed.clone(),
            expected_output,
            checker: Checker::Exact,
            file_io: FileIo::default()
        }
    );
    body["work"] = json!({"kind": "tests", "tests": [
        {"input": bytes, "answer": bytes},
        {"input": {"data": "aGk=", "encoding": "base64"}, "answer": {"data": "hi", "encoding": "utf8"}},
        {"input": {"data": "hi"}, "answer": "hi"},
    ]});
    let answer = service.post("/api/v1/submissions", &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let Work::Tests { tests, .. } = service.take(Lane::Practice).await.work else { panic!("not tests") };
    assert_eq!((&tests[0].input, &tests[0].answer), (&packed, &packed));
    let hi = Payload::Text("hi".to_owned());
    for test in &tests[1..] {
        assert_eq!((&test.input, &test.answer), (&hi, &hi), "however the same bytes are written");
    }
}

/// `file_io` is what the worker is told; the rest is the field and the code of the refusal.
#[tokio::test]
async fn files_stand_for_standard_input_and_output() {
    let service = Service::start().await;
    let asked =
        |work: Value| json!({"language": "python", "files": [{"name": "a.py", "content": ""}], "work": work});
    let tests = json!([{"input": "", "answer": ""}]);
    for mut work in [json!({"kind": "run"}), json!({"kind": "tests", "tests": tests})] {
        work["input_file"] = "input.txt".into();
        work["output_file"] = "sum.out".into();
        let answer = service.post("/api/v1/submissions", &asked(work)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let (Work::Run { file_io, .. } | Work::Tests { file_io, .. }) =
            service.take(Lane::Practice).await.work
        else {
            panic!("neither run nor tests")
        };
        let name = |file: Option<gavel_model::IoFile>| file.map(String::from);
        assert_eq!(name(file_io.input_file).as_deref(), Some("input.txt"));
        assert_eq!(name(file_io.output_file).as_deref(), Some("sum.out"));
    }
    for (work, field, code) in [
        (json!({"kind": "run", "input_file": "../a"}), "work.input_file", "invalid_field"),
        (json!({"kind": "run", "input_file": "a", "output_file": "a"}), "work.output_file", "invalid_field"),
        (json!({"kind": "run", "output_file": "a.py"}), "work.output_file", "invalid_field"),
        (json!({"kind": "problem", "problem": "x", "input_file": "a"}), "work.input_file", "unknown_field"),
    ] {
        let answer = service.post("/api/v1/submissions", &asked(work)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert_eq!((answer.error()["field"].as_str(), answer.code().as_str()), (Some(field), code));
    }
}

#[tokio::test]
async fn one_tolerance_stands_for_both() {
    let service = Service::start().await;
    let work = json!({
        "kind": "run", "expected_output": "1", "checker": {"kind": "tokens", "float_tolerance": 0.5},
    });
    service.post("/api/v1/submissions", &json!({"language": "python", "source": "", "work": work})).await;
    let Work::Run { checker, .. } = service.take(Lane::Practice).await.work else { panic!("not a run") };
    let Checker::Tokens(options) = checker else { panic!("not tokens") };
    assert_eq!((options.float_absolute_tolerance, options.float_relative_tolerance), (Some(0.5), Some(0.5)));
}

#[tokio::test]
async fn a_file_extension_tells_the_language() {
    let service = Service::start().await;
    let request = json!({"files": [{"name": "a.h", "content": ""}, {"name": "a.cpp", "content": ""}]});
    let answer = service.post("/api/v1/submissions", &request).await;
    assert_eq!(answer.json()["language"], "cpp");
}

#[tokio::test]
async fn many_waiting_clients_each_get_their_own_result() {
    let service = Service::start().await;
    service.worker(echo);
    let all = (0..64).map(|k| {
        let service = &service;
        async move {
            let body = json!({"language": "python", "source": "", "work": {"kind": "run", "stdin": format!("n{k}")}});
            let done = service.post("/api/v1/submissions?wait=20", &body).await.json();
            assert_eq!(done["tests"][0]["stdout"]["data"], format!("n{k}"));
        }
    });
    within("64 results", futures_util::future::join_all(all)).await;
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), 64);
    assert_eq!((service.metrics.waiters().get(), service.metrics.results_duplicate().get()), (0.0, 0));
}

#[tokio::test]
async fn a_later_result_is_counted_and_dropped() {
    use gavel_broker::WorkSource as _;
    let service = Service::start().await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let submission = service.take(Lane::Practice).await;
    for said in [Verdict::Wa, Verdict::Ac, Verdict::Rte] {
        service.broker.publish_result(&verdict(&submission, said)).await.unwrap();
    }
    until("two duplicates are counted", async || service.metrics.results_duplicate().get() == 2).await;
    assert_eq!(service.get(&path).await.json()["verdict"], "WA");
}

#[tokio::test]
async fn languages_are_listed() {
    let service = Service::start().await;
    let listed = service.get("/api/v1/languages").await.json();
    insta::assert_json_snapshot!(listed["languages"][2], @r#"
    {
      "address_space": false,
      "aliases": [
        "python3",
        "py"
      ],
      "compiled": false,
      "compiler_options": [],
      "extensions": [
        "py"
      ],
      "id": "python",
      "name": "Python 3",
      "source": "main.py",
      "time_factor": 2.0
    }
    "#);
    let ids: Vec<_> =
        listed["languages"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["cpp", "go", "python"]);
    assert_eq!(listed["languages"][0]["compiler_options"], json!(["-O0", "-g"]));
    assert_eq!(listed["languages"][0]["address_space"], true);
}
