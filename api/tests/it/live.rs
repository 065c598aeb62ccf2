//! Live runs as clients see them: what may be said when, and what is told; the worker is played by the test.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use gavel_broker::{LiveLink, Settlement, WorkSource as _};
use gavel_model::{
    LIVE_CHUNK, LiveBytes, LiveEnd, LiveInput, LiveOutput, LiveRun, LiveStage, LiveStream, Verdict,
};
use gavel_testkit::{Heard, Talk, compile_report};
use serde_json::{Value, json};
use test_case::test_case;

use crate::kit::worker::verdict;
use crate::kit::{Service, until, within};

const OWN: &str = "/api/v1/run/live";
const PISTON: &str = "/piston/api/v2/connect";

fn start() -> Value {
    json!({"type": "start", "language": "python", "source": "input()"})
}

fn init(language: &str) -> Value {
    json!({"type": "init", "language": language, "version": "*", "files": [{"content": "input()"}]})
}

/// The worker's end of a run.
struct Program {
    link: LiveLink<LiveOutput, LiveInput>,
    run: LiveRun,
}

impl Program {
    /// Takes the next run, and is told to go on.
    async fn begin(service: &Service) -> Self {
        let mut runs = service.broker.live_runs(1);
        let (run, _, delivery) = within("a run", runs.recv()).await.unwrap().begin();
        assert!(delivery.settle(Settlement::Done).await);
        let link = service.broker.join_live(&run, "w1").await.unwrap();
        let mut program = Self { link, run };
        assert_eq!(program.hear().await, LiveInput::Go);
        program
    }

    async fn hear(&mut self) -> LiveInput {
        within("a word of the client", self.link.receiver.receive()).await.unwrap()
    }

    async fn tell(&self, output: LiveOutput) {
        self.link.sender.send(&output).await.unwrap();
    }

    async fn write(&self, stream: LiveStream, bytes: &[u8]) {
        self.tell(LiveOutput::Data { stream, data: LiveBytes(bytes.to_vec()) }).await;
    }

    async fn end(&self, reason: LiveEnd, is: Verdict) {
        let mut result = verdict(&self.run.submission, is);
        result.tests[0].exit_code = Some(3);
        self.tell(LiveOutput::Ended { reason, result: Some(Box::new(result)), error: None }).await;
    }
}

fn data(bytes: &[u8]) -> LiveInput {
    LiveInput::Data { data: LiveBytes(bytes.to_vec()) }
}

fn cost(bytes: usize) -> u64 {
    LiveBytes(vec![0; bytes]).cost()
}

#[tokio::test]
async fn a_talk_in_our_own_words() {
    let service = Service::start().await;
    let mut talk = Talk::begin(&service.url(OWN)).await;
    let limits = json!({"wall_ms": 5_000, "cpu_ms": 700});
    let mut said = start();
    said.as_object_mut().unwrap().extend([("limits".to_owned(), limits), ("idle_ms".to_owned(), 900.into())]);
    talk.say(&said).await;
    // What comes early waits.
    talk.say(&json!({"type": "stdin", "data": "Ann\n"})).await;
    let mut program = Program::begin(&service).await;
    let times = (program.run.session_ms, program.run.idle_ms, program.run.submission.limits.cpu_ms);
    assert_eq!(times, (5_000, 900, 700));
    let id = program.run.id().to_string();
    assert_eq!(talk.message().await, json!({"type": "started", "id": id, "worker": "w1"}));
    assert_eq!(program.hear().await, data(b"Ann\n"));
    program.tell(LiveOutput::Stage { stage: LiveStage::Run }).await;
    assert_eq!(talk.message().await, json!({"type": "stage", "stage": "run"}));
    // A character in two pieces, and bytes that are none.
    for piece in [&b"na\xc3"[..], b"\xafve", b"\xff\n"] {
        program.write(LiveStream::Stdout, piece).await;
        assert_eq!(program.hear().await, LiveInput::Taken { cost: cost(piece.len()) });
    }
    for (text, encoding) in [("na", "utf8"), ("ïve", "utf8"), (&BASE64.encode(b"\xff\n"), "base64")] {
        let told = json!({"type": "data", "stream": "stdout", "data": text, "encoding": encoding});
        assert_eq!(talk.message().await, told);
    }
    talk.say_bytes(b"\x00\x01").await;
    talk.say(&json!({"type": "stdin", "data": "AAE=", "encoding": "base64"})).await;
    talk.say(&json!({"type": "signal", "signal": "SIGINT"})).await;
    talk.say(&json!({"type": "end"})).await;
    let heard = [data(&[0, 1]), data(&[0, 1]), LiveInput::Signal { signal: 2 }, LiveInput::End];
    for input in heard {
        assert_eq!(program.hear().await, input);
    }
    program.end(LiveEnd::Done, Verdict::Rte).await;
    let last = talk.message().await;
    assert_eq!((&last["type"], &last["reason"]), (&json!("result"), &json!("done")));
    assert_eq!((&last["result"]["verdict"], &last["result"]["id"]), (&json!("RTE"), &json!(id)));
    assert_eq!(talk.hear().await, Heard::Close(1000, "done".to_owned()));
    until("it is counted, and its seat is free", async || {
        let text = service.get("/metrics").await.text;
        text.contains("gavel_live_ended_total{reason=\"done\"} 1\n")
            && text.contains("gavel_live_sessions 0\n")
    })
    .await;
}

