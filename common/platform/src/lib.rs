//! What every process of Gavel needs: settings, logs and metrics, an admin port, a life from its begin to its drain.
//!
//! Nothing here knows what is judged. Each part of Gavel owns its settings and its metrics; the binary puts them
//! together.

pub mod admin;
pub mod disk;
pub mod lifecycle;
pub mod private;
pub mod settings;
pub mod telemetry;
