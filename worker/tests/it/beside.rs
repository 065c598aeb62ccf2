//! Programs run in a sandbox directly, with nobody judging them.

use std::collections::BTreeMap;
use std::time::Duration;

use gavel_runner::{Ending, Stdout};
use gavel_worker::sandbox::{Input, Job, Sandbox, Sink};

/// Runs a shell script and gives what it printed on both streams.
pub async fn shell_in(sandbox: &mut Sandbox, script: &str) -> String {
    // One stream, so that lines stay in their order.
    let script = format!("exec 2>&1\n{script}");
    run_in(sandbox, &["/bin/sh", "-c", &script]).await
}

/// Runs a program and gives what it printed on both streams.
pub async fn run_in(sandbox: &mut Sandbox, argv: &[&str]) -> String {
    let job = job(argv);
    let mut said = Said::default();
    let outcome = sandbox.run(&job, &Input::Empty, &mut said).await.unwrap();
    assert!(matches!(outcome.ending, Ending::Code(_)), "{outcome:?}");
    String::from_utf8(said.0).unwrap()
}

fn job(argv: &[&str]) -> Job {
    Job {
        argv: argv.iter().map(|word| (*word).to_owned()).collect(),
        env: BTreeMap::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]),
        cwd: "/app/work",
        stdout: Stdout::Stream,
        cpu: Duration::from_secs(10),
        wall: Duration::from_secs(20),
        memory: u64::MAX,
        stdout_limit: 1024 * 1024,
        stderr_limit: 1024 * 1024,
        stderr_forward: 1024 * 1024,
        stack: 8 * 1024 * 1024,
        address_space: None,
        file: u64::MAX,
        cores: vec![0],
    }
}

#[derive(Default)]
struct Said(Vec<u8>);

impl Sink for Said {
    fn stdout(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// Runs a program that says `word` and stays; `meanwhile` happens while it does.
pub async fn run_until<T>(
    sandbox: &mut Sandbox,
    argv: &[&str],
    word: &'static str,
    meanwhile: impl Future<Output = T>,
) -> T {
    let (heard, hear) = tokio::sync::oneshot::channel();
    let mut listener = Listener { word, said: Said::default(), heard: Some(heard) };
    let job = job(argv);
    tokio::select! {
        ended = sandbox.run(&job, &Input::Empty, &mut listener) => panic!("it did not stay: {ended:?}"),
        result = async { hear.await.expect("it says the word"); meanwhile.await } => result,
    }
}

/// Waits for a word.
struct Listener {
    word: &'static str,
    said: Said,
    heard: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Sink for Listener {
    fn stdout(&mut self, bytes: &[u8]) {
        self.said.stdout(bytes);
        if self.said.0.ends_with(self.word.as_bytes())
            && let Some(heard) = self.heard.take()
        {
            heard.send(()).expect("somebody listens");
        }
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.said.stderr(bytes);
    }
}
