//! Settling a delivery inside the process.

use async_trait::async_trait;

use crate::{Settle, Settlement};

/// Calls back once with what became of a message.
pub(super) struct OnSettle<F: FnOnce(Settlement)> {
    call: Option<F>,
    /// What it is when it is dropped.
    dropped: Settlement,
}

impl<F: FnOnce(Settlement)> OnSettle<F> {
    pub(super) fn new(call: F) -> Self {
        Self { call: Some(call), dropped: Settlement::Unbegun }
    }

    fn call(&mut self, settlement: Settlement) {
        if let Some(call) = self.call.take() {
            call(settlement);
        }
    }
}

#[async_trait]
impl<F: FnOnce(Settlement) + Send> Settle for OnSettle<F> {
    fn begin(&mut self) {
        self.dropped = Settlement::Again;
    }

    async fn settle(mut self: Box<Self>, settlement: Settlement) -> bool {
        self.call(settlement);
        true
    }
}

impl<F: FnOnce(Settlement)> Drop for OnSettle<F> {
    fn drop(&mut self) {
        self.call(self.dropped);
    }
}
