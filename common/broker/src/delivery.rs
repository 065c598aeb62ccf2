//! One message, and the duty to say what became of it.

use async_trait::async_trait;

use crate::Headers;

/// What became of a delivered message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Done with; it may be forgotten.
    Done,
    /// Not our fault nor the message's: give it to somebody else. Counts as an attempt.
    Again,
    /// It cannot be worked on: set it aside at once.
    Dead,
}

/// The broker's half of a delivery.
#[async_trait]
pub trait Settle: Send {
    /// Tells the broker; false when it can no longer be told, which means the message will come again.
    async fn settle(self: Box<Self>, settlement: Settlement) -> bool;
}

/// A delivered message. Dropping it unsettled gives it back: it comes again as the next attempt.
pub struct Delivery<T> {
    /// The message.
    pub body: T,
    /// Which delivery this is, from 1.
    pub attempt: u32,
    /// What its sender gave it along.
    pub headers: Headers,
    settle: Box<dyn Settle>,
}

impl<T> Delivery<T> {
    /// Joins a message with its broker's half.
    pub fn new(body: T, attempt: u32, settle: Box<dyn Settle>) -> Self {
        Self { body, attempt, headers: Headers::default(), settle }
    }

    /// The same with its headers.
    #[must_use]
    pub fn with_headers(self, headers: Headers) -> Self {
        Self { headers, ..self }
    }

    /// Tells the broker what became of the message; false when it will come again in spite of that.
    pub async fn settle(self, settlement: Settlement) -> bool {
        self.settle.settle(settlement).await
    }

    /// Separates the message from the duty to settle it, which keeps the headers.
    pub fn split(self) -> (T, u32, Delivery<()>) {
        let Self { body, attempt, headers, settle } = self;
        (body, attempt, Delivery { body: (), attempt, headers, settle })
    }
}
