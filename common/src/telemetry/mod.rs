//! Logs and metrics.

mod logging;
mod metrics;

pub use logging::{LogError, init_logging};
pub use metrics::Metrics;
