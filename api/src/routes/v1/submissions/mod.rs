//! `/api/v1/submissions`: taking one, telling of one, following one, canceling one.

pub mod cancel;
mod checker;
pub mod create;
mod described;
pub mod events;
pub mod get;
pub mod history;
pub mod list;
pub mod path;
pub mod request;
mod stream;
pub mod view;
mod work;
