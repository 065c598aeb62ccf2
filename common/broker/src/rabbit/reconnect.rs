//! The loop that keeps a connection: connect, declare, use, and on any error begin again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use super::address::Address;
use super::backoff::Backoff;
use super::session::{Role, Session};
use super::topology::Names;
use crate::metrics::BrokerMetrics;

/// A connection that is renewed whenever it ends.
#[derive(Clone)]
pub(super) struct Reconnecting {
    current: watch::Receiver<Option<Arc<Session>>>,
}

impl Reconnecting {
    /// Returns at once; the loop runs in `tasks`. After `shutdown` the connection that is there stays usable, so that
    /// what is under way can be answered, and is not renewed.
    pub(super) fn start(
        address: Address,
        role: Role,
        names: Names,
        metrics: BrokerMetrics,
        tasks: &TaskTracker,
        shutdown: CancellationToken,
    ) -> Self {
        let (sender, current) = watch::channel(None);
        tasks.spawn(shutdown.run_until_cancelled_owned(keep(address, role, names, metrics, sender)));
        Self { current }
    }

    /// Whether there is a connection and messages may be handed over.
    pub(super) fn connected(&self) -> bool {
        self.session_now().is_some()
    }

    /// The connection, if there is one now and messages may be handed over.
    pub(super) fn session_now(&self) -> Option<Arc<Session>> {
        self.current.borrow().clone().filter(|session| session.alive() && !session.blocked())
    }

    /// The connection, once there is one; none after shutdown.
    pub(super) async fn session(&self) -> Option<Arc<Session>> {
        let mut current = self.current.clone();
        let alive = |session: &Option<Arc<Session>>| session.as_ref().is_some_and(|session| session.alive());
        current.wait_for(alive).await.ok()?.clone()
    }

    /// The connection, if there is one within `wait`.
    pub(super) async fn session_within(&self, wait: Duration) -> Option<Arc<Session>> {
        tokio::time::timeout(wait, self.session()).await.ok().flatten()
    }
}

async fn keep(
    address: Address,
    role: Role,
    names: Names,
    metrics: BrokerMetrics,
    current: watch::Sender<Option<Arc<Session>>>,
) {
    let connection = role.as_str();
    let mut backoff = Backoff::new();
    let mut first = true;
    loop {
        let begin = Instant::now();
        let (lasted, error) = match Session::open(&address, role, &names).await {
            Ok(session) => {
                if !std::mem::take(&mut first) {
                    metrics.broker_reconnects().inc();
                }
                info!(connection, "connected to the broker");
                let (session, open) = (Arc::new(session), Instant::now());
                current.send_replace(Some(Arc::clone(&session)));
                let why = session.ended().await;
                current.send_replace(None);
                session.close().await;
                (open.elapsed(), why)
            }
            // The time a failing attempt takes is no good time.
            Err(error) => (Duration::ZERO, error),
        };
        let pause = backoff.after(lasted);
        warn!(
            connection,
            error,
            after_ms = begin.elapsed().as_millis() as u64,
            pause_ms = pause.as_millis() as u64,
            "no connection to the broker"
        );
        tokio::time::sleep(pause).await;
    }
}
