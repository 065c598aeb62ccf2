//! Settling a delivery inside the process.

use async_trait::async_trait;

use crate::{Settle, Settlement};

/// Calls back once with what became of a message; dropped unsettled, that is [`Settlement::Again`].
pub(super) struct OnSettle<F: FnOnce(Settlement)>(Option<F>);

impl<F: FnOnce(Settlement)> OnSettle<F> {
    pub(super) fn new(call: F) -> Self {
        Self(Some(call))
    }

    fn call(&mut self, settlement: Settlement) {
        if let Some(call) = self.0.take() {
            call(settlement);
        }
    }
}

#[async_trait]
impl<F: FnOnce(Settlement) + Send> Settle for OnSettle<F> {
    async fn settle(mut self: Box<Self>, settlement: Settlement) -> bool {
        self.call(settlement);
        true
    }
}

impl<F: FnOnce(Settlement)> Drop for OnSettle<F> {
    fn drop(&mut self) {
        self.call(Settlement::Again);
    }
}
