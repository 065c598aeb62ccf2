//! Which connections are open, and which one gives way when there is no room for another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::metrics::{ApiMetrics, DropReason};
use crate::peer::Peer;

/// How many connections may be open.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// All together.
    pub all: usize,
    /// Of one peer.
    pub of_a_peer: usize,
}

/// The connections that are open; cloning shares it.
///
/// Where a cap is reached, the connection that has been without a request for the longest gives way to the new one: a
/// crowd that never finishes a request keeps nobody out. A connection with a request in progress never gives way.
#[derive(Clone)]
pub struct Connections {
    caps: Caps,
    metrics: ApiMetrics,
    book: Arc<Mutex<Book>>,
}

#[derive(Default)]
struct Book {
    /// Counts what happens, so that of two moments the earlier is known.
    turn: u64,
    open: HashMap<u64, Open>,
    of_peer: HashMap<Peer, usize>,
}

struct Open {
    peer: Peer,
    /// Since when it has no request in progress; none while it has one.
    waiting_since: Option<u64>,
    evicted: CancellationToken,
}

impl Connections {
    /// No connection, and room for these.
    pub fn new(caps: Caps, metrics: ApiMetrics) -> Self {
        Self { caps, metrics, book: Arc::default() }
    }

    /// Room for one more; none when every connection that could give way has a request in progress.
    pub fn admit(&self, peer: Peer) -> Option<Admitted> {
        let mut book = self.book();
        let of_peer = book.of_peer.get(&peer).copied().unwrap_or_default();
        let peer_is_full = of_peer >= self.caps.of_a_peer;
        if peer_is_full || book.open.len() >= self.caps.all {
            let gave_way = book.evict(|open| !peer_is_full || open.peer == peer);
            let reason = if gave_way { DropReason::GaveWay } else { DropReason::Full };
            self.metrics.connections_dropped(reason).inc();
            if !gave_way {
                return None;
            }
        }
        let turn = book.next();
        let evicted = CancellationToken::new();
        book.open.insert(turn, Open { peer, waiting_since: Some(turn), evicted: evicted.clone() });
        *book.of_peer.entry(peer).or_default() += 1;
        self.metrics.connections().set(book.open.len() as f64);
        Some(Admitted { connections: self.clone(), id: turn, evicted })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    const fn next(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }

    /// Whether one of those that may could be told to go.
    fn evict(&mut self, may: impl Fn(&Open) -> bool) -> bool {
        let waiting = self.open.iter().filter(|(_, open)| may(open));
        let longest = waiting.filter_map(|(id, open)| Some((open.waiting_since?, *id))).min();
        let Some((_, id)) = longest else { return false };
        if let Some(open) = self.remove(id) {
            open.evicted.cancel();
        }
        true
    }

    fn remove(&mut self, id: u64) -> Option<Open> {
        let open = self.open.remove(&id)?;
        if let Some(count) = self.of_peer.get_mut(&open.peer) {
            *count -= 1;
            if *count == 0 {
                self.of_peer.remove(&open.peer);
            }
        }
        Some(open)
    }

    fn set_waiting(&mut self, id: u64, waiting: bool) {
        let turn = self.next();
        if let Some(open) = self.open.get_mut(&id) {
            open.waiting_since = waiting.then_some(turn);
        }
    }
}

/// A connection that has room; dropping it gives that back.
pub struct Admitted {
    connections: Connections,
    id: u64,
    evicted: CancellationToken,
}

impl Admitted {
    /// Returns when the connection must go.
    pub async fn evicted(&self) {
        self.evicted.cancelled().await;
    }

    /// Whether no request is in progress.
    pub fn is_waiting(&self) -> bool {
        self.connections.book().open.get(&self.id).is_none_or(|open| open.waiting_since.is_some())
    }

    /// A request is in progress until this is dropped.
    pub fn request(&self) -> InProgress {
        self.connections.book().set_waiting(self.id, false);
        InProgress { connections: self.connections.clone(), id: self.id }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut book = self.connections.book();
        book.remove(self.id);
        self.connections.metrics.connections().set(book.open.len() as f64);
    }
}

/// A request in progress.
pub struct InProgress {
    connections: Connections,
    id: u64,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.connections.book().set_waiting(self.id, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_platform::telemetry::Registry;
    use std::net::IpAddr;

    fn connections(all: usize, of_a_peer: usize) -> Connections {
        let metrics = ApiMetrics::register(&Registry::default()).unwrap();
        Connections::new(Caps { all, of_a_peer }, metrics)
    }

    fn peer(last: u8) -> Peer {
        Peer::from(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn the_one_that_waited_longest_gives_way() {
        let connections = connections(2, 2);
        let first = connections.admit(peer(1)).unwrap();
        let second = connections.admit(peer(2)).unwrap();
        // Its wait begins again.
        drop(first.request());
        let _third = connections.admit(peer(3)).unwrap();
        assert!(second.evicted.is_cancelled() && !first.evicted.is_cancelled());
    }

    #[test]
    fn who_has_a_request_never_gives_way() {
        let connections = connections(2, 2);
        let (first, second) = (connections.admit(peer(1)).unwrap(), connections.admit(peer(2)).unwrap());
        let requests = (first.request(), second.request());
        assert!(connections.admit(peer(3)).is_none());
        drop(requests.1);
        assert!(connections.admit(peer(3)).is_some());
        assert!(!first.is_waiting() && !first.evicted.is_cancelled() && second.evicted.is_cancelled());
    }

    #[test]
    fn a_peer_at_its_cap_takes_nothing_from_another() {
        let connections = connections(10, 2);
        let other = connections.admit(peer(1)).unwrap();
        let own: Vec<_> = (0..3).map(|_| connections.admit(peer(2)).unwrap()).collect();
        assert!(own[0].evicted.is_cancelled() && !own[1].evicted.is_cancelled());
        assert!(!other.evicted.is_cancelled());
    }

    #[test]
    fn room_is_given_back() {
        let connections = connections(1, 1);
        let first = connections.admit(peer(1)).unwrap();
        let second = connections.admit(peer(1)).unwrap();
        let counted = || {
            let book = connections.book();
            (book.open.len(), book.of_peer.get(&peer(1)).copied())
        };
        // It gave way already: its end takes nothing from the second.
        drop(first);
        assert_eq!(counted(), (1, Some(1)));
        drop(second);
        assert_eq!(counted(), (0, None));
    }
}
