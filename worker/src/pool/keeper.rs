//! Starts what will be wanted and ends what is not, in the background.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::kind::Shape;
use super::lease::Seat;
use super::policy::{Load, Place};
use super::sandboxes::Sandboxes;
use super::stock::Errand;
use crate::metrics::SandboxEnd;
use crate::slots::Slots;

/// How often sandboxes that died while waiting are looked for, and those whose time is over.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The task that does what the policy says.
pub(super) struct Keeper {
    pub(super) sandboxes: Sandboxes,
    pub(super) slots: Slots,
    pub(super) shutdown: CancellationToken,
}

impl Keeper {
    pub(super) async fn keep(self) {
        loop {
            let news = self.sandboxes.pool().next_news();
            let freed = self.slots.until_freed();
            self.tidy();
            tokio::select! {
                () = news => {}
                () = freed => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    fn tidy(&self) {
        let pool = self.sandboxes.pool();
        pool.stock().drop_all_dead();
        loop {
            let load = Load { busy: self.slots.busy(), slots: self.slots.count() };
            let errand = pool.stock().next(load);
            match errand {
                Some(Errand::Start(shape)) => {
                    let seat = Seat::new(self.sandboxes.shared(), shape.clone(), Place::Starting);
                    let start = start(self.sandboxes.clone(), shape, seat);
                    drop(pool.tasks.spawn(self.shutdown.clone().run_until_cancelled_owned(start)));
                }
                Some(Errand::End(surplus)) => {
                    pool.metrics.sandboxes_destroyed(SandboxEnd::Surplus).inc();
                    drop(surplus);
                }
                None => return,
            }
        }
    }
}

async fn start(sandboxes: Sandboxes, shape: Shape, seat: Seat) {
    match sandboxes.start(&shape).await {
        Ok(sandbox) => seat.put(sandbox, 0),
        Err(error) => {
            tracing::warn!(
                image = shape.kind.label().as_str(),
                error = &error as &dyn std::error::Error,
                "a sandbox could not be started ahead"
            );
        }
    }
}
