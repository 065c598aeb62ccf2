//! From the key of a request to a principal.
//!
//! Which routes ask for which scope is said where they are declared (`crate::router`).

mod gate;
mod guesses;
mod keys;
mod last_use;
mod layer;
mod token;

pub use crate::principal::{NoOwner, NoScope, Owner, Principal, Scope, Scopes};
pub use gate::Gate;
pub use guesses::Guesses;
pub use keys::{Keys, hash, is_acceptable};
pub use last_use::{LastUse, Uses, write as write_last_use};
pub use layer::{authenticate, require};
pub use token::{IssuedKey, issue};
