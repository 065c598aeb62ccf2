//! A bounded queue in memory.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::{BrokerError, Headers, Settlement};

/// How many submissions one lane holds; more are refused and wait in the store until the next try.
const CAPACITY: usize = 10_000;

/// A message in a queue.
#[derive(Clone)]
pub(super) struct Item<T> {
    pub(super) body: T,
    pub(super) headers: Headers,
    /// Which delivery it will be, from 1.
    pub(super) attempt: u32,
}

pub(super) struct Queue<T> {
    items: Mutex<VecDeque<Item<T>>>,
    ready: Notify,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { items: Mutex::default(), ready: Notify::new() }
    }
}

impl<T> Queue<T> {
    fn items(&self) -> MutexGuard<'_, VecDeque<Item<T>>> {
        // A panic while holding it cannot leave a deque half changed.
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an item at the end, if there is room.
    pub(super) fn push(&self, body: T, headers: Headers) -> Result<(), BrokerError> {
        let mut items = self.items();
        if items.len() >= CAPACITY {
            return Err(BrokerError::Refused(format!("{CAPACITY} messages wait already")));
        }
        items.push_back(Item { body, headers, attempt: 1 });
        self.ready.notify_one();
        Ok(())
    }

    /// Puts an item in front of all others, whatever the room.
    pub(super) fn put_back(&self, item: Item<T>) {
        self.items().push_front(item);
        self.ready.notify_one();
    }

    /// Puts an item back, if what became of it wants that; false if not.
    pub(super) fn take_back(&self, item: Item<T>, settlement: Settlement) -> bool {
        let attempt = match settlement {
            Settlement::Again => item.attempt + 1,
            Settlement::Unbegun => item.attempt,
            Settlement::Done | Settlement::Dead => return false,
        };
        self.put_back(Item { attempt, ..item });
        true
    }

    /// Forgets items that are not to be kept.
    pub(super) fn retain(&self, keep: impl Fn(&T) -> bool) {
        self.items().retain(|item| keep(&item.body));
    }

    /// The next item, once there is one.
    pub(super) async fn pop(&self) -> Item<T> {
        loop {
            // Taken out of the guard's life: the lock is not held over the await.
            let next = self.items().pop_front();
            if let Some(next) = next {
                return next;
            }
            self.ready.notified().await;
        }
    }
}
