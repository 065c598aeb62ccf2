//! The port: connections are taken, bounded and ended here.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;

use super::connections::{Admitted, Connections};
use crate::peer::Peer;

/// How long open requests may take to finish once the service is to end.
const DRAIN: Duration = Duration::from_secs(10);

/// How long a connection without a request may take then, to send what was answered already.
const LAST_WRITE: Duration = Duration::from_secs(1);

/// How long nothing is accepted after the machine had no room for another connection.
const EXHAUSTED: Duration = Duration::from_secs(1);

/// The most bytes of the head of a request.
const MAX_HEAD: usize = 16 * 1024;

/// The most bytes that a connection holds of what it has read and nobody has asked for.
const MAX_BUFFER: usize = 64 * 1024;

/// What is said to a connection for which there is no room, before anything of it is read.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 2\r\n\
Connection: close\r\nContent-Length: 92\r\n\r\n\
{\"error\":{\"code\":\"unavailable\",\"message\":\"too many requests are in progress\",\"field\":null}}\n";

/// How connections are treated.
#[derive(Clone)]
pub struct Listen {
    /// What answers.
    pub router: Router,
    /// Which are open.
    pub connections: Connections,
    /// How long one may go without the whole head of a request, or without taking anything of an answer.
    pub idle: Duration,
    /// Ends it.
    pub shutdown: CancellationToken,
}

enum Event {
    Accepted(std::io::Result<(TcpStream, std::net::SocketAddr)>),
    Ended,
    Shutdown,
}

impl Listen {
    /// Serves until the end; open requests may finish then, for a while.
    pub async fn serve(self, listener: TcpListener) {
        let mut open = JoinSet::new();
        loop {
            let event = tokio::select! {
                accepted = listener.accept() => Event::Accepted(accepted),
                Some(_) = open.join_next() => Event::Ended,
                () = self.shutdown.cancelled() => Event::Shutdown,
            };
            match event {
                Event::Accepted(Ok((stream, address))) => {
                    let peer = Peer::from(address.ip());
                    match self.connections.admit(peer) {
                        Some(admitted) => drop(open.spawn(self.clone().connection(stream, peer, admitted))),
                        // Whether it arrives or not, the connection ends.
                        None => drop(stream.try_write(FULL)),
                    }
                }
                Event::Accepted(Err(error)) => refused(&error).await,
                Event::Ended => {}
                Event::Shutdown => break,
            }
        }
        drop(listener);
        let drained = async { while open.join_next().await.is_some() {} };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            tracing::warn!(drain_s = DRAIN.as_secs(), "requests are still open; they are cut off");
        }
    }

    async fn connection(self, stream: TcpStream, peer: Peer, admitted: Admitted) {
        // It only sends smaller pieces later, if at all.
        stream.set_nodelay(true).ok();
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.idle));
        let inner = TowerToHyperService::new(self.router);
        let (admitted, inner) = (&admitted, &inner);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            let in_progress = admitted.request();
            let answer = inner.call(request);
            async move {
                let answer: Response<Body> = answer.await?;
                // In progress until the last of the answer is on its way, which may be an hour of events later.
                let body = move |body: Body| {
                    Body::new(body.map_frame(move |frame| {
                        let _ = &in_progress;
                        frame
                    }))
                };
                Ok::<_, Infallible>(answer.map(body))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.idle)
            .max_header_size(MAX_HEAD)
            .max_buf_size(MAX_BUFFER)
            .serve_connection(TokioIo::new(Box::pin(stream)), service)
            .with_upgrades();
        tokio::pin!(connection);
        tokio::select! {
            // A client that goes, and one that is too slow, are no news.
            _ = connection.as_mut() => return,
            () = admitted.evicted() => return,
            () = self.shutdown.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        let idle = admitted.is_waiting();
        let last_write = async {
            match idle {
                true => tokio::time::sleep(LAST_WRITE).await,
                false => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = connection => {}
            () = last_write => {}
        }
    }
}

/// The place where a connection that could not be accepted is handled, and so logged.
async fn refused(error: &std::io::Error) {
    let gone = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset];
    if !gone.contains(&error.kind()) {
        tracing::warn!(%error, "no connection can be accepted for the moment");
        tokio::time::sleep(EXHAUSTED).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_one_too_many_is_as_long_as_it_says() {
        let text = std::str::from_utf8(FULL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), body.len());
        serde_json::from_str::<serde_json::Value>(body).unwrap();
    }
}
