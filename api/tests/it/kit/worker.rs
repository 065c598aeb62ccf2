//! A worker that judges nothing and answers as it is told.

use gavel_broker::{Settlement, WorkSource as _};
use gavel_model::{
    Captured, CompileReport, Heartbeat, JudgeResult, Lane, Payload, Submission, Timings, Verdict, Work,
};
use gavel_testkit::{compile_report, result, test_report};
use jiff::Timestamp;

use super::Service;

impl Service {
    /// Starts a worker that answers every submission of every lane with what `judge` makes of it.
    pub fn worker(&self, judge: impl Fn(&Submission) -> JudgeResult + Clone + Send + 'static) {
        for lane in Lane::ALL {
            let (broker, judge) = (self.broker.clone(), judge.clone());
            self.tasks.spawn(self.shutdown.clone().run_until_cancelled_owned(async move {
                let mut work = broker.submissions(lane, 4);
                while let Some(delivery) = work.recv().await {
                    broker.publish_result(&judge(&delivery.body)).await.unwrap();
                    delivery.settle(Settlement::Done).await;
                }
            }));
        }
    }

    /// Takes one submission of a lane off the queue.
    pub async fn take(&self, lane: Lane) -> Submission {
        let mut work = self.broker.submissions(lane, 1);
        let delivery = super::within("a submission is published", work.recv()).await.unwrap();
        let (submission, _, settle) = delivery.begin();
        settle.settle(Settlement::Done).await;
        submission
    }
}

/// What a worker says of itself.
pub fn heartbeat(id: &str, draining: bool) -> Heartbeat {
    let languages = vec!["cpp".to_owned(), "go".to_owned()];
    Heartbeat { languages, draining, ..gavel_testkit::heartbeat(id, 1) }
}

/// Prints its standard input, or "Hello".
pub fn echo(submission: &Submission) -> JudgeResult {
    let printed = match &submission.work {
        Work::Run { stdin: Payload::Text(text), .. } if !text.is_empty() => text.clone(),
        Work::Tests { tests, .. } => match &tests[0].input {
            Payload::Text(text) if !text.is_empty() => text.clone(),
            _ => "Hello\n".to_owned(),
        },
        _ => "Hello\n".to_owned(),
    };
    let mut result = verdict(submission, Verdict::Ac);
    result.tests[0].stdout = Some(Captured::new(printed.as_bytes(), printed.len() as u64));
    result.tests[0].stderr = Some(Captured::default());
    result
}

/// A result of one test.
pub fn verdict(submission: &Submission, verdict: Verdict) -> JudgeResult {
    let now = Timestamp::now();
    JudgeResult {
        tests: vec![test_report("1", verdict)],
        memory_bytes: Some(9 << 20),
        image: Some("sha256:0123".to_owned()),
        compiler: Some("Python 3.13.5".to_owned()),
        started_at: now,
        finished_at: now,
        timings: Timings { queue_ms: 1.5, acquire_ms: 0.5, compile_ms: 0.0, run_ms: 14.0, publish_ms: 0.0 },
        ..result(submission, verdict)
    }
}

/// A compilation that failed.
pub fn compile_error(submission: &Submission, said: &str) -> JudgeResult {
    JudgeResult {
        compile: Some(CompileReport { output: said.to_owned(), ..compile_report(1) }),
        tests: Vec::new(),
        memory_bytes: None,
        ..verdict(submission, Verdict::Ce)
    }
}
