//! A TCP proxy that misbehaves when told to: it cuts connections, refuses them, or falls silent.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Bytes pass both ways.
    Forward,
    /// What the client says arrives, what the server says does not.
    Mute,
    /// Bytes are neither read nor written; connections stay open.
    Stall,
    /// New connections are closed at once.
    Refuse,
}

/// A proxy before a server. Dropped, it ends with all its connections.
pub struct Proxy {
    /// The server's URL with the proxy's address.
    pub url: Url,
    mode: Arc<watch::Sender<Mode>>,
    /// How many cuts there were; connections end when it changes.
    cuts: Arc<watch::Sender<u64>>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    /// One that passes everything on, before the server of a URL that names a port.
    ///
    /// # Panics
    /// When the URL names no server, or no port.
    pub async fn start(server: &Url) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url = server.clone();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let target = (server.host_str().unwrap().to_owned(), server.port().unwrap());
        let target = tokio::net::lookup_host(target).await.unwrap().next().unwrap();
        let mode = Arc::new(watch::channel(Mode::Forward).0);
        let cuts = Arc::new(watch::channel(0).0);
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, target, Arc::clone(&mode), Arc::clone(&cuts)));
        Self { url, mode, cuts, _tasks: tasks }
    }

    /// Cuts every connection; new ones are welcome.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Cuts every connection and takes no more.
    pub fn refuse(&self) {
        self.mode.send_replace(Mode::Refuse);
        self.cut();
    }

    /// The server hears everything, and nobody hears the server: what it confirms is lost.
    pub fn mute(&self) {
        self.mode.send_replace(Mode::Mute);
    }

    /// Keeps every connection open and lets nothing through.
    pub fn stall(&self) {
        self.mode.send_replace(Mode::Stall);
    }

    /// Behaves again.
    pub fn forward(&self) {
        self.mode.send_replace(Mode::Forward);
    }
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    mode: Arc<watch::Sender<Mode>>,
    cuts: Arc<watch::Sender<u64>>,
) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        if *mode.borrow() == Mode::Refuse {
            continue;
        }
        let (mode, mut cut) = (mode.subscribe(), cuts.subscribe());
        cut.mark_unchanged();
        connections.spawn(async move {
            let Ok(server) = TcpStream::connect(target).await else { return };
            let ((from_client, to_client), (from_server, to_server)) =
                (client.into_split(), server.into_split());
            tokio::select! {
                () = copy(from_client, to_server, mode.clone(), &[Mode::Stall]) => {}
                () = copy(from_server, to_client, mode, &[Mode::Stall, Mode::Mute]) => {}
                _ = cut.changed() => {}
            }
        });
    }
}

/// Passes on what comes, but for the time in which it is to stand still.
async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
    still: &[Mode],
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        if mode.wait_for(|mode| !still.contains(mode)).await.is_err() {
            return;
        }
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = mode.changed() => continue,
        };
        match read {
            Ok(read) if read > 0 && to.write_all(&buffer[..read]).await.is_ok() => {}
            _ => return,
        }
    }
}
