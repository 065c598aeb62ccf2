//! The one place that checks and accepts work, whatever door it came in by.
//!
//! A door (`crate::routes`) reads its own form into a [`Request`], hands it over, and words a [`Refusal`] in the names
//! that its own fields have. Nothing here knows HTTP.

mod accept;
mod batch;
mod check;
mod files;
mod inline;
mod language;
mod live;
mod problem;
mod quotas;
mod reference;
mod refusal;
mod rejudge;
mod request;
mod work;

pub use accept::{Acceptance, Accepted, Intake, IntakeError, KeyUse, now_in_milliseconds};
pub use batch::{BatchIntake, Begin};
pub use quotas::Quotas;
pub use reference::Reference;
pub use reference::{MAX_PROBLEM_ID, MIN_PREFIX, SHA256_DIGITS, is_problem_id};
pub use refusal::{Company, Field, Refusal, Unit};
pub use rejudge::Package;
pub use request::{Request, RequestedProgram, RequestedTest, RequestedWork};
pub use work::check_tolerance;
