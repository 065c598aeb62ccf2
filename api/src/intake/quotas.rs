//! How much one owner may submit. Whoever has the scope `admin` may submit anything.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use gavel_model::Submission;

use super::accept::IntakeError;
use crate::principal::{Owner, Principal};
use crate::rate::Rate;
use crate::settings::ApiConfig;
use crate::store::Store;

/// How long a client should wait for some of its submissions to be judged.
const UNTIL_SOME_ARE_JUDGED: Duration = Duration::from_secs(4);

/// Bounds what one owner may submit; cloning shares it.
#[derive(Clone)]
pub struct Quotas {
    rate: Option<Arc<Rate<Owner>>>,
    most_unfinished: Option<u32>,
}

impl Quotas {
    /// As the settings say.
    #[must_use]
    pub fn new(config: &ApiConfig) -> Self {
        let rate = NonZeroU32::new(config.submissions_per_minute);
        let rate = rate.map(|most| Arc::new(Rate::per_minute(most)));
        Self { rate, most_unfinished: NonZeroU32::new(config.max_unfinished).map(NonZeroU32::get) }
    }

    /// Counts a submission, whether it is accepted later or not.
    pub(super) fn may_submit(&self, principal: &Principal) -> Result<(), IntakeError> {
        let Some(rate) = self.rate.as_ref().filter(|_| !principal.is_admin()) else { return Ok(()) };
        let too_fast = |wait| IntakeError::TooMany("this owner's submissions come too fast", wait);
        rate.check(&principal.owner).map_err(too_fast)
    }

    /// Stores a submission, unless too many of its owner wait already.
    pub(super) async fn keep(
        &self,
        store: &dyn Store,
        submission: &Submission,
        principal: &Principal,
    ) -> Result<(), IntakeError> {
        let most = self.most_unfinished.filter(|_| !principal.is_admin());
        if store.insert_of(&principal.owner, submission, most).await? {
            return Ok(());
        }
        let message = "too many submissions of this owner are not judged yet";
        Err(IntakeError::TooMany(message, UNTIL_SOME_ARE_JUDGED))
    }
}
