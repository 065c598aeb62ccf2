//! A package's own checkers and interactors, in sandboxes of their own.

mod feedback;
mod protocol;
mod python;
mod script;
mod validator;

pub use feedback::{Feedback, FeedbackError};
pub use protocol::{Opinion, Protocol, ValidatorVerdict};
pub(crate) use validator::{SAID, ValidatorSession, compile_input_validators};
pub use validator::{Validators, compile_validators};
