//! Whose a key is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use subtle::ConstantTimeEq as _;

use super::guesses::Guesses;
use super::keys::{Keys, hash};
use super::last_use::LastUse;
use crate::error::{ApiError, ErrorCode};
use crate::peer::Peer;
use crate::principal::{Owner, Principal, Scopes};
use crate::store::{Store, StoreError};

/// Who is let in; cloning shares it.
#[derive(Clone)]
pub struct Gate {
    keys: Keys,
    store: Arc<dyn Store>,
    guesses: Guesses,
    last_use: LastUse,
    /// Whether a key was ever seen in the store: then the service is never open again.
    closed: Arc<AtomicBool>,
}

impl Gate {
    /// Keys of the settings beside those of the store.
    pub fn new(keys: Keys, store: Arc<dyn Store>, guesses: Guesses, last_use: LastUse) -> Self {
        let closed = Arc::new(AtomicBool::new(!keys.is_empty()));
        Self { keys, store, guesses, last_use, closed }
    }

    /// Who asks with a key, or without one.
    ///
    /// # Errors
    /// When a key is missing or not known, too many were tried, or the store does not answer.
    pub async fn principal(&self, peer: Option<Peer>, key: Option<&str>) -> Result<Principal, ApiError> {
        if self.is_open().await? {
            return Ok(Principal { owner: Owner::anonymous(), scopes: Scopes::ALL });
        }
        let Some(key) = key else {
            return Err(ApiError::new(
                ErrorCode::Unauthorized,
                "a key is needed: `Authorization: Bearer KEY`",
            ));
        };
        let sha256 = hash(key);
        if let Some(peer) = peer {
            self.guesses.check(peer, &sha256).map_err(|wait| {
                ApiError::too_many(
                    "too many keys were tried from this address, wait before the next one",
                    wait,
                )
            })?;
        }
        let found = match self.keys.principal(&sha256) {
            Some(principal) => Some(principal),
            None => self.stored(&sha256).await?,
        };
        let principal =
            found.ok_or_else(|| ApiError::new(ErrorCode::Unauthorized, "this key is not known"))?;
        if let Some(peer) = peer {
            self.guesses.right(peer, sha256);
        }
        Ok(principal)
    }

    /// No key was ever made: none is asked for. The first one, whoever makes it, closes the service from the next
    /// request on, and to revoke the last one does not open it.
    async fn is_open(&self) -> Result<bool, StoreError> {
        if self.closed.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let any = self.store.has_keys().await?;
        self.closed.fetch_or(any, Ordering::Relaxed);
        Ok(!any)
    }

    /// Asked each time, so that a key that is revoked is good for nothing from the next request on.
    async fn stored(&self, sha256: &[u8; 32]) -> Result<Option<Principal>, StoreError> {
        let found = self.store.key(sha256).await?;
        // The index compares hashes, of which nobody can choose one byte after the other; this compares them once more in
        // constant time.
        let found = found.filter(|key| key.revoked_at.is_none() && key.sha256.ct_eq(sha256).into());
        Ok(found.map(|key| {
            self.last_use.note(&key);
            Principal { owner: key.owner, scopes: key.scopes }
        }))
    }
}
