//! Where the broker is, and how it is spoken to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lapin::tcp::{RustlsConnector, RustlsConnectorConfig};
use lapin::uri::{AMQPScheme, AMQPUri};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::ExposeSecret as _;

use crate::config::BrokerConfig;

/// Seconds between heartbeats, unless the URL says otherwise; a connection silent for twice that is given up.
const HEARTBEAT: u16 = 10;

/// A broker that cannot even be looked for.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Not an AMQP URL. What it is stays unsaid: it may hold a password.
    #[error("broker.url is not of the form amqp://user:password@host:port/vhost, or amqps://")]
    Url,
    /// Certificates without TLS.
    #[error("{0} is for TLS, and broker.url is not amqps")]
    NoTls(&'static str),
    /// One of two that go together.
    #[error("broker.cert_file and broker.key_file go together")]
    HalfIdentity,
    /// A file of certificates or keys that cannot be used.
    #[error("{setting} ({})", path.display())]
    File {
        /// The setting that names it.
        setting: &'static str,
        /// Its path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is in them cannot be used together.
    #[error("TLS to the broker")]
    Tls(#[source] std::io::Error),
}

/// Where the broker is, and how it is spoken to.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) uri: AMQPUri,
    /// `amqps`.
    pub(super) tls: Option<Arc<RustlsConnector>>,
}

impl Address {
    /// Reads the URL, and what TLS needs.
    pub(super) fn of(config: &BrokerConfig) -> Result<Self, StartError> {
        let mut uri: AMQPUri = config.url.expose_secret().parse().map_err(|_| StartError::Url)?;
        uri.query.heartbeat.get_or_insert(HEARTBEAT);
        let tls = match uri.scheme {
            AMQPScheme::AMQPS => Some(Arc::new(connector(config)?)),
            AMQPScheme::AMQP => {
                let files = [
                    ("broker.ca_file", &config.ca_file),
                    ("broker.cert_file", &config.cert_file),
                    ("broker.key_file", &config.key_file),
                ];
                match files.into_iter().find(|(_, path)| is_given(path)) {
                    Some((setting, _)) => return Err(StartError::NoTls(setting)),
                    None => None,
                }
            }
        };
        Ok(Self { uri, tls })
    }

    /// For people: without the password.
    pub(super) fn shown(&self) -> String {
        let AMQPUri { scheme, authority, vhost, .. } = &self.uri;
        let scheme = if *scheme == AMQPScheme::AMQPS { "amqps" } else { "amqp" };
        format!("{scheme}://{}:{}, vhost {vhost}", authority.host, authority.port)
    }
}

fn is_given(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}

/// Trusts the given authority and no other one, or those of the machine.
fn connector(config: &BrokerConfig) -> Result<RustlsConnector, StartError> {
    let trusted = if is_given(&config.ca_file) {
        let mut trusted = RustlsConnectorConfig::default();
        trusted.add_parsable_certificates(certificates("broker.ca_file", &config.ca_file)?);
        trusted
    } else {
        RustlsConnectorConfig::new_with_native_certs().map_err(StartError::Tls)?
    };
    match (is_given(&config.cert_file), is_given(&config.key_file)) {
        (false, false) => trusted.connector_with_no_client_auth().map_err(StartError::Tls),
        (true, true) => {
            let chain = certificates("broker.cert_file", &config.cert_file)?;
            let key = PrivateKeyDer::from_pem_file(&config.key_file)
                .map_err(|error| unusable("broker.key_file", &config.key_file, error))?;
            trusted.connector_with_single_cert(chain, key).map_err(StartError::Tls)
        }
        _ => Err(StartError::HalfIdentity),
    }
}

fn certificates(setting: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, StartError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = read.map_err(|error| unusable(setting, path, error))?;
    if found.is_empty() {
        return Err(unusable(setting, path, std::io::Error::other("no certificate is in it")));
    }
    Ok(found)
}

fn unusable(
    setting: &'static str,
    path: &Path,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StartError {
    StartError::File { setting, path: path.to_owned(), source: std::io::Error::other(error) }
}
