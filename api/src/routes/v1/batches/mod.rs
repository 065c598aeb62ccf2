//! `/api/v1/batches`: many submissions that are taken, followed and canceled as one.

pub mod cancel;
pub mod create;
mod entry;
pub mod events;
pub mod get;
mod json;
pub mod path;
mod receipt;
pub mod results;
mod stream;
pub mod view;
