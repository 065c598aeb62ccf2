//! What came of a simulation.

use gavel_model::Lane;
use serde::Serialize;

use super::costs::ByLane;
use super::rule::Rule;

/// Everything that came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// By which rule the fleet grew.
    pub rule: Rule,
    /// When the last result was stored, in seconds.
    pub seconds: f64,
    /// Each lane that something came through.
    pub lanes: Vec<LaneOutcome>,
    /// What is full first.
    pub parts: Vec<PartLoad>,
    /// Hours of workers that were paid.
    pub worker_hours: f64,
    /// The most workers at a time.
    pub most_workers: usize,
    /// How it went, look by look.
    #[serde(skip)]
    pub moments: Vec<Moment>,
}

/// What came of a lane.
#[derive(Clone, Debug, Serialize)]
pub struct LaneOutcome {
    /// Which.
    pub lane: Lane,
    /// Submissions.
    pub count: usize,
    /// Seconds from acceptance to a slot, on the average.
    pub wait_mean: f64,
    /// The median of them.
    pub wait_p50: f64,
    /// 95 of 100 waited less.
    pub wait_p95: f64,
    /// 99 of 100 waited less.
    pub wait_p99: f64,
    /// The longest.
    pub wait_max: f64,
    /// 95 of 100 had their result stored within so many seconds.
    pub turnaround_p95: f64,
    /// The share that had it within the lane's target.
    pub promised: f64,
}

/// How full a part was.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PartLoad {
    /// Which.
    pub name: &'static str,
    /// The share of its time that it worked.
    pub load: f64,
    /// The same in its fullest minute, or look.
    pub peak: f64,
}

/// How it looked at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Seconds since the beginning.
    pub at: f64,
    /// Seconds that the oldest has waited.
    pub oldest: ByLane<f64>,
    /// Submissions a second that came since the last look.
    pub rate: f64,
    /// Workers, also those that are starting.
    pub kept: usize,
    /// Slots of those that judge.
    pub slots: usize,
    /// Slots in which something was judged.
    pub busy: usize,
}

impl Moment {
    /// The share of slots in which something was judged.
    pub fn fullness(&self) -> f64 {
        // Workers that leave still judge, and are not counted any more.
        (self.busy as f64 / self.slots.max(1) as f64).min(1.0)
    }
}

impl Outcome {
    /// The share of all submissions that had their result within their lane's target.
    pub fn promised(&self) -> f64 {
        let all: usize = self.lanes.iter().map(|lane| lane.count).sum();
        let kept: f64 = self.lanes.iter().map(|lane| lane.promised * lane.count as f64).sum();
        kept / all.max(1) as f64
    }

    /// The part beside the slots that is full first when more comes: slots are bought, the others are one.
    pub fn first_full(&self) -> Option<&PartLoad> {
        let parts = self.parts.iter().filter(|part| part.name != "slots");
        parts.max_by(|one, other| one.peak.total_cmp(&other.peak))
    }
}

/// Gathers waiting times.
#[derive(Debug)]
pub struct Waits {
    targets: ByLane<f64>,
    /// Wait and turnaround of each, by lane.
    lanes: [Vec<(f32, f32)>; 3],
}

impl Waits {
    /// None yet.
    pub const fn new(targets: ByLane<f64>) -> Self {
        Self { targets, lanes: [const { Vec::new() }; 3] }
    }

    /// One is done.
    pub fn add(&mut self, lane: Lane, wait: f64, turnaround: f64) {
        self.lanes[lane as usize].push((wait as f32, turnaround as f32));
    }

    /// What comes of it; a lane that nothing came through is left out.
    pub fn close(self) -> Vec<LaneOutcome> {
        let lanes = Lane::ALL.into_iter().zip(self.lanes).filter(|(_, all)| !all.is_empty());
        lanes.map(|(lane, all)| of_lane(lane, &all, self.targets.of(lane))).collect()
    }
}

fn of_lane(lane: Lane, all: &[(f32, f32)], target: f64) -> LaneOutcome {
    let sorted = |of: fn(&(f32, f32)) -> f32| {
        let mut times: Vec<f32> = all.iter().map(of).collect();
        times.sort_by(f32::total_cmp);
        times
    };
    let (waits, turnarounds) = (sorted(|(wait, _)| *wait), sorted(|(_, turnaround)| *turnaround));
    let below =
        |times: &[f32], share: f64| f64::from(times[((times.len() - 1) as f64 * share).round() as usize]);
    let within = turnarounds.iter().filter(|time| f64::from(**time) <= target).count();
    LaneOutcome {
        lane,
        count: all.len(),
        wait_mean: waits.iter().copied().map(f64::from).sum::<f64>() / all.len() as f64,
        wait_p50: below(&waits, 0.5),
        wait_p95: below(&waits, 0.95),
        wait_p99: below(&waits, 0.99),
        wait_max: below(&waits, 1.0),
        turnaround_p95: below(&turnarounds, 0.95),
        promised: within as f64 / all.len() as f64,
    }
}
