//! How much one owner may submit. Whoever has the scope `admin` may submit anything.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::accept::IntakeError;
use crate::principal::{Owner, Principal};
use crate::rate::Rate;
use crate::settings::ApiConfig;

/// How long a client should wait for some of its submissions to be judged.
const UNTIL_SOME_ARE_JUDGED: Duration = Duration::from_secs(4);

/// Bounds what one owner may submit; cloning shares it.
#[derive(Clone)]
pub struct Quotas {
    rate: Option<Arc<Rate<Owner>>>,
    most_unfinished: Option<u32>,
    most_batched: Option<u32>,
}

impl Quotas {
    /// As the settings say.
    #[must_use]
    pub fn new(config: &ApiConfig) -> Self {
        let rate = NonZeroU32::new(config.submissions_per_minute);
        let rate = rate.map(|most| Arc::new(Rate::per_minute(most)));
        let some = |most: u32| (most > 0).then_some(most);
        let (most_unfinished, most_batched) = (some(config.max_unfinished), some(config.max_batched));
        Self { rate, most_unfinished, most_batched }
    }

    /// Counts a submission or a batch, whether it is accepted later or not.
    pub(super) fn may_submit(&self, principal: &Principal) -> Result<(), IntakeError> {
        let Some(rate) = self.rate.as_ref().filter(|_| !principal.is_admin()) else { return Ok(()) };
        let too_fast = |wait| IntakeError::TooMany("this owner's submissions come too fast", wait);
        rate.check(&principal.owner).map_err(too_fast)
    }

    /// How many single submissions a principal's owner may have that are not judged.
    pub(super) fn most_unfinished(&self, principal: &Principal) -> Option<u32> {
        self.most_unfinished.filter(|_| !principal.is_admin())
    }

    /// The same of submissions that came with batches.
    pub(super) fn most_batched(&self, principal: &Principal) -> Option<u32> {
        self.most_batched.filter(|_| !principal.is_admin())
    }

    /// The answer to whoever has that many.
    pub(super) const fn too_many() -> IntakeError {
        let message = "too many submissions of this owner are not judged yet";
        IntakeError::TooMany(message, UNTIL_SOME_ARE_JUDGED)
    }
}
