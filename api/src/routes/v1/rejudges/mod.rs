//! `/api/v1/rejudges`: submissions that are judged again, at first beside their results and then in their place.

pub mod apply;
pub mod create;
pub mod discard;
pub mod get;
mod path;
pub mod results;
mod selection;
mod view;
