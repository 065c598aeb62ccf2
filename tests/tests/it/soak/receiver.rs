//! A receiver of webhooks that does not always take them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::client::{Call, Client};

/// Longer than the wait before the fifth try.
const TOLD_WITHIN: Duration = Duration::from_secs(180);

pub struct Receiver {
    pub url: String,
    taken: Arc<Mutex<HashSet<String>>>,
    _tasks: JoinSet<()>,
}

impl Receiver {
    pub async fn start(mut random: StdRng) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/done", listener.local_addr().unwrap());
        let taken: Arc<Mutex<HashSet<String>>> = Arc::default();
        let into = Arc::clone(&taken);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let takes = random.random_bool(0.8);
                let into = Arc::clone(&into);
                // The caller may be killed while it speaks.
                connections.spawn(async move { call(stream, takes, &into).await.unwrap_or_default() });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { url, taken, _tasks: tasks }
    }

    /// Waits until all these batches were told.
    pub async fn heard_of(&self, batches: &[String], client: &Client) {
        let begin = Instant::now();
        loop {
            let missing = {
                let taken = self.taken.lock().unwrap();
                batches.iter().find(|id| !taken.contains(*id)).cloned()
            };
            let Some(id) = missing else { break };
            if begin.elapsed() > TOLD_WITHIN {
                let (_, tries) = client.ask(&Call::get(format!("/api/v1/webhooks?batch={id}"))).await;
                panic!("not within {TOLD_WITHIN:?}: the receiver is told of {id}: {tries:#}");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        println!("batches told to the receiver: {}", batches.len());
    }
}

async fn call(stream: TcpStream, takes: bool, taken: &Mutex<HashSet<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim_end().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let body: Value = serde_json::from_slice(&body).unwrap();
    if takes {
        taken.lock().unwrap().insert(body["batch"]["id"].as_str().unwrap().to_owned());
    }
    let status = if takes { "204 Taken" } else { "500 Not now" };
    stream
        .write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes())
        .await
}
