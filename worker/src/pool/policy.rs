//! Which sandboxes are to be started ahead and which are to end: pure, told what happens and what time it is.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::kind::{Kind, Shape};
use crate::settings::PoolConfig;

/// What a sandbox is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is being started, for nobody yet.
    Starting,
    /// It is ready.
    Waiting,
    /// A submission has it, or waits until it was started for it.
    Leased,
    /// A submission is done with it, and it is being proven blank.
    Proving,
    /// A submission has it, and it is of a kind that nobody else can use.
    Custom,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Start one of this shape.
    Start(Shape),
    /// End one of this shape that waits.
    Stop(Shape),
}

/// How busy the machine is with programs and compilers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Slots on which a submission is judged.
    pub busy: usize,
    /// All slots.
    pub slots: usize,
}

/// One budget for all shapes, dealt out by recent demand.
///
/// As many sandboxes of a shape are needed as were in use at a time lately, and one more where most do not come back.
/// Where they do there is one to spare, as far as the budget has room beside what is needed: the next submission is not to wait until the
/// last one's sandbox is proven blank. Starting one costs CPU that programs want, so it waits until no submission is judged; where
/// the next submission would find none of that shape, until a slot is free. A submission that finds none is never refused: what waits
/// for others ends instead, what is to spare first, then the least recently used.
#[derive(Clone, Debug)]
pub struct Policy {
    config: PoolConfig,
    rows: BTreeMap<Shape, Row>,
}

/// What is known of one shape.
#[derive(Clone, Debug)]
struct Row {
    /// How many are at each [`Place`].
    counts: [usize; 5],
    /// The most that were leased at a time in this stretch of time and in the one before.
    peaks: [usize; 2],
    /// When this stretch began.
    since: Instant,
    used: Option<Instant>,
    /// How many of the last that were leased did not come back: a mean that forgets.
    lost: f64,
    /// How many that wait are wanted although nobody uses them.
    min: usize,
    /// Starts that failed one after the other, and when to try again.
    failures: u32,
    retry_at: Option<Instant>,
}

/// Background starts at a time: they compete with programs for the cores.
const STARTS_AT_A_TIME: usize = 2;
/// The weight of the newest in [`Row::lost`].
const NEWEST: f64 = 0.25;
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_DOUBLINGS: u32 = 5;

impl Policy {
    /// No demand yet. The shapes given are those that [`PoolConfig::min`] is for.
    #[must_use]
    pub fn new(config: PoolConfig, shapes: impl IntoIterator<Item = Shape>, now: Instant) -> Self {
        let rows = shapes.into_iter().map(|shape| (shape, Row::new(config.min, now))).collect();
        Self { config, rows }
    }

    /// How many of this shape are there.
    #[must_use]
    pub fn count(&self, shape: &Shape, place: Place) -> usize {
        self.rows.get(shape).map_or(0, |row| row.at(place))
    }

    /// How many of this kind are there, whatever their shape.
    #[must_use]
    pub fn count_of(&self, kind: &Kind, place: Place) -> usize {
        self.rows.iter().filter(|(shape, _)| shape.kind == *kind).map(|(_, row)| row.at(place)).sum()
    }

    /// How many of any shape are there.
    #[must_use]
    pub fn total(&self) -> usize {
        self.rows.values().map(Row::all).sum()
    }

    /// Takes note of a sandbox that comes from one place, or from nothing, to another, or to its end.
    pub fn moved(&mut self, shape: &Shape, from: Option<Place>, to: Option<Place>, now: Instant) {
        let row = self.rows.entry(shape.clone()).or_insert_with(|| Row::new(0, now));
        if let Some(from) = from {
            let count = &mut row.counts[from as usize];
            *count = count.saturating_sub(1);
        }
        if let Some(to) = to {
            row.counts[to as usize] += 1;
        }
        match (from, to) {
            (_, Some(Place::Leased)) => row.used(self.config.idle, now),
            (Some(Place::Leased | Place::Proving), None) => row.lost += NEWEST * (1.0 - row.lost),
            (Some(Place::Leased | Place::Proving), Some(Place::Waiting)) => row.lost -= NEWEST * row.lost,
            (Some(Place::Starting), Some(_)) => (row.failures, row.retry_at) = (0, None),
            (Some(Place::Starting), None) => {
                let pause = RETRY_FIRST * (1 << row.failures.min(RETRY_DOUBLINGS));
                (row.failures, row.retry_at) = (row.failures + 1, Some(now + pause));
            }
            _ => {}
        }
    }

