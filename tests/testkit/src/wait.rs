//! Waiting for conditions, with a bound and a message.

use std::time::{Duration, Instant};

/// How long anything may take before a test gives up: longer than everything that is waited for takes on a machine that
/// has other things to do.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// A future that must end within [`PATIENCE`].
pub async fn within<F: Future>(what: &str, future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}"))
}

/// Waits until a condition holds, at most [`PATIENCE`].
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    until(what, PATIENCE, async || holds().await.then_some(())).await;
}

/// Asks again and again until there is an answer, at most for `bound`.
pub async fn until<T>(what: &str, bound: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begin.elapsed() < bound, "not within {bound:?}: {what}");
        tokio::time::sleep(LOOK).await;
    }
}
