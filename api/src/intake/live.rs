//! Taking a live run: the same checks, and nothing is stored.

use gavel_model::{LimitError, LiveRun};

use super::accept::{Intake, IntakeError};
use super::problem::Versions;
use super::refusal::Refusal;
use super::request::Request;
use crate::principal::Principal;

/// The least that a time of a session may be, in milliseconds.
const LEAST_MS: u64 = 100;

impl Intake {
    /// Checks a program that is to be run in a talk with its client. Its limit by the clock is that of the session, and it may
    /// be idle for `idle_ms` at most; what is left out is as the settings say.
    ///
    /// # Errors
    /// When the request is not right, or a store does not answer.
    pub async fn accept_live(
        &self,
        mut request: Request,
        idle_ms: Option<u64>,
        principal: &Principal,
    ) -> Result<LiveRun, IntakeError> {
        let live = &self.config.live;
        let taken = async {
            self.quotas.may_submit(principal)?;
            let longest = u64::try_from(live.longest.as_millis()).unwrap_or(u64::MAX);
            let most_idle = u64::try_from(live.idle.as_millis()).unwrap_or(u64::MAX);
            let session_ms = bounded("wall_ms", request.limits.wall_ms.take(), longest)?;
            let idle_ms = bounded("idle_ms", idle_ms, most_idle)?;
            let prepared = self.prepare(request, &mut Versions::default()).await?;
            Ok(LiveRun { submission: prepared.submission, session_ms, idle_ms, reply_to: String::new() })
        };
        taken.await.inspect_err(|error| self.count(error))
    }
}

/// A time that may be asked for, or else the most.
fn bounded(field: &'static str, asked: Option<u64>, most: u64) -> Result<u64, Refusal> {
    match asked {
        None => Ok(most),
        Some(value) if (LEAST_MS.min(most)..=most).contains(&value) => Ok(value),
        Some(value) => {
            Err(Refusal::Limits(vec![LimitError { field, value, min: LEAST_MS.min(most), max: most }]))
        }
    }
}
