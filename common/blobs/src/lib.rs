//! Large bytes, kept by the SHA-256 of their content: sources, inputs, answers and problem packages.

mod collect;
mod config;
mod payload;
mod store;

pub use config::BlobConfig;
pub use payload::{MAX_INLINE, PayloadError};
pub use store::{BlobError, BlobStore, location};
