//! Calls that may be made twice.

use std::time::Duration;

use crate::ClientError;

/// How often a call is made.
const TRIES: u32 = 5;

/// The pause before the next time.
const PAUSE: Duration = Duration::from_secs(1);

/// Makes a call, again for as long as it fails in a way that passes, five times in all with a second between. The call must count
/// once however often it is made: one that reads, or has an idempotency key.
///
/// # Errors
/// Those of the last time.
pub async fn again<T>(call: impl AsyncFn() -> Result<T, ClientError>) -> Result<T, ClientError> {
    for _ in 1..TRIES {
        match call().await {
            Err(error) if error.is_temporary() => tokio::time::sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
    call().await
}
