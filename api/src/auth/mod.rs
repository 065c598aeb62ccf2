//! Who asks: from the key of a request to a principal.
//!
//! Which routes ask for a key is said where they are declared (`crate::router`).

mod keys;
mod layer;
mod principal;

pub use keys::{Keys, is_acceptable};
pub use layer::authenticate;
pub use principal::{Owner, Principal, Scope, Scopes};
