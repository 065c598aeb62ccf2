//! Warm sandboxes: started, attached and ready before a submission needs them.

mod keeper;
mod kind;
mod lease;
mod policy;
mod sandboxes;
mod shelf;

pub use kind::{CustomShape, Kind, Needs};
pub use lease::Lease;
pub use policy::{Demand, Plan};
pub use sandboxes::Sandboxes;
