//! Hearing what any process stores: the tables' trigger tells it on a channel, in the moment in which it is committed.

use std::time::Duration;

use sqlx::Executor as _;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::ACQUIRE_TIMEOUT;
use crate::store::StoreNews;

/// As `migrations/postgres` names it.
const CHANNEL: &str = "gavel_final";

/// After how long without a word the server is asked whether it is still there.
const QUIET: Duration = Duration::from_secs(10);

/// How long it may take to say so.
const ANSWER: Duration = Duration::from_secs(5);

/// How long it waits before it connects again.
const PAUSE: Duration = Duration::from_millis(250);

/// Why hearing ended.
#[derive(Debug, thiserror::Error)]
enum Deaf {
    #[error("the connection cannot be made or used")]
    Connection(#[from] sqlx::Error),
    #[error("the connection is lost")]
    Lost,
    #[error("the connection hangs")]
    Silent,
}

/// Hears until nobody listens any more, over one connection after the other; each begins with [`StoreNews::Missed`].
pub(in crate::store::sql) async fn listen(options: &PgConnectOptions, news: &mpsc::Sender<StoreNews>) {
    let mut failing = false;
    loop {
        match hear(options, news, &mut failing).await {
            Ok(()) => return,
            // Said once per outage.
            Err(error) if !failing => {
                failing = true;
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "what other processes store is not heard for now");
            }
            Err(_) => {}
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear(
    options: &PgConnectOptions,
    news: &mpsc::Sender<StoreNews>,
    failing: &mut bool,
) -> Result<(), Deaf> {
    // A pool of its own each time: a connection that hangs would be given back to it, and taken again.
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    let pool = pool.acquire_timeout(ACQUIRE_TIMEOUT).connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    timeout(ANSWER, listener.listen(CHANNEL)).await.map_err(|_| Deaf::Silent)??;
    *failing = false;
    if news.send(StoreNews::Missed).await.is_err() {
        return Ok(());
    }
    loop {
        let told = match timeout(QUIET, listener.try_recv()).await {
            Ok(told) => told?.ok_or(Deaf::Lost)?,
            Err(_) => {
                timeout(ANSWER, listener.execute("SELECT 1")).await.map_err(|_| Deaf::Silent)??;
                continue;
            }
        };
        if news.send(read(told.payload())).await.is_err() {
            return Ok(());
        }
    }
}

/// `submission`, or `submission batch`; another version may say more or something else.
fn read(payload: &str) -> StoreNews {
    let mut words = payload.split(' ');
    let submission = words.next().and_then(|word| word.parse().ok());
    match (submission, words.next().map(str::parse)) {
        (Some(id), None) => StoreNews::Final(id, None),
        (Some(id), Some(Ok(batch))) => StoreNews::Final(id, Some(batch)),
        _ => StoreNews::Missed,
    }
}

#[cfg(test)]
mod tests {
    use gavel_model::SubmissionId;

    use super::*;
    use crate::store::BatchId;

    #[test]
    fn what_is_told_is_understood_or_looked_up() {
        let (id, batch) = (SubmissionId::new(), BatchId::new());
        assert_eq!(read(&id.to_string()), StoreNews::Final(id, None));
        assert_eq!(read(&format!("{id} {batch}")), StoreNews::Final(id, Some(batch)));
        assert_eq!(read(&format!("{id} {batch} more")), StoreNews::Final(id, Some(batch)));
        for other in ["", "x", "x y", &format!("{id} y")] {
            assert_eq!(read(other), StoreNews::Missed, "{other}");
        }
    }
}
