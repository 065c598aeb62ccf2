//! `/api/v1/submissions`: taking one, telling of one, canceling one.

pub mod cancel;
mod checker;
pub mod create;
mod described;
pub mod get;
mod path;
mod request;
mod view;
mod work;
