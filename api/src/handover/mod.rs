//! Handing submissions over from the store to the broker: few at a time, in turns among their owners.
//!
//! Queues stay short, so that whoever comes next is not behind everything that somebody else has sent. What waits, waits in
//! the store.

mod pump;
mod room;
mod shares;

pub use pump::Pump;
pub use room::Room;
