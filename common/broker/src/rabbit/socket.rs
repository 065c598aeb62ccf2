//! The TCP connection under an AMQP connection, kept by a second handle so that it can be ended from outside.
//!
//! lapin (4.12) drives a connection in a thread of its own, which lives as long as the socket: a handshake that is given
//! up because nobody answers would leave both behind. It also has no deadline for connecting.

use std::net::Shutdown;
use std::os::fd::AsFd as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_compat::CompatExt as _;
use lapin::tcp::AsyncTcpStream;
use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionProperties};
use tokio::net::TcpStream;

use super::address::Address;

/// How long TCP may take to connect, unless the URL says otherwise (`?connection_timeout=` in milliseconds).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Ends the connection when dropped, unless it was let go.
pub(super) struct Socket {
    stream: std::net::TcpStream,
    held: bool,
}

impl Socket {
    /// Leaves the end to lapin, which says goodbye once nobody uses the connection any more.
    pub(super) fn let_go(mut self) {
        self.held = false;
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if !self.held {
            return;
        }
        if let Err(error) = self.stream.shutdown(Shutdown::Both) {
            tracing::debug!(%error, "the socket has ended already");
        }
    }
}

/// How long TCP may take to connect.
pub(super) fn timeout(uri: &AMQPUri) -> Duration {
    uri.query.connection_timeout.map_or(CONNECT_TIMEOUT, Duration::from_millis)
}

/// Connects TCP.
pub(super) async fn connect(uri: &AMQPUri) -> std::io::Result<(TcpStream, Socket)> {
    let address = (uri.authority.host.as_str(), uri.authority.port);
    let stream = tokio::time::timeout(timeout(uri), TcpStream::connect(address)).await??;
    stream.set_nodelay(true)?;
    let handle = stream.as_fd().try_clone_to_owned()?;
    Ok((stream, Socket { stream: handle.into(), held: true }))
}

/// Shakes hands over a TCP connection, within TLS where the address asks for it.
pub(super) async fn handshake(
    address: &Address,
    stream: TcpStream,
    properties: ConnectionProperties,
) -> lapin::Result<Connection> {
    let Address { uri, tls } = address;
    let stream = AsyncTcpStream::Plain(stream.compat());
    let stream = match tls {
        Some(tls) => stream.into_rustls(tls, &uri.authority.host).await?,
        None => stream,
    };
    let stream = Mutex::new(Some(stream));
    let hand_over = async move |_uri, _runtime| {
        // lapin asks once, since it is told neither to try again nor to recover.
        let stream = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(stream.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotConnected))?)
    };
    Connection::connector(uri.clone(), lapin::runtime::default_runtime()?, hand_over, properties).await
}
