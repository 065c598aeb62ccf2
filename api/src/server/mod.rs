//! The service as a whole: its tasks, its port, its connections, its end.

mod connections;
mod listen;
mod serve;

pub use serve::{ApiParts, RunParts, ServeError, run, serve};
