//! `/api/v1/problems`: taking packages, telling of problems.

mod calibrate;
pub mod delete;
pub mod get;
mod id;
mod incoming;
mod keep;
pub mod list;
mod note;
mod package;
pub mod put;
mod view;

pub use id::Reference;
pub use incoming::{Intake, sweep};
pub use note::PackageNote;
