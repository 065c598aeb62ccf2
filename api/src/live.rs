//! How many live runs there are, and may be.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::ApiError;
use crate::metrics::ApiMetrics;
use crate::principal::{Owner, Principal};
use crate::settings::LiveConfig;

/// How long a client should wait for another one's session to end.
const UNTIL_ONE_ENDS: Duration = Duration::from_secs(9);

/// The sessions of this process; cloning shares it.
#[derive(Clone)]
pub struct LiveSeats {
    most: usize,
    most_of_owner: usize,
    taken: Arc<Mutex<HashMap<Owner, usize>>>,
    metrics: ApiMetrics,
}

impl LiveSeats {
    /// None is taken yet.
    #[must_use]
    pub fn new(config: &LiveConfig, metrics: ApiMetrics) -> Self {
        let LiveConfig { max_sessions, max_sessions_per_owner, .. } = *config;
        Self { most: max_sessions, most_of_owner: max_sessions_per_owner, taken: Arc::default(), metrics }
    }

    /// A seat for a session, until it is dropped. The bound of one owner is not for keys with the scope `admin`.
    ///
    /// # Errors
    /// When there are as many as may be.
    pub fn take(&self, principal: &Principal) -> Result<Seat, ApiError> {
        let mut taken = self.taken();
        if taken.values().sum::<usize>() >= self.most {
            let message = match self.most {
                0 => "this service has no live runs (api.live.max_sessions)".to_owned(),
                most => format!("{most} live runs are going on, which is the maximum"),
            };
            return Err(ApiError { retry_after: Some(UNTIL_ONE_ENDS), ..ApiError::unavailable(message) });
        }
        let own = taken.get(&principal.owner).copied().unwrap_or_default();
        if own >= self.most_of_owner && !principal.is_admin() {
            let message = format!("{own} live runs of this owner are going on, which is the maximum");
            return Err(ApiError::too_many(message, UNTIL_ONE_ENDS));
        }
        *taken.entry(principal.owner.clone()).or_default() += 1;
        self.metrics.live_sessions().set(taken.values().sum::<usize>() as f64);
        Ok(Seat { seats: self.clone(), owner: principal.owner.clone() })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Owner, usize>> {
        // A panic while holding it cannot leave a map half changed.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The seat of one session.
pub struct Seat {
    seats: LiveSeats,
    owner: Owner,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(own) = taken.get_mut(&self.owner) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.owner);
            }
        }
        self.seats.metrics.live_sessions().set(taken.values().sum::<usize>() as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::{Scope, Scopes};
    use gavel_platform::telemetry::Registry;

    fn seats(max_sessions: usize, max_sessions_per_owner: usize) -> LiveSeats {
        let metrics = ApiMetrics::register(&Registry::default()).unwrap();
        let config = LiveConfig { max_sessions, max_sessions_per_owner, ..LiveConfig::default() };
        LiveSeats::new(&config, metrics)
    }

    fn student(name: &str) -> Principal {
        Principal { owner: name.parse().unwrap(), scopes: Scopes::of(&[Scope::Submit]) }
    }

    #[test]
    fn seats_are_bounded_for_each_owner_and_for_all_and_given_back() {
        let seats = seats(3, 2);
        let own: Vec<_> = (0..2).map(|_| seats.take(&student("ann")).ok().unwrap()).collect();
        let refused = seats.take(&student("ann")).err().unwrap();
        assert_eq!(refused.code.status().as_u16(), 429);
        let _other = seats.take(&student("bob")).ok().unwrap();
        assert_eq!(seats.take(&student("eve")).err().unwrap().code.status().as_u16(), 503);
        drop(own);
        assert_eq!(seats.taken().len(), 1, "nothing is kept of who has none");
        let admin = Principal { scopes: Scopes::ALL, ..student("ann") };
        let _many: Vec<_> = (0..2).map(|_| seats.take(&admin).ok().unwrap()).collect();
    }
}
