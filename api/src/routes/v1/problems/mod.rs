//! `/api/v1/problems`: taking packages, telling of problems.

pub mod delete;
pub mod get;
pub mod list;
mod note;
mod path;
pub mod put;
mod view;
