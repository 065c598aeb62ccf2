//! `/api/v1/dead`: what was given up.

pub mod get;
pub mod list;
pub mod purge;
pub mod replay;
mod selection;
mod view;
