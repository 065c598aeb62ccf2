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
    /// Nothing was done with it: give it to somebody else, who finds it as if it had not been here. A submission loses no
    /// attempt by it, as long as the broker can be told.
    Unbegun,
    /// It cannot be worked on: set it aside at once.
    Dead,
}

/// The broker's half of a delivery.
#[async_trait]
pub trait Settle: Send {
    /// Told that the message is worked on. From here on, dropping this is [`Settlement::Again`]; before it is
    /// [`Settlement::Unbegun`].
    fn begin(&mut self);

    /// Tells the broker; false when it can no longer be told, which means the message will come again.
    async fn settle(self: Box<Self>, settlement: Settlement) -> bool;
}

/// A delivered message. Dropping it unsettled gives it back, as [`Settlement::Unbegun`] before [`Delivery::begin`] and as
/// [`Settlement::Again`] after it.
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

    /// Begins an attempt: separates the message from the duty to settle it, which keeps the headers.
    pub fn begin(self) -> (T, u32, Delivery<()>) {
        let Self { body, attempt, headers, mut settle } = self;
        settle.begin();
        (body, attempt, Delivery { body: (), attempt, headers, settle })
    }
}
