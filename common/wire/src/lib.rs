//! How submissions and results are written down in queues (docs/MESSAGES.md).

mod message;

pub use message::{MessageError, VERSION, decode, encode};
