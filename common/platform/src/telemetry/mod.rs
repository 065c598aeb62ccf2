//! Logs and metrics.

mod config;
mod logging;
mod metrics;
mod registry;

pub use config::{LogConfig, LogFormat};
pub use logging::{LogError, init_logging};
pub use registry::{Declared, Kind, Registry};
