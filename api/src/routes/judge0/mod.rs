//! Judge0's API (CE 1.13.1): the same paths, attributes, statuses and errors, over Gavel's own intake.
//!
//! What Judge0 does is told in docs/COMPATIBILITY.md; the source of each rule is its repository at v1.13.1.

mod about;
mod attributes;
mod base64;
mod batch;
mod callback;
mod check;
mod config_info;
mod create;
mod delete;
mod door;
mod error;
mod fields;
mod files;
mod get;
mod languages;
mod limits;
mod list;
mod note;
mod outcome;
mod query;
mod statistics;
mod view;
mod workers;

pub use door::{Judge0, router};
