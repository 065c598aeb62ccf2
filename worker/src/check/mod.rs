//! A package's own checkers and interactors, in sandboxes of their own.

mod feedback;
mod protocol;
mod script;
mod validator;

pub use feedback::{Feedback, FeedbackError};
pub use protocol::{Opinion, Protocol, Word};
pub(crate) use validator::{SAID, Seat, Validator};
pub use validator::{Validators, compile_validators};
