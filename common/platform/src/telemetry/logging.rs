//! `tracing`, set up once by each binary.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use super::config::{LogConfig, LogFormat};

/// Logging that could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// `log.filter` is no filter.
    #[error("log.filter {filter:?}")]
    Filter {
        /// What it says.
        filter: String,
        /// Why not.
        source: ParseError,
    },
    /// Somebody else has set up logging.
    #[error("logging is already set up")]
    Twice(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// Logs to standard error from now on.
///
/// # Errors
/// [`LogError`].
pub fn init_logging(config: &LogConfig) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&config.filter)
        .map_err(|source| LogError::Filter { filter: config.filter.clone(), source })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => builder.with_ansi(false).try_init()?,
        LogFormat::Json => builder.json().flatten_event(true).try_init()?,
    }
    Ok(())
}
