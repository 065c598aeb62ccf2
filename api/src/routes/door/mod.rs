//! What the doors of other systems have in common: keys in their places, bodies read leniently, paths with a slash at the
//! end.

mod address;
mod body;
mod finish;
mod keys;
mod words;

pub use address::AnySlash;
pub use body::RawBody;
pub use finish::Finished;
pub use keys::{DoorKeys, authenticate};
pub use words::words;
