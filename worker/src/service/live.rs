//! One live run, from the queue to its end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gavel_broker::{Delivery, LiveLink, LiveReceiver, LiveSender, Settlement, WorkSource};
use gavel_model::{
    CompileReport, LIVE_CHUNK, LIVE_LONGEST, LiveBytes, LiveEnd, LiveInput, LiveOutput, LiveRun, LiveStage,
    LiveStream,
};
use gavel_platform::lifecycle::chain;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::judge::{Audience, Judge, Live};
use crate::sandbox::{Partner, Told};
use crate::slots::Leased;

/// How long the API may take to say that the client is still there.
const GO_WITHIN: Duration = Duration::from_secs(5);
/// How often the API hears of a run that says nothing else, and how soon a client is missed whose API is gone.
const ALIVE_EVERY: Duration = Duration::from_millis(500);
/// What output may cost that the API has not told to be handed on.
const OUTPUT_WINDOW: u64 = 4 * LIVE_CHUNK as u64;
/// Frames of the API that wait until the program is told. Its windows allow a thousand answers to output and some hundreds of pieces
/// of input, all of which may wait while a program that failed is looked at once more.
const WAITING: usize = 4_096;
/// Where live runs are carried out.
pub(super) struct LiveHandler {
    pub(super) judge: Arc<Judge>,
    pub(super) source: Arc<dyn WorkSource>,
}

/// How a run ended on this side.
enum Over {
    /// It came to an end, which is told.
    Told(Box<LiveOutput>),
    /// Nobody is there to be told.
    Left,
}

impl LiveHandler {
    /// Carries out a run on a slot. It is done with whatever comes of it: nobody begins half of it again.
    pub(super) async fn handle(&self, delivery: Delivery<LiveRun>, slot: Leased) {
        let (run, _, receipt) = delivery.begin();
        let (id, language) = (run.id(), &run.submission.language);
        let span = tracing::info_span!("live", submission.id = %id, language);
        // Boxed: it is large, as what judges is.
        Box::pin(self.carry_out(run, &slot)).instrument(span).await;
        drop(slot);
        receipt.settle(Settlement::Done).await;
    }

    async fn carry_out(&self, mut run: LiveRun, slot: &Leased) {
        run.session_ms = run.session_ms.min(LIVE_LONGEST.as_millis() as u64);
        let joined = self.source.join_live(&run, self.judge.worker()).await;
        let Ok(LiveLink { sender, mut receiver }) = joined else {
            tracing::info!("nobody waits for it any more");
            return;
        };
        let go = tokio::time::timeout(GO_WITHIN, receiver.receive()).await;
        if !matches!(go, Ok(Some(LiveInput::Go))) {
            tracing::info!("nobody said that it should begin");
            return;
        }
        let (words, waiting) = mpsc::channel(WAITING);
        let mut session = Session::new(&run, sender.clone(), waiting);
        // Whichever ends first drops the others, and with them every sandbox.
        let over = tokio::select! {
            told = self.judged(&run, slot, &mut session) => told,
            () = heard(receiver, words) => Over::Left,
            () = alive(&sender) => Over::Left,
        };
        match over {
            Over::Told(ended) => {
                if let LiveOutput::Ended { reason, .. } = &*ended {
                    tracing::info!(reason = reason.as_str(), "a live run is over");
                }
                if sender.send(&ended).await.is_err() {
                    tracing::info!("nobody was there to be told of its end");
                }
            }
            Over::Left => tracing::info!("the client has gone"),
        }
    }

    async fn judged(&self, run: &LiveRun, slot: &Leased, session: &mut Session) -> Over {
        let ended = |reason, result, error| Over::Told(Box::new(LiveOutput::Ended { reason, result, error }));
        match self.judge.live(run, slot, session).await {
            Ok(Some(Live { reason, result })) => {
                let result = result.bounded(self.judge.result_bytes());
                ended(reason, Some(Box::new(result)), None)
            }
            Ok(None) => Over::Left,
            Err(fault) => {
                let (kind, fault) = (fault.kind(), chain(&fault));
                tracing::warn!(fault.kind = kind, fault, "a live run failed");
                ended(LiveEnd::Failed, None, Some(fault))
            }
        }
    }
}

