//! Connections to where clients want to be called: only to addresses that were looked at.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use url::{Host, Url};

use super::call::CallError;

/// What bytes go through.
pub trait Stream: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Stream for T {}

/// From a name and a port to addresses, asked anew each time.
type Resolve = Arc<dyn Fn(String, u16) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Connects to places that clients name; cloning shares it.
#[derive(Clone)]
pub struct Connector {
    tls: TlsConnector,
    resolve: Resolve,
    permits: fn(IpAddr) -> bool,
}

impl Connector {
    /// By the names of the system, to addresses that are permitted.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(permits: fn(IpAddr) -> bool) -> Result<Self, tokio_rustls::rustls::Error> {
        let resolve: Resolve = Arc::new(|host, port| {
            async move { Ok::<_, io::Error>(lookup_host((host, port)).await?.collect::<Vec<_>>()) }.boxed()
        });
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), resolve, permits })
    }

    /// Connects to where a URL points now, to one of the addresses that are permitted.
    ///
    /// # Errors
    /// When there is no such address, or none of them answers.
    pub(super) async fn connect(&self, url: &Url) -> Result<Pin<Box<dyn Stream>>, CallError> {
        let port = url.port_or_known_default().ok_or(CallError::Url)?;
        let addresses = match url.host().ok_or(CallError::Url)? {
            Host::Ipv4(address) => vec![SocketAddr::from((address, port))],
            Host::Ipv6(address) => vec![SocketAddr::from((address, port))],
            Host::Domain(name) => (self.resolve)(name.to_owned(), port).await.map_err(CallError::Resolve)?,
        };
        let permitted: Vec<_> = addresses.iter().filter(|address| (self.permits)(address.ip())).collect();
        if permitted.is_empty() && !addresses.is_empty() {
            return Err(CallError::Private);
        }
        let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in permitted {
            match TcpStream::connect(address).await {
                Ok(stream) => return self.secured(url, stream).await,
                Err(error) => failed = error,
            }
        }
        Err(CallError::Connect(failed))
    }

    async fn secured(&self, url: &Url, stream: TcpStream) -> Result<Pin<Box<dyn Stream>>, CallError> {
        if url.scheme() != "https" {
            return Ok(Box::pin(stream));
        }
        let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(name).map_err(|_| CallError::Url)?;
        let stream = self.tls.connect(name, stream).await.map_err(CallError::Tls)?;
        Ok(Box::pin(stream))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use tokio::net::TcpListener;

    /// The name stood for a permitted address when it was first called, and moved to a place that is not.
    #[tokio::test]
    async fn a_name_that_moved_is_looked_at_again() {
        let permitted = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = permitted.local_addr().unwrap().port();
        let private = TcpListener::bind(("127.0.0.2", port)).await.unwrap();
        let stands_for = Arc::new(Mutex::new(vec![permitted.local_addr().unwrap()]));
        let mut connector = Connector::new(|address| address == IpAddr::from([127, 0, 0, 1])).unwrap();
        let known = Arc::clone(&stands_for);
        connector.resolve = Arc::new(move |name, _| {
            assert_eq!(name, "receiver.example");
            let addresses = known.lock().unwrap().clone();
            async move { Ok::<_, io::Error>(addresses) }.boxed()
        });
        let url: Url = format!("http://receiver.example:{port}/").parse().unwrap();
        assert!(connector.connect(&url).await.is_ok());
        *stands_for.lock().unwrap() = vec![private.local_addr().unwrap()];
        assert!(matches!(connector.connect(&url).await, Err(CallError::Private)));
        // One of both: only the permitted one is asked.
        *stands_for.lock().unwrap() = vec![private.local_addr().unwrap(), permitted.local_addr().unwrap()];
        assert!(connector.connect(&url).await.is_ok());
        let (asked, _) = permitted.accept().await.unwrap();
        drop(asked);
        assert!(private.accept().now_or_never().is_none(), "nobody ever connected to the other one");
        let literal: Url = format!("http://127.0.0.2:{port}/").parse().unwrap();
        assert!(matches!(connector.connect(&literal).await, Err(CallError::Private)));
    }
}
