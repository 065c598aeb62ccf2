//! Every sandbox of a worker that waits, and where all the others are.

use std::collections::BTreeMap;
use std::time::Instant;

use super::kind::{Kind, Shape};
use super::policy::{Action, Load, Place, Policy};
use crate::metrics::{SandboxEnd, SandboxState, WorkerMetrics};
use crate::sandbox::Sandbox;

/// A sandbox that is nobody's at the moment.
pub(super) struct Warm {
    pub(super) sandbox: Sandbox,
    pub(super) shape: Shape,
    /// How many submissions have had it.
    pub(super) served: u32,
}

/// What waits, by shape, and what the policy knows of the rest.
pub(super) struct Stock {
    policy: Policy,
    waiting: BTreeMap<Shape, Vec<Warm>>,
    /// Submissions that wait for one that is being started or proven.
    claims: BTreeMap<Shape, usize>,
    metrics: WorkerMetrics,
}

impl Stock {
    pub(super) const fn new(policy: Policy, metrics: WorkerMetrics) -> Self {
        Self { policy, waiting: BTreeMap::new(), claims: BTreeMap::new(), metrics }
    }

    /// Takes one that waits, is alive and has served fewer than `uses` submissions: of those the one that has served
    /// most, so that fresh ones are left for whoever needs one.
    pub(super) fn take(&mut self, shape: &Shape, uses: u32) -> Option<Warm> {
        self.drop_dead(shape);
        let waiting = self.waiting.get_mut(shape)?;
        let fit = waiting.iter().enumerate().filter(|(_, warm)| warm.served < uses);
        let (position, _) = fit.max_by_key(|(_, warm)| warm.served)?;
        let warm = waiting.swap_remove(position);
        self.moved(shape, Some(Place::Waiting), Some(Place::Leased));
        Some(warm)
    }

    /// Takes one of another shape that can be given this one.
    pub(super) fn take_other(&mut self, shape: &Shape, uses: u32) -> Option<Warm> {
        let others: Vec<Shape> =
            self.waiting.keys().filter(|other| other.kind == shape.kind).cloned().collect();
        let mut warm = others.iter().find_map(|other| self.take(other, uses))?;
        self.moved(&warm.shape.clone(), Some(Place::Leased), None);
        self.moved(shape, None, Some(Place::Leased));
        warm.shape = shape.clone();
        Some(warm)
    }

    /// Whether one will be there soon that nobody waits for yet; if so, the caller is the one who does.
    pub(super) fn claim(&mut self, shape: &Shape, uses: u32) -> bool {
        let proven = if uses > 1 { self.policy.count(shape, Place::Proving) } else { 0 };
        let claims = self.claims.entry(shape.clone()).or_default();
        let comes = self.policy.count(shape, Place::Starting) + proven > *claims;
        *claims += usize::from(comes);
        comes
    }

    /// Gives up a claim.
    pub(super) fn release(&mut self, shape: &Shape) {
        if let Some(claims) = self.claims.get_mut(shape) {
            *claims = claims.saturating_sub(1);
        }
    }

    /// Puts one to those that wait, which comes from `from`.
    pub(super) fn put(&mut self, warm: Warm, from: Place) {
        let shape = warm.shape.clone();
        self.waiting.entry(shape.clone()).or_default().push(warm);
        self.moved(&shape, Some(from), Some(Place::Waiting));
    }

    /// Takes note of what happened to one that is not among those that wait.
    pub(super) fn moved(&mut self, shape: &Shape, from: Option<Place>, to: Option<Place>) {
        self.policy.moved(shape, from, to, Instant::now());
        self.tell(&shape.kind);
    }

    /// What is to be done next; one that is to end is handed out for that.
    pub(super) fn next(&mut self, load: Load) -> Option<Errand> {
        Some(match self.policy.next(load, Instant::now())? {
            Action::Start(shape) => {
                self.moved(&shape, None, Some(Place::Starting));
                Errand::Start(shape)
            }
            Action::Stop(shape) => {
                let waiting = self.waiting.get_mut(&shape);
                let surplus = waiting.and_then(|waiting| {
                    let worn = waiting.iter().enumerate().max_by_key(|(_, warm)| warm.served)?.0;
                    Some(waiting.swap_remove(worn))
                });
                self.moved(&shape, Some(Place::Waiting), None);
                Errand::End(surplus)
            }
        })
    }

    /// Drops the sandboxes that died while they waited, for example since the engine was restarted.
    pub(super) fn drop_all_dead(&mut self) {
        let shapes: Vec<Shape> = self.waiting.keys().cloned().collect();
        shapes.iter().for_each(|shape| self.drop_dead(shape));
        self.waiting.retain(|_, waiting| !waiting.is_empty());
        self.claims.retain(|_, claims| *claims > 0);
    }

    fn drop_dead(&mut self, shape: &Shape) {
        let Some(waiting) = self.waiting.get_mut(shape) else { return };
        let dead: Vec<Warm> = waiting.extract_if(.., |warm| !warm.sandbox.is_alive()).collect();
        for _ in dead {
            self.metrics.sandboxes_destroyed(SandboxEnd::Died).inc();
            self.moved(shape, Some(Place::Waiting), None);
        }
    }

    fn tell(&self, kind: &Kind) {
        for (place, state) in [
            (Place::Starting, SandboxState::Starting),
            (Place::Waiting, SandboxState::Idle),
            (Place::Leased, SandboxState::Leased),
            (Place::Proving, SandboxState::Proving),
        ] {
            let custom = if place == Place::Leased { self.policy.count_of(kind, Place::Custom) } else { 0 };
            let count = self.policy.count_of(kind, place) + custom;
            self.metrics.sandboxes(&kind.label(), state).set(count as f64);
        }
    }
}

/// What the keeper is to do.
pub(super) enum Errand {
    /// Start one of this shape.
    Start(Shape),
    /// End this one.
    End(Option<Warm>),
}
