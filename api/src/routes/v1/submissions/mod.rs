//! `/api/v1/submissions`: taking one, telling of one, following one, canceling one.

pub mod cancel;
mod checker;
pub mod create;
mod described;
pub mod events;
pub mod get;
mod path;
mod request;
mod stream;
mod view;
mod work;
