//! Problem packages as they come in: read, kept, and calibrated where they state no time limit.

mod calibrate;
mod gate;
mod keep;
mod mistake;
mod open;

pub use gate::{PackageGate, sweep};
pub use keep::{Kept, Packages, TakeError, Zip};