/// Hands on what the API says until the client has gone, or says more than it may.
async fn heard(mut receiver: LiveReceiver<LiveInput>, words: mpsc::Sender<LiveInput>) {
    while let Some(frame) = receiver.receive().await {
        if frame == LiveInput::Leave || words.try_send(frame).is_err() {
            return;
        }
    }
}

/// Tells the API that this worker is there, until nobody is.
async fn alive(sender: &LiveSender<LiveOutput>) {
    loop {
        tokio::time::sleep(ALIVE_EVERY).await;
        if sender.send(&LiveOutput::Alive).await.is_err() {
            return;
        }
    }
}

/// Two windows and two clocks.
struct Session {
    sender: LiveSender<LiveOutput>,
    words: mpsc::Receiver<LiveInput>,
    /// What output cost that was sent, and was told to be handed on.
    output_cost: u64,
    output_taken: u64,
    /// How much input the program was sent, in bytes.
    input_bytes: u64,
    /// Pieces of input under way: where each ends, in bytes, and what it cost.
    under_way: VecDeque<(u64, u64)>,
    idle: Duration,
    session: Duration,
    /// Since when the program runs, and when something was last read or written.
    began: Instant,
    last: Instant,
    stopped: Option<LiveEnd>,
    /// Whether something was not handed on because it was stopped.
    cut: bool,
    gone: bool,
    /// How much of the input the program has taken, in bytes.
    input_taken: u64,
}

impl Session {
    fn new(run: &LiveRun, sender: LiveSender<LiveOutput>, words: mpsc::Receiver<LiveInput>) -> Self {
        let now = Instant::now();
        Self {
            sender,
            words,
            output_cost: 0,
            output_taken: 0,
            input_bytes: 0,
            under_way: VecDeque::new(),
            idle: Duration::from_millis(run.idle_ms),
            session: Duration::from_millis(run.session_ms),
            began: now,
            last: now,
            stopped: None,
            cut: false,
            gone: false,
            input_taken: 0,
        }
    }

    async fn tell(&mut self, frame: LiveOutput) {
        self.gone |= self.sender.send(&frame).await.is_err();
    }

    fn told(&mut self, frame: LiveInput) -> Told {
        match frame {
            LiveInput::Data { data } => {
                let cost = data.cost();
                let under_way = self.under_way.iter().map(|(_, cost)| cost).sum::<u64>() + cost;
                if under_way > LIVE_CHUNK as u64 {
                    return Told::Gone;
                }
                self.last = Instant::now();
                self.input_bytes += data.0.len() as u64;
                self.under_way.push_back((self.input_bytes, cost));
                Told::Data(data.0)
            }
            LiveInput::End => Told::End,
            LiveInput::Signal { signal } => Told::Signal(signal),
            LiveInput::Taken { cost } => {
                self.output_taken = self.output_taken.saturating_add(cost);
                Told::Nothing
            }
            LiveInput::Leave => Told::Gone,
            LiveInput::Go | LiveInput::Unknown => Told::Nothing,
        }
    }

    fn stop(&mut self, reason: LiveEnd) -> Told {
        self.stopped = Some(reason);
        Told::Kill
    }
}

#[async_trait]
impl Partner for Session {
    async fn next(&mut self) -> Told {
        if self.gone {
            return Told::Gone;
        }
        let (idle, session) = (self.last + self.idle, self.began + self.session);
        let running = self.stopped.is_none();
        tokio::select! {
            frame = self.words.recv() => frame.map_or(Told::Gone, |frame| self.told(frame)),
            () = tokio::time::sleep_until(session), if running => self.stop(LiveEnd::Session),
            () = tokio::time::sleep_until(idle), if running => self.stop(LiveEnd::Idle),
        }
    }

