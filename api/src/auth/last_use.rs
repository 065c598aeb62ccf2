//! When a key was last used, written down off the road of the request and at most once a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::store::{ApiKey, Store};

/// How exactly the last use of a key is known.
const EXACT: SignedDuration = SignedDuration::from_secs(60);

/// How many notes wait at most; one that finds no room is left to the next use.
const CAPACITY: usize = 256;

/// Where uses are noted; cloning shares it.
#[derive(Clone)]
pub struct LastUse {
    noted: Arc<Mutex<HashMap<String, Timestamp>>>,
    uses: mpsc::Sender<(String, Timestamp)>,
}

/// The notes, to be written down by [`write`].
pub struct Uses(mpsc::Receiver<(String, Timestamp)>);

impl LastUse {
    /// Makes both ends.
    #[must_use]
    pub fn new() -> (Self, Uses) {
        let (uses, receiver) = mpsc::channel(CAPACITY);
        (Self { noted: Arc::default(), uses }, Uses(receiver))
    }

    /// A key is used now.
    pub fn note(&self, key: &ApiKey) {
        let now = Timestamp::now();
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let before = noted.get(&key.id).copied().or(key.used_at);
        if before.is_some_and(|before| now.duration_since(before) < EXACT) {
            return;
        }
        if self.uses.try_send((key.id.clone(), now)).is_ok() {
            noted.insert(key.id.clone(), now);
        }
    }
}

/// Writes notes down until `shutdown`.
pub async fn write(mut uses: Uses, store: Arc<dyn Store>, shutdown: CancellationToken) {
    while let Some(Some((id, at))) = shutdown.run_until_cancelled(uses.0.recv()).await {
        if let Err(error) = store.mark_key_used(&id, at).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                key.id = id,
                "the last use of a key could not be kept"
            );
            // A store that is down is not asked again at once.
            shutdown.run_until_cancelled(tokio::time::sleep(Duration::from_secs(1))).await;
        }
    }
}