    /// What to do next; carried out and told by [`Policy::moved`], it is asked again.
    pub fn next(&mut self, load: Load, now: Instant) -> Option<Action> {
        let (idle, most) = (self.config.idle, self.config.budget(load.slots));
        self.rows.retain(|_, row| row.min > 0 || row.all() > 0 || !row.is_idle(idle, now));
        let total = self.total();
        if total > most
            && let Some(victim) = self.victim(now, |_| true)
        {
            return Some(Action::Stop(victim));
        }
        if let Some(victim) =
            self.victim(now, |row| row.is_idle(idle, now) && row.at(Place::Waiting) > row.min)
        {
            return Some(Action::Stop(victim));
        }
        let starting: usize = self.rows.values().map(|row| row.at(Place::Starting)).sum();
        if starting >= STARTS_AT_A_TIME {
            return None;
        }
        if let Some(shape) = self.latest(|row| row.may_start(idle, load, now)) {
            if total < most {
                return Some(Action::Start(shape));
            }
            return self.victim(now, |row| row.surplus(idle, now) > 0).map(Action::Stop);
        }
        if load.busy > 0 || total >= most {
            return None;
        }
        self.latest(|row| row.wants_spare(idle, now)).map(Action::Start)
    }

    /// Of those that it is true of, the one that was used last.
    fn latest(&self, holds: impl Fn(&Row) -> bool) -> Option<Shape> {
        let rows = self.rows.iter().filter(|(_, row)| holds(row));
        rows.max_by_key(|(_, row)| row.used).map(|(shape, _)| shape.clone())
    }

    /// Of those that wait and may go, the one that is missed least.
    fn victim(&self, now: Instant, may_go: impl Fn(&Row) -> bool) -> Option<Shape> {
        let waiting = self.rows.iter().filter(|(_, row)| row.at(Place::Waiting) > 0 && may_go(row));
        let missed = |row: &Row| (row.surplus(self.config.idle, now) == 0, row.used);
        waiting.min_by_key(|(_, row)| missed(row)).map(|(shape, _)| shape.clone())
    }
}

impl Row {
    const fn new(min: usize, now: Instant) -> Self {
        Self {
            counts: [0; 5],
            peaks: [0; 2],
            since: now,
            used: None,
            lost: 0.0,
            min,
            failures: 0,
            retry_at: None,
        }
    }

    const fn at(&self, place: Place) -> usize {
        self.counts[place as usize]
    }

    fn all(&self) -> usize {
        self.counts.iter().sum()
    }

    /// All that demand is for.
    fn ours(&self) -> usize {
        self.all() - self.at(Place::Custom)
    }

    /// One more is leased.
    fn used(&mut self, idle: Duration, now: Instant) {
        let stretches = now.saturating_duration_since(self.since).as_nanos() / idle.as_nanos().max(1);
        if stretches > 0 {
            let before = if stretches == 1 { self.peaks[0] } else { 0 };
            (self.peaks, self.since) = ([0, before], now);
        }
        self.peaks[0] = self.peaks[0].max(self.at(Place::Leased));
        self.used = Some(now);
    }

    /// Whether nobody has used it for as long as demand is remembered.
    fn is_idle(&self, idle: Duration, now: Instant) -> bool {
        self.at(Place::Leased) == 0 && self.used.is_none_or(|used| now.saturating_duration_since(used) > idle)
    }

    /// How many there must be, those in use included.
    fn needed(&self, idle: Duration, now: Instant) -> usize {
        if self.is_idle(idle, now) {
            return self.min;
        }
        let spare = usize::from(self.is_lossy());
        (self.peaks[0].max(self.peaks[1]) + spare).max(self.at(Place::Leased) + self.min)
    }

    /// Whether most sandboxes end with their submission.
    fn is_lossy(&self) -> bool {
        self.lost > 0.5
    }

    fn available(&self) -> usize {
        self.ours() - self.at(Place::Leased)
    }

    fn surplus(&self, idle: Duration, now: Instant) -> usize {
        self.ours().saturating_sub(self.needed(idle, now))
    }

    /// Whether the last start failed, and it is too early for another one.
    fn is_failing(&self, now: Instant) -> bool {
        self.retry_at.is_some_and(|at| now < at)
    }

    /// Whether it has what is needed and nothing to spare, although it is used.
    fn wants_spare(&self, idle: Duration, now: Instant) -> bool {
        let used = !self.is_idle(idle, now) && !self.is_lossy() && !self.is_failing(now);
        used && self.ours() == self.needed(idle, now)
    }

    fn may_start(&self, idle: Duration, load: Load, now: Instant) -> bool {
        if self.ours() >= self.needed(idle, now) || self.is_failing(now) {
            return false;
        }
        let none = self.available() == 0;
        match load.slots.saturating_sub(load.busy) {
            _ if load.busy == 0 => true,
            // Who could want it now is being judged already, unless its sandbox will not come back.
            0 => none && self.is_lossy(),
            _ => none,
        }
    }
}

#[cfg(test)]
mod tests;