    fn has_room(&self) -> bool {
        // What a program that was stopped still wrote is dropped rather than waited with.
        self.stopped.is_some() || self.output_cost.saturating_sub(self.output_taken) < OUTPUT_WINDOW
    }

    async fn wrote(&mut self, stream: LiveStream, bytes: Vec<u8>) {
        if self.stopped.is_some() {
            self.cut |= !bytes.is_empty();
        } else {
            self.last = Instant::now();
            let data = LiveBytes(bytes);
            self.output_cost += data.cost();
            self.tell(LiveOutput::Data { stream, data }).await;
        }
    }

    async fn taken(&mut self, total: u64) {
        if total > self.input_taken {
            (self.input_taken, self.last) = (total, Instant::now());
        }
        let mut cost = 0;
        while let Some((_, piece)) = self.under_way.pop_front_if(|(end, _)| *end <= total) {
            cost += piece;
        }
        if cost > 0 {
            self.tell(LiveOutput::Taken { cost }).await;
        }
    }
}

#[async_trait]
impl Audience for Session {
    async fn stage(&mut self, stage: LiveStage) {
        if stage == LiveStage::Run {
            self.began = Instant::now();
            self.last = self.began;
        }
        self.tell(LiveOutput::Stage { stage }).await;
    }

    async fn compiled(&mut self, report: &CompileReport) {
        self.tell(LiveOutput::Compiled { report: report.clone() }).await;
    }

    fn stopped(&self) -> Option<LiveEnd> {
        self.stopped
    }

    fn cut(&self) -> bool {
        self.cut
    }
}

#[cfg(test)]
mod tests {
    use gavel_broker::embedded::EmbeddedBroker;
    use gavel_broker::{BrokerMetrics, Dispatcher as _};
    use gavel_model::Lane;
    use gavel_platform::telemetry::Registry;
    use gavel_testkit::{submission, within};
    use tokio_util::sync::CancellationToken;
    use tokio_util::task::TaskTracker;

    use super::*;

    /// A session whose time is over at once, and its client.
    async fn session() -> (Session, mpsc::Sender<LiveInput>, LiveLink<LiveInput, LiveOutput>) {
        let broker = EmbeddedBroker::new(
            BrokerMetrics::register(&Registry::default()).unwrap(),
            TaskTracker::new(),
            CancellationToken::new(),
        );
        let run = LiveRun {
            submission: submission(Lane::Practice),
            session_ms: 0,
            idle_ms: 60_000,
            reply_to: String::new(),
        };
        let client = broker.open_live(run, Duration::from_secs(60)).await.unwrap();
        let (run, ..) = within("it comes", broker.live_runs(1).recv()).await.unwrap().begin();
        let LiveLink { sender, .. } = broker.join_live(&run, "worker").await.unwrap();
        let (words, waiting) = mpsc::channel(1);
        (Session::new(&run, sender, waiting), words, client)
    }

    #[tokio::test]
    async fn what_a_stopped_program_still_wrote_is_dropped_and_not_forgotten() {
        let (mut session, _words, _client) = session().await;
        session.wrote(LiveStream::Stdout, vec![b'x'; OUTPUT_WINDOW as usize]).await;
        assert!(!session.has_room() && !session.cut());
        assert!(matches!(session.next().await, Told::Kill));
        assert!(session.has_room(), "nobody waits with what is dropped");
        session.wrote(LiveStream::Stdout, Vec::new()).await;
        assert!(!session.cut(), "the end of a stream is no output");
        session.wrote(LiveStream::Stdout, b"more".to_vec()).await;
        assert_eq!((session.stopped(), session.cut()), (Some(LiveEnd::Session), true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_program_that_reads_is_not_idle() {
        let (mut session, ..) = session().await;
        let begin = session.last;
        tokio::time::advance(Duration::from_secs(1)).await;
        session.taken(0).await;
        assert_eq!(session.last, begin, "it read nothing");
        session.taken(1).await;
        assert_eq!(session.last, begin + Duration::from_secs(1));
    }
}
