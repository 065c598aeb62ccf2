//! What a job's processes and files hold together.
//!
//! The kernel keeps a peak for each process and for the container's whole life, neither of which is what a test held
//! at a time: so the control group's counter is looked at while the program runs, the more often the less is left.
//!
//! On a busy machine a look may come late, after a program that took too much for a moment has given it back. But then the
//! container's peak has grown, unless as much was held in it before, by an earlier test or with what was cached then.

use super::meter::{Meter, Names};

/// Between two looks, nanoseconds: bounds of what is computed from the memory left.
const TICK_NS: std::ops::RangeInclusive<u64> = 1_000_000..=10_000_000;
/// Nobody takes memory faster than this, bytes a nanosecond: a core clears about four in that time.
const FASTEST: u64 = 4;
/// Files of the image come into the page cache as they are read; counted again after this long, nanoseconds.
const CACHE_NS: u64 = 100_000_000;

/// How far what the peak tells may be off: files of the image that were cached then need not have been whenever that was looked at.
const SPARE: u64 = 4 * 1024 * 1024;
/// So near to the container's own limit the kernel has taken cached files away, nobody knows how many; what no longer fits then ends by
/// the kernel.
const NEAR: u64 = 1024 * 1024;

/// What a job holds above what was there before it.
pub struct Memory {
    /// Held before the job, without cached files; `None` when that cannot be read.
    floor: Option<u64>,
    /// Cached files when they were last counted.
    cache: u64,
    next_cache_ns: u64,
    /// The most of them that was counted.
    most_cached: u64,
    /// Names before the job.
    names: Option<Names>,
    limit: u64,
    /// The most that was ever held before the job.
    most_before: Option<u64>,
    /// The most that was seen; `None` when nothing was looked at.
    pub peak: Option<u64>,
    /// When to look next.
    pub next_ns: u64,
}

impl Memory {
    /// Notes what is held now, just before a job that may hold `limit` more.
    pub fn begin(meter: &Meter, limit: u64, now_ns: u64) -> Self {
        let cache = meter.cached_files().unwrap_or(0);
        let floor = meter.memory().map(|held| held.saturating_sub(cache));
        let mut memory = Self {
            floor,
            cache,
            next_cache_ns: now_ns + CACHE_NS,
            most_cached: cache,
            names: meter.names(),
            limit,
            most_before: meter.most_memory(),
            peak: None,
            next_ns: 0,
        };
        memory.next_ns = now_ns + memory.pause(0);
        memory
    }

    /// Looks at what is held now.
    pub fn look(&mut self, meter: &Meter, now_ns: u64) {
        let Some(mut held) = self.held(meter) else {
            self.next_ns = u64::MAX;
            return;
        };
        // The page cache costs more to count than all the rest, so it is counted only when it matters.
        if self.peak.is_none_or(|peak| held > peak) || now_ns >= self.next_cache_ns {
            self.count_cached(meter);
            self.next_cache_ns = now_ns + CACHE_NS;
            held = self.held(meter).unwrap_or(held);
        }
        if held > self.limit {
            held -= self.new_names(meter).min(held);
        }
        self.peak = self.peak.max(Some(held));
        self.next_ns = now_ns + self.pause(held);
    }

    /// After the job: what was held between two looks, where it was more than the limit and more than ever before.
    pub fn end(&mut self, meter: &Meter) {
        let Some(most) = meter.most_memory() else { return };
        let full = meter.memory_limit().is_some_and(|limit| most.saturating_add(NEAR) > limit);
        if !full && self.most_before.is_some_and(|before| most > before) {
            self.count_cached(meter);
            self.settle(most, self.most_cached + self.new_names(meter));
        }
    }

    /// Takes the peak into account, of which so much was nobody's.
    fn settle(&mut self, most: u64, aside: u64) {
        let held = most.saturating_sub(aside).saturating_sub(self.floor.unwrap_or(u64::MAX));
        if held > self.limit.saturating_add(SPARE) {
            self.peak = self.peak.max(Some(held));
        }
    }

    /// Whether more than the limit was seen.
    pub fn over(&self) -> bool {
        self.peak.is_some_and(|peak| peak > self.limit)
    }

    /// What is held now, counted anew; `None` when that cannot be read.
    pub fn counted(&mut self, meter: &Meter) -> Option<u64> {
        self.count_cached(meter);
        let held = self.held(meter)?;
        Some(if held > self.limit { held - self.new_names(meter).min(held) } else { held })
    }

    fn count_cached(&mut self, meter: &Meter) {
        self.cache = meter.cached_files().unwrap_or(0);
        self.most_cached = self.most_cached.max(self.cache);
    }

    fn held(&self, meter: &Meter) -> Option<u64> {
        Some(meter.memory()?.saturating_sub(self.cache).saturating_sub(self.floor?))
    }

    /// What of the kernel's memory are names that were looked for and are kept in case they are asked for again, which
    /// v1 charges and does not tell: a program that looks for many files holds hundreds of MiB of them.
    fn new_names(&self, meter: &Meter) -> u64 {
        let (Some(before), Some(now)) = (self.names, meter.names()) else { return 0 };
        now.unused.saturating_sub(before.unused).min(now.kernel.saturating_sub(before.kernel))
    }

    fn pause(&self, held: u64) -> u64 {
        (self.limit.saturating_sub(held) / FASTEST).clamp(*TICK_NS.start(), *TICK_NS.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(limit: u64) -> Memory {
        Memory {
            floor: Some(0),
            cache: 0,
            next_cache_ns: 0,
            most_cached: 0,
            names: None,
            limit,
            most_before: None,
            peak: None,
            next_ns: 0,
        }
    }

    #[test]
    fn looks_more_often_the_less_is_left() {
        const MIB: u64 = 1024 * 1024;
        assert_eq!(memory(u64::MAX).pause(0), 10_000_000);
        assert_eq!(memory(256 * MIB).pause(0), 10_000_000);
        assert_eq!(memory(256 * MIB).pause(240 * MIB), 4 * MIB);
        assert_eq!(memory(256 * MIB).pause(255 * MIB), 1_000_000);
        assert_eq!(memory(8 * MIB).pause(100 * MIB), 1_000_000);
    }

    #[test]
    fn what_no_look_saw_the_peak_tells() {
        const MIB: u64 = 1024 * 1024;
        let settled = |most: u64, aside: u64, seen: u64| {
            let mut memory = Memory { floor: Some(6 * MIB), peak: Some(seen), ..memory(64 * MIB) };
            memory.settle(most, aside);
            memory.peak.unwrap() / MIB
        };
        assert_eq!(settled(120 * MIB, 4 * MIB, 10 * MIB), 110);
        assert_eq!(settled(120 * MIB, 50 * MIB, 10 * MIB), 10, "files of the image are not its own");
        assert_eq!(settled(75 * MIB, MIB, 10 * MIB), 10, "so little may be cached files of another moment");
        assert_eq!(settled(120 * MIB, 4 * MIB, 115 * MIB), 115);
    }

    #[test]
    fn exactly_the_limit_is_allowed() {
        let mut memory = memory(100);
        assert!(!memory.over(), "what was not seen");
        memory.peak = Some(100);
        assert!(!memory.over());
        memory.peak = Some(101);
        assert!(memory.over());
    }
}
