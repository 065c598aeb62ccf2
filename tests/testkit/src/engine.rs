//! A Docker Engine that does not do what it is asked for: a proxy before the real one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Changes the body of a request that creates a container.
pub type Change = Box<dyn Fn(&mut Value) + Send + Sync>;

/// Where the machine's engine listens.
const MACHINES: &str = "/var/run/docker.sock";

/// A proxy before an engine, on a socket of its own. Dropped, it ends with all its connections.
///
/// Every connection carries one request, as bollard makes them.
pub struct EngineProxy {
    folder: PathBuf,
    change: Arc<Mutex<Option<Change>>>,
    up: watch::Sender<bool>,
    _accepting: JoinSet<()>,
}

impl EngineProxy {
    /// One that passes everything on as it comes.
    ///
    /// # Panics
    /// When there is no room for its socket.
    #[must_use]
    pub fn honest() -> Self {
        Self::before(MACHINES)
    }

    /// The same before another engine, at its socket.
    ///
    /// # Panics
    /// When there is no room for its own.
    pub fn before(socket: impl Into<PathBuf>) -> Self {
        let engine: Arc<Path> = socket.into().into();
        let folder = std::env::temp_dir().join(format!("gavel-engine-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        let listener = UnixListener::bind(folder.join("docker.sock")).unwrap();
        let (up, watch) = watch::channel(true);
        let change: Arc<Mutex<Option<Change>>> = Arc::default();
        let shared = Arc::clone(&change);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (change, mut up, engine) = (Arc::clone(&shared), watch.clone(), Arc::clone(&engine));
                connections.spawn(async move {
                    tokio::select! {
                        // Either side may go away at any time.
                        _ended = pass_on(client, &engine, &change) => {}
                        _down = up.wait_for(|up| !up) => {}
                    }
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { folder, change, up, _accepting: accepting }
    }

    /// One that changes what is asked for.
    #[must_use]
    pub fn lying(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        let proxy = Self::honest();
        proxy.lie(change);
        proxy
    }

    /// From now on it changes what is asked for.
    ///
    /// # Panics
    /// When an earlier change panicked.
    pub fn lie(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        *self.change.lock().unwrap() = Some(Box::new(change));
    }

    /// From now on it passes on what comes.
    ///
    /// # Panics
    /// When an earlier change panicked.
    pub fn be_honest(&self) {
        *self.change.lock().unwrap() = None;
    }

    /// Cuts every connection, and refuses new ones until [`Self::come_up`]: an engine that is restarted.
    pub fn go_down(&self) {
        self.up.send_replace(false);
    }

    /// Takes connections again.
    pub fn come_up(&self) {
        self.up.send_replace(true);
    }

    /// Its address, for `sandbox.docker`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.folder.join("docker.sock").display())
    }
}

impl Drop for EngineProxy {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

async fn pass_on(
    mut client: UnixStream,
    engine: &Path,
    change: &Mutex<Option<Change>>,
) -> std::io::Result<()> {
    let mut engine = UnixStream::connect(engine).await?;
    let request = read_request(&mut client).await?;
    engine.write_all(&changed(request, change)).await?;
    copy_bidirectional(&mut client, &mut engine).await?;
    Ok(())
}

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A head and as much of the body as belongs to it, if it creates a container; else what came first.
async fn read_request(client: &mut UnixStream) -> std::io::Result<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        if let Some(head) = head_of(&request)
            && (!creates(&request[..head]) || request.len() >= head + body_length(&request[..head]))
        {
            return Ok(request);
        }
        if client.read_buf(&mut request).await? == 0 {
            return Ok(request);
        }
    }
}

fn head_of(request: &[u8]) -> Option<usize> {
    let end = request.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD)?;
    Some(end + END_OF_HEAD.len())
}

fn creates(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let line = head.lines().next().unwrap_or_default();
    line.starts_with("POST ") && line.contains("/containers/create")
}

fn body_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.unwrap().trim().parse().unwrap()
}

fn changed(request: Vec<u8>, change: &Mutex<Option<Change>>) -> Vec<u8> {
    let head = head_of(&request).unwrap_or(request.len());
    let change = change.lock().unwrap();
    let Some(change) = change.as_ref().filter(|_| creates(&request[..head])) else { return request };
    let mut body: Value = serde_json::from_slice(&request[head..]).unwrap();
    change(&mut body);
    let body = body.to_string();
    let lines = String::from_utf8_lossy(&request[..head]).into_owned();
    let kept = lines.trim_end().lines().filter(|line| !line.to_lowercase().starts_with("content-length:"));
    let head: String = kept.map(|line| format!("{line}\r\n")).collect();
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
