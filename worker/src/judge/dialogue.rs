//! A program and its interactor, both at once.

use std::time::Duration;

use gavel_model::Verdict;
use gavel_runner::Outcome;
use tokio::sync::{mpsc, watch};

use crate::sandbox::{Input, Job, Order, Orders, Ran, Sandbox, SandboxError, Sink};

/// How long an interactor may compute on what a program wrote that then failed, before it is told.
const SETTLE: Duration = Duration::from_secs(5);
/// How long an interactor may sleep or compute after it was shown the program's end.
pub(super) const LAST_WORDS: Duration = Duration::from_secs(10);
/// The same after the end of a program that is over a limit: then nothing depends on it but its messages.
const PARTING_WORDS: Duration = Duration::from_secs(2);
/// For how long the interactor is waited for at most, if its program has this much time: longer than it can take, for
/// its time passes while the program thinks, and while others have its core.
pub(super) fn patience(program: Duration) -> Duration {
    program * 10 + (SETTLE + LAST_WORDS) * 11
}

/// One of the two.
pub(super) struct Side<'a> {
    pub(super) sandbox: &'a mut Sandbox,
    pub(super) job: &'a Job,
    pub(super) sink: &'a mut dyn Sink,
}

/// What came of both.
pub(super) struct Talk {
    pub(super) program: Result<Outcome, SandboxError>,
    pub(super) judge: Result<Ran, SandboxError>,
}

/// Lets them talk until both have ended. `fault` is what a program's run deserves by its figures, `accepts` whether
/// the interactor is content.
pub(super) async fn talk(
    program: Side<'_>,
    judge: Side<'_>,
    fault: impl Fn(&Outcome) -> Option<Verdict>,
    accepts: impl Fn(&Outcome) -> bool,
) -> Talk {
    let (to_program, queue) = mpsc::channel(1);
    let (waited, peer_waited) = watch::channel(Duration::ZERO);
    let mut program_orders = Orders { queue, peer_waited };
    let (to_judge, queue) = mpsc::channel(1);
    // What the program waits for is not the interactor's time in any case: its wall limit is patience.
    let (_none, peer_waited) = watch::channel(Duration::ZERO);
    let mut judge_orders = Orders { queue, peer_waited };
    let mut judge_sink = Hears { sink: judge.sink, waited };
    let play = async {
        let end =
            program.sandbox.run_ordered(program.job, &Input::Pipe, program.sink, &mut program_orders).await;
        // It fails when the interactor has ended, and then nobody is to be told.
        to_judge.try_send(parting(&end, fault)).ok();
        end.map(|ran| ran.outcome)
    };
    let watch = async {
        let end =
            judge.sandbox.run_ordered(judge.job, &Input::Pipe, &mut judge_sink, &mut judge_orders).await;
        // What a rejected program still does is of no interest.
        if !end.as_ref().is_ok_and(|ran| accepts(&ran.outcome)) {
            to_program.try_send(Order::Kill).ok();
        }
        end
    };
    let (program, judge) = tokio::join!(play, watch);
    Talk { program, judge }
}

/// Hands on what an interactor writes, and to its program's side what it waited for a core.
struct Hears<'a> {
    sink: &'a mut dyn Sink,
    waited: watch::Sender<Duration>,
}

impl Sink for Hears<'_> {
    fn stdout(&mut self, bytes: &[u8]) {
        self.sink.stdout(bytes);
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.sink.stderr(bytes);
    }

    fn waited(&mut self, total: Duration) {
        self.waited.send_replace(total);
    }
}

/// What an interactor is told of the end of its program.
fn parting(end: &Result<Ran, SandboxError>, fault: impl Fn(&Outcome) -> Option<Verdict>) -> Order {
    let (settle, last_words) = match end {
        Ok(ran) => match fault(&ran.outcome) {
            // Its end can be no reason for a rejection that nothing else is a reason for.
            None => (Duration::ZERO, LAST_WORDS),
            Some(Verdict::Rte) => (SETTLE, LAST_WORDS),
            Some(_) => (SETTLE, PARTING_WORDS),
        },
        Err(SandboxError::OutOfMemory) => (SETTLE, PARTING_WORDS),
        // There will be no verdict.
        Err(_) => return Order::Kill,
    };
    Order::PeerEnded { settle, last_words }
}
