//! One look at a broker, for people who set one up.

use lapin::ConnectionProperties;

use super::address::{Address, StartError};
use super::socket;
use crate::config::BrokerConfig;

/// A broker that could not be greeted.
#[derive(Debug, thiserror::Error)]
pub enum GreetError {
    /// The settings are wrong.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It did not answer as a broker does.
    #[error("{address}: {why}")]
    NoAnswer {
        /// Without the password.
        address: String,
        /// What happened.
        why: String,
    },
}

/// Connects once, declares nothing, says goodbye, and tells where that was.
///
/// # Errors
/// When there is no way to it, it trusts nobody of that name, or has no such vhost.
pub async fn greet(config: &BrokerConfig) -> Result<String, GreetError> {
    let address = Address::of(config)?;
    let within = socket::timeout(&address.uri) * 2;
    let greeting = async {
        let (stream, _socket) = socket::connect(&address.uri).await?;
        let properties = ConnectionProperties::default().with_connection_name("gavel doctor".into());
        let connection = socket::handshake(&address, stream, properties).await?;
        connection.close(200, "goodbye".into()).await
    };
    let why = match tokio::time::timeout(within, greeting).await {
        Ok(Ok(())) => return Ok(address.shown()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {within:?}"),
    };
    Err(GreetError::NoAnswer { address: address.shown(), why })
}
