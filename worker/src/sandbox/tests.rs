//! A sandbox over a scripted stream: what the real runner cannot be told to do.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use gavel_runner::{Cgroup, Command, Decoder, Event, PROTOCOL, Root, encode_event};
use tokio::io::{AsyncReadExt as _, DuplexStream};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use super::{Attached, Container, ForeignBytes, Sandbox, SandboxError};

const SOON: Duration = Duration::from_secs(20);

struct Scripted {
    out_of_memory: bool,
}

impl Container for Scripted {
    fn id(&self) -> &'static str {
        "scripted"
    }

    fn ran_out_of_memory(&self) -> BoxFuture<'_, bool> {
        std::future::ready(self.out_of_memory).boxed()
    }
}

/// The runner's side.
struct Runner {
    output: mpsc::Sender<Result<Bytes, ForeignBytes>>,
    input: DuplexStream,
    commands: Decoder<Command>,
}

impl Runner {
    async fn say(&self, nonce: u64, event: &Event) {
        let mut frame = Vec::new();
        encode_event(nonce, event, &mut frame).unwrap();
        self.output.send(Ok(frame.into())).await.unwrap();
    }

    /// The next command for which `wanted` holds.
    async fn heard(&mut self, wanted: impl Fn(&Command) -> bool) -> u64 {
        let mut buffer = [0; 4096];
        loop {
            while let Some((nonce, command)) = self.commands.next().unwrap() {
                if wanted(&command) {
                    return nonce;
                }
            }
            let read = tokio::time::timeout(SOON, self.input.read(&mut buffer)).await.unwrap().unwrap();
            assert!(read > 0, "the command never came");
            self.commands.push(&buffer[..read]);
        }
    }
}

fn scripted(out_of_memory: bool) -> (Sandbox, Runner) {
    let (output, pieces) = mpsc::channel(16);
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let pieces = futures_util::stream::unfold(pieces, |mut pieces: mpsc::Receiver<_>| async move {
        Some((pieces.recv().await?, pieces))
    });
    let attached = Attached {
        output: pieces.boxed(),
        input: Box::pin(ours),
        container: Box::new(Scripted { out_of_memory }),
    };
    let runner = Runner { output, input: theirs, commands: Decoder::new() };
    (Sandbox::over(attached, &TaskTracker::new()), runner)
}

async fn ready() -> (Sandbox, Runner) {
    let (sandbox, runner) = scripted(false);
    runner.say(0, &Event::Ready { protocol: PROTOCOL, cgroup: Cgroup::V1 }).await;
    (sandbox.ready(SOON).await.unwrap(), runner)
}

#[tokio::test]
async fn a_runner_of_another_build_is_refused() {
    let (sandbox, runner) = scripted(false);
    runner.say(0, &Event::Ready { protocol: PROTOCOL + 1, cgroup: Cgroup::V1 }).await;
    let refused = sandbox.ready(SOON).await.err().unwrap();
    assert!(matches!(refused, SandboxError::Version { found } if found == PROTOCOL + 1), "{refused:?}");
}

#[tokio::test]
async fn bytes_that_are_not_the_runners_break_it() {
    let (sandbox, runner) = scripted(false);
    runner.output.send(Err(ForeignBytes)).await.unwrap();
    let broken = sandbox.ready(SOON).await.err().unwrap();
    assert!(matches!(broken, SandboxError::ForeignStream), "{broken:?}");
}

#[tokio::test]
async fn an_end_is_told_by_what_became_of_the_container() {
    for (out_of_memory, kind) in [(false, "closed"), (true, "out_of_memory")] {
        let (sandbox, runner) = scripted(out_of_memory);
        drop(runner);
        assert_eq!(sandbox.ready(SOON).await.err().unwrap().kind(), kind);
    }
}

/// A file is not acknowledged: that it does not fit is learned by whoever waits for an answer next.
#[tokio::test]
async fn a_failure_names_the_command_it_is_about() {
    let (mut sandbox, mut runner) = ready().await;
    sandbox.put(Root::Work, "a/b.c", 0o644, b"x", false).await.unwrap();
    let put = runner.heard(|command| matches!(command, Command::Put { .. })).await;
    let fetching = sandbox.fetch("out", 100);
    runner.say(put, &Event::Failed { what: "no space".to_owned() }).await;
    let refused = fetching.await.unwrap_err();
    assert!(matches!(&refused, SandboxError::FileRefused { path, .. } if path == "a/b.c"), "{refused:?}");
}

#[tokio::test]
async fn a_fetch_that_is_refused_is_told_from_a_reset_that_failed() {
    for reset_fails in [false, true] {
        let (mut sandbox, mut runner) = ready().await;
        sandbox.reset().await.unwrap();
        let reset = runner.heard(|command| *command == Command::Reset).await;
        let script = async {
            let fetch = runner.heard(|command| matches!(command, Command::Fetch { .. })).await;
            let failed = Event::Failed { what: "no".to_owned() };
            if reset_fails {
                runner.say(reset, &failed).await;
            } else {
                runner.say(reset, &Event::ResetDone).await;
                runner.say(fetch, &failed).await;
            }
        };
        let (fetched, ()) = tokio::join!(sandbox.fetch("out", 100), script);
        let expected = if reset_fails { "not_reset" } else { "fetch_refused" };
        assert_eq!(fetched.unwrap_err().kind(), expected);
    }
}

/// As a program's input does that is written to a sandbox which is dropped in the middle: nobody reads it any more.
#[tokio::test(start_paused = true)]
async fn a_sandbox_that_is_dropped_lets_go_of_a_stream_that_nobody_reads() {
    let (mut sandbox, mut runner) = ready().await;
    let endless = vec![7; 1024 * 1024];
    let putting = sandbox.put(Root::Work, "large", 0o644, &endless, false);
    // The clock goes on only when nothing else does.
    let stuck = tokio::time::timeout(SOON, putting).await;
    assert!(stuck.is_err(), "the stream took all of it: nothing was shown");
    drop(sandbox);
    let mut rest = Vec::new();
    let end = tokio::time::timeout(SOON, runner.input.read_to_end(&mut rest)).await;
    end.expect("the stream ends").unwrap();
    assert!(rest.len() < endless.len(), "{} bytes were still written", rest.len());
}

#[tokio::test]
async fn a_sandbox_is_blank_only_when_the_runner_says_so() {
    for (answer, expected) in [
        (Event::BlankDone, None),
        (Event::Failed { what: "not blank: a socket is left".to_owned() }, Some("not_reset")),
        (Event::ResetDone, Some("protocol")),
    ] {
        let (mut sandbox, mut runner) = ready().await;
        sandbox.reset().await.unwrap();
        let reset = runner.heard(|command| *command == Command::Reset).await;
        let script = async {
            let blank = runner.heard(|command| *command == Command::Blank).await;
            runner.say(reset, &Event::ResetDone).await;
            runner.say(blank, &answer).await;
        };
        let (proven, ()) = tokio::join!(sandbox.blank(), script);
        assert_eq!(proven.err().map(|error| error.kind()), expected, "{answer:?}");
    }
}