#[tokio::test]
async fn a_talk_in_pistons_words() {
    let service = Service::start().await;
    for path in [PISTON, "/api/v2/connect"] {
        let mut talk = Talk::begin(&service.url(path)).await;
        talk.say(&json!({"type": "anything"})).await;
        talk.say(&init("c++")).await;
        let mut program = Program::begin(&service).await;
        assert_eq!(program.run.session_ms, 600_000, "as long as a talk may take");
        assert_eq!(talk.message().await, json!({"type": "runtime", "language": "c++", "version": "14.2.0"}));
        program.tell(LiveOutput::Stage { stage: LiveStage::Compile }).await;
        let report = gavel_model::CompileReport { output: "a warning".to_owned(), ..compile_report(0) };
        program.tell(LiveOutput::Compiled { report }).await;
        program.tell(LiveOutput::Stage { stage: LiveStage::Run }).await;
        for told in [
            json!({"type": "stage", "stage": "compile"}),
            json!({"type": "data", "stream": "stderr", "data": "a warning"}),
            json!({"type": "exit", "stage": "compile", "code": 0, "signal": null}),
            json!({"type": "stage", "stage": "run"}),
        ] {
            assert_eq!(talk.message().await, told);
        }
        program.write(LiveStream::Stdout, b"name? ").await;
        assert_eq!(talk.message().await, json!({"type": "data", "stream": "stdout", "data": "name? "}));
        assert_eq!(program.hear().await, LiveInput::Taken { cost: cost(6) });
        talk.say(&json!({"type": "data", "stream": "stdin", "data": "Ann"})).await;
        talk.say(&json!({"type": "signal", "signal": "SIGLOST"})).await;
        talk.say(&json!({"type": "signal", "signal": "SIGTERM"})).await;
        assert_eq!(program.hear().await, data(b"Ann"), "nothing is added");
        assert_eq!(program.hear().await, LiveInput::Signal { signal: 15 });
        program.end(LiveEnd::Done, Verdict::Rte).await;
        assert_eq!(talk.message().await, json!({"type": "exit", "stage": "run", "code": 3, "signal": null}));
        assert_eq!(talk.hear().await, Heard::Close(4999, "Job Completed".to_owned()));
    }
}

#[test_case("{", 4400, "malformed_json", None; "no JSON")]
#[test_case("[]", 4400, "invalid_field", None; "a list")]
#[test_case(r#"{"type":"stdin","data":"1"}"#, 4400, "invalid_field", Some("type"); "input before a program")]
#[test_case(r#"{"language":"python","source":""}"#, 4400, "invalid_field", Some("type"); "no type")]
#[test_case(r#"{"type":"start","language":"python"}"#, 4400, "invalid_field", Some("source"); "no program")]
#[test_case(r#"{"type":"start","language":"cobol","source":""}"#, 4400, "unknown_language", Some("language"); "no such language")]
#[test_case(r#"{"type":"start","language":"python","source":"","work":{}}"#, 4400, "unknown_field", Some("work"); "a field of submissions")]
#[test_case(r#"{"type":"start","language":"python","source":"","idle_ms":60001}"#, 4400, "limit_out_of_range", Some("limits.idle_ms"); "too long idle")]
#[test_case(r#"{"type":"start","language":"python","source":"","limits":{"wall_ms":600001}}"#, 4400, "limit_out_of_range", Some("limits.wall_ms"); "too long")]
#[tokio::test]
async fn a_start_that_is_none_is_refused(text: &str, code: u16, word: &str, field: Option<&str>) {
    let service = Service::start().await;
    let mut talk = Talk::begin(&service.url(OWN)).await;
    talk.say_text(text).await;
    let told = talk.message().await;
    assert_eq!((&told["type"], &told["reason"]), (&json!("error"), &json!("refused")));
    assert_eq!((&told["error"]["code"], &told["error"]["field"]), (&json!(word), &json!(field)), "{told}");
    assert!(matches!(talk.hear().await, Heard::Close(told, _) if told == code));
}

