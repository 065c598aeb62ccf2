//! Warm sandboxes: started, attached and ready before a submission needs them, and given to the next one where they are
//! as they were.

mod keeper;
mod kind;
mod lease;
mod policy;
mod proof;
mod sandboxes;
mod stock;

pub use kind::{CustomShape, Kind, Needs, Shape};
pub use lease::Lease;
pub use policy::{Action, Load, Place, Policy};
pub use sandboxes::Sandboxes;
