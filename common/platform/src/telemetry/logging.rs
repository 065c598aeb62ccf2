//! `tracing`, set up once by each binary.

use tracing_subscriber::filter::{ParseError, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use super::config::{LogConfig, LogFormat};
use super::trace::{Export, Keep, is_ours};

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
    Twice(#[from] TryInitError),
}

/// Logs to standard error from now on, and hands spans to whoever exports them.
///
/// # Errors
/// [`LogError`].
pub fn init_logging(config: &LogConfig, export: Option<&Export>) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&config.filter)
        .map_err(|source| LogError::Filter { filter: config.filter.clone(), source })?;
    let spans = export.map_or_else(|| Keep.boxed(), Export::layer);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match config.format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let registry = tracing_subscriber::registry().with(spans.with_filter(filter_fn(is_ours)));
    Ok(registry.with(lines.with_filter(filter)).try_init()?)
}
