//! `/api/v1/keys`: who may use the service.

pub mod create;
pub mod list;
pub mod revoke;
mod view;

pub use view::KeyView;
