//! A receiver of webhooks, which does with each call what it is told to.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::wait::within;

/// What a receiver does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Answers with a status.
    Answer(u16),
    /// Says that it is elsewhere.
    Redirect,
    /// Says nothing, and stays.
    Hang,
    /// Says nothing, and goes.
    HangUp,
}

/// A call that was received.
pub struct Received {
    /// What is done with it.
    pub does: Does,
    /// The request's line and headers.
    pub head: Vec<String>,
    /// What it said.
    pub body: String,
}

impl Received {
    /// A header's value; empty where it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let wanted = format!("{name}: ");
        self.head.iter().find_map(|line| line.strip_prefix(&wanted)).unwrap_or_default()
    }

    /// The body.
    ///
    /// # Panics
    /// When it is no JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A server that takes calls; dropping it ends it.
pub struct Receiver {
    /// Where it is called.
    pub url: String,
    /// What it received.
    pub calls: mpsc::UnboundedReceiver<Received>,
    _tasks: JoinSet<()>,
}

impl Receiver {
    /// Does one thing after the other, and the last one ever after.
    pub async fn that(does: &'static [Does]) -> Self {
        let mut next = does.iter().copied();
        let last = *does.last().unwrap();
        Self::by(move || next.next().unwrap_or(last)).await
    }

    /// Does with each call what is decided when it comes.
    pub async fn by(mut decide: impl FnMut() -> Does + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/done?x=1", listener.local_addr().unwrap());
        let (sender, calls) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (does, sender) = (decide(), sender.clone());
                // Whoever calls may be killed while it speaks.
                connections.spawn(async move { receive(stream, does, &sender).await.unwrap_or_default() });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { url, calls, _tasks: tasks }
    }

    /// The next call.
    pub async fn call(&mut self) -> Received {
        within("a call", self.calls.recv()).await.unwrap()
    }
}

async fn receive(stream: TcpStream, does: Does, calls: &mpsc::UnboundedSender<Received>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut received = Received { does, head: Vec::new(), body: String::new() };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim_end() {
            "" => break,
            line => received.head.push(line.to_owned()),
        }
    }
    let length = received.header("content-length").parse().map_err(io::Error::other)?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    received.body = String::from_utf8(body).unwrap();
    // A test that has seen enough need not hear of it.
    calls.send(received).unwrap_or_default();
    let answer = match does {
        Does::Answer(status) => format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n"),
        Does::Redirect => "HTTP/1.1 302 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_owned(),
        Does::Hang => return std::future::pending().await,
        Does::HangUp => return Ok(()),
    };
    stream.write_all(answer.as_bytes()).await
}