#[tokio::test]
async fn words_that_do_not_fit_end_a_run_and_its_worker_hears_of_it() {
    let service = Service::start().await;
    let said = [
        (start().to_string(), "invalid_field", 4400),
        (r#"{"type":"resize"}"#.to_owned(), "invalid_field", 4400),
        (r#"{"type":"signal","signal":"TERM"}"#.to_owned(), "invalid_field", 4400),
        (r#"{"type":"stdin","data":"%","encoding":"base64"}"#.to_owned(), "invalid_field", 4400),
        (r#"{"type":"stdin","text":"1"}"#.to_owned(), "unknown_field", 4400),
        ("x".repeat(1_200_000), "too_large", 4413),
    ];
    for (text, word, code) in said {
        let mut talk = Talk::begin(&service.url(OWN)).await;
        talk.say(&start()).await;
        let mut program = Program::begin(&service).await;
        talk.message().await;
        talk.say_text(&text).await;
        let told = talk.message().await;
        assert_eq!(told["error"]["code"], word, "{told}");
        assert!(matches!(talk.hear().await, Heard::Close(told, _) if told == code));
        assert_eq!(program.hear().await, LiveInput::Leave);
    }
}

#[tokio::test]
async fn whoever_breaks_pistons_rules_gets_pistons_close_codes() {
    let hasty = Service::with(|config| config.api.live.init_within = Duration::from_millis(100)).await;
    let mut talk = Talk::begin(&hasty.url(PISTON)).await;
    assert_eq!(talk.hear().await, Heard::Close(4001, "Initialization Timeout".to_owned()));
    let service = Service::start().await;
    let data = json!({"type": "data", "stream": "stdin", "data": "1"});
    for (said, code, reason) in [
        (data.to_string(), 4003, "Not yet initialized"),
        (r#"{"type":"signal","signal":"SIGTERM"}"#.to_owned(), 4003, "Not yet initialized"),
        ("{".to_owned(), 4002, "Notified Error"),
        (init("cobol").to_string(), 4002, "Notified Error"),
        (r#"{"type":"init"}"#.to_owned(), 4002, "Notified Error"),
    ] {
        let mut talk = Talk::begin(&service.url(PISTON)).await;
        talk.say_text(&said).await;
        if code == 4002 {
            let told = talk.message().await;
            assert_eq!(told["type"], "error", "{told}");
            assert!(told["message"].is_string(), "{told}");
        }
        assert_eq!(talk.hear().await, Heard::Close(code, reason.to_owned()), "{said}");
    }
    for (said, code, reason) in [
        (init("python"), 4000, "Already Initialized"),
        (json!({"type": "data", "stream": "stdout", "data": "1"}), 4004, "Can only write to stdin"),
        (json!({"type": "signal", "signal": "SIGNONE"}), 4005, "Invalid signal"),
    ] {
        let mut talk = Talk::begin(&service.url(PISTON)).await;
        talk.say(&init("python")).await;
        let mut program = Program::begin(&service).await;
        talk.message().await;
        talk.say(&said).await;
        assert_eq!(talk.hear().await, Heard::Close(code, reason.to_owned()));
        assert_eq!(program.hear().await, LiveInput::Leave);
    }
}

#[tokio::test]
async fn input_is_sent_as_far_as_the_program_takes_it() {
    let service = Service::start().await;
    let mut talk = Talk::begin(&service.url(OWN)).await;
    talk.say(&start()).await;
    let mut program = Program::begin(&service).await;
    let all: Vec<u8> = (0..200_000_u32).map(|number| number as u8).collect();
    talk.say_bytes(&all).await;
    talk.say(&json!({"type": "signal", "signal": "SIGTERM"})).await;
    let (mut taken, mut under_way, mut signalled) = (Vec::new(), 0, false);
    while taken.len() < all.len() {
        match program.hear().await {
            LiveInput::Data { data } => {
                under_way += data.cost();
                assert!(under_way <= LIVE_CHUNK as u64, "more is under way than may be");
                taken.extend(data.0);
            }
            LiveInput::Signal { .. } => {
                signalled = true;
                assert!(taken.len() < all.len(), "it did not wait behind the input");
            }
            other => panic!("{other:?}"),
        }
        if signalled {
            program.tell(LiveOutput::Taken { cost: std::mem::take(&mut under_way) }).await;
        }
    }
    assert!(taken == all && signalled);
}

#[tokio::test]
async fn a_client_that_leaves_is_told_to_the_worker_and_a_worker_that_is_gone_to_the_client() {
    let service = Service::start().await;
    let hasty = Service::with(|config| config.api.live.start_within = Duration::from_millis(100)).await;
    let mut talk = Talk::begin(&service.url(OWN)).await;
    talk.say(&start()).await;
    let mut program = Program::begin(&service).await;
    drop(talk);
    assert_eq!(program.hear().await, LiveInput::Leave);

    for (path, said, code) in [(OWN, start(), 4503), (PISTON, init("python"), 4002)] {
        let mut talk = Talk::begin(&service.url(path)).await;
        talk.say(&said).await;
        let program = Program::begin(&service).await;
        talk.message().await;
        drop(program);
        let told = talk.message().await;
        assert!(told.to_string().contains("the worker of this run is gone"), "{told}");
        assert!(matches!(talk.hear().await, Heard::Close(told, _) if told == code));
        // And one that nobody began.
        let mut talk = Talk::begin(&hasty.url(path)).await;
        talk.say(&said).await;
        let told = talk.message().await;
        assert!(told.to_string().contains("no worker began it"), "{told}");
        assert!(matches!(talk.hear().await, Heard::Close(told, _) if told == code));
    }
}

#[tokio::test]
async fn a_client_that_reads_a_little_at_a_time_is_not_waited_for_for_ever() {
    let service = Service::with(|config| config.api.idle_timeout = Duration::from_millis(300)).await;
    let mut talk = Talk::begin(&service.url(OWN)).await;
    talk.say(&start()).await;
    let Program { link: LiveLink { sender, mut receiver }, .. } = Program::begin(&service).await;
    let flood = async {
        let data = LiveBytes(vec![b'x'; LIVE_CHUNK / 2]);
        while sender.send(&LiveOutput::Data { stream: LiveStream::Stdout, data: data.clone() }).await.is_ok()
        {
        }
    };
    let left = async { while within("it is told", receiver.receive()).await.unwrap() != LiveInput::Leave {} };
    tokio::select! {
        // What it is told comes before the end of the connection.
        biased;
        () = left => {}
        ((), ()) = async { tokio::join!(flood, talk.sip()) } => panic!("the client was there all the time"),
    }
}

#[tokio::test]
async fn who_may_not_or_is_one_too_many_is_refused_before_anything_begins() {
    let service = Service::with(|config| config.api.live.max_sessions = 2).await;
    assert_eq!(service.get(OWN).await.status.as_u16(), 426);
    for path in [OWN, PISTON] {
        let page = Talk::with(&service.url(path), &[("origin", "https://evil.example")]).await;
        assert_eq!(page.err(), Some(403), "{path}");
    }
    let _open = [Talk::begin(&service.url(OWN)).await, Talk::begin(&service.url(PISTON)).await];
    for path in [OWN, PISTON] {
        assert_eq!(Talk::with(&service.url(path), &[]).await.err(), Some(503), "{path}");
    }
    drop(service);
    let service = Service::with(|config| config.api.live.max_sessions_per_owner = 0).await;
    let reader = crate::keys::key(&service, "ann", "read").await;
    let student = crate::keys::key(&service, "ann", "read,submit").await;
    for (key, status) in [(&reader, 403), (&student, 429)] {
        for path in [OWN, PISTON] {
            let bearer = format!("Bearer {key}");
            let refused = Talk::with(&service.url(path), &[("authorization", &bearer)]).await;
            assert_eq!(refused.err(), Some(status), "{path}");
        }
    }
}
