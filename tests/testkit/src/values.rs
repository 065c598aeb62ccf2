//! Values with nothing remarkable about them. A test states what it is about and takes the rest from here:
//! `Submission { args, ..submission(Lane::Contest) }`.

use gavel_model::{
    Canary, Checker, CompileReport, FileIo, Heartbeat, JudgeResult, Lane, Limits, Payload, Submission,
    SubmissionId, TestReport, Timings, Verdict, Work,
};
use gavel_runner::{Ending, Outcome};

/// A program in C without files that is run once without input.
#[must_use]
pub fn submission(lane: Lane) -> Submission {
    Submission {
        id: SubmissionId::new(),
        lane,
        language: "c".to_owned(),
        files: Vec::new(),
        args: Vec::new(),
        compiler_options: Vec::new(),
        limits: Limits::DEFAULT,
        address_space_mb: None,
        work: Work::Run {
            stdin: Payload::default(),
            expected_output: None,
            checker: Checker::default(),
            file_io: FileIo::default(),
        },
        stdout: false,
        note: None,
        traceparent: None,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

/// What a worker might answer to the first attempt, without tests.
#[must_use]
pub fn result(submission: &Submission, verdict: Verdict) -> JudgeResult {
    JudgeResult {
        id: submission.id,
        lane: submission.lane,
        language: submission.language.clone(),
        verdict,
        score: None,
        max_score: None,
        groups: Vec::new(),
        limits: None,
        compile: None,
        tests: Vec::new(),
        cpu_ms: 12.5,
        memory_bytes: None,
        attempt: 1,
        worker: "scripted".to_owned(),
        image: None,
        compiler: None,
        created_at: submission.created_at,
        started_at: submission.created_at,
        finished_at: submission.created_at,
        timings: Timings::default(),
        error: None,
        truncated: false,
        left_out: None,
    }
}

/// A test that ended with exit code 0.
#[must_use]
pub fn test_report(name: &str, verdict: Verdict) -> TestReport {
    TestReport {
        cpu_ms: 12.5,
        wall_ms: 14.0,
        memory_bytes: 9 << 20,
        exit_code: Some(0),
        ..TestReport::new(name, None, verdict)
    }
}

/// What a worker with four slots says of itself.
#[must_use]
pub fn heartbeat(id: &str, busy: u32) -> Heartbeat {
    Heartbeat {
        id: id.to_owned(),
        version: "1.2.3".to_owned(),
        languages: vec!["c".to_owned()],
        slots: 4,
        busy,
        draining: false,
        started_at: jiff::Timestamp::UNIX_EPOCH,
        compilers: [("c".to_owned(), "gcc 14.2.0".to_owned())].into(),
        canary: Canary::Sound,
        calibration: Some(1.25),
    }
}

/// A compilation that ended with this exit code.
#[must_use]
pub fn compile_report(exit_code: i32) -> CompileReport {
    CompileReport {
        exit_code: Some(exit_code),
        output: String::new(),
        truncated: false,
        cpu_ms: 40.0,
        wall_ms: 41.0,
        memory_bytes: 48 << 20,
        cached: false,
        limit: None,
    }
}

/// What the runner says of a program that did nothing; no counter could be read.
#[must_use]
pub fn outcome(ending: Ending) -> Outcome {
    Outcome { ending, processes: 1, ..Outcome::not_started(0, String::new()) }
}
