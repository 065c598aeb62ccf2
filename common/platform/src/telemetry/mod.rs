//! Logs, metrics and traces.

mod config;
mod logging;
mod metrics;
mod registry;
pub mod trace;

pub use config::{LogConfig, LogFormat};
pub use logging::{LogError, init_logging};
pub use registry::{Declared, Kind, Registry};
