//! `/api/v1/submissions`: taking one, telling of one.

mod accept;
mod check;
pub mod create;
pub mod get;
mod inline;
mod language;
mod problem;
pub mod request;
pub mod view;
mod work;

pub use accept::{Accepted, accept, now_in_milliseconds, pack_files, publish};
