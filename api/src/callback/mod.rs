//! Where clients want to be called, and how they know that it is this service that calls.

mod address;
mod place;
mod secret;

pub use address::is_public;
pub use place::{CallbackUrl, CallbackUrlError};
pub use secret::{MASTER, Secret};
