//! When a fleet grows and shrinks.

use std::collections::VecDeque;

use gavel_model::Lane;
use serde::Serialize;

use super::costs::ByLane;

/// How many workers there should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// As many as at the beginning.
    Fixed,
    /// So many that 70 % of the slots are busy: what autoscalers by utilisation do.
    Utilisation,
    /// Grows by how many times too old the oldest waiting is: what KEDA does with an age.
    Age,
    /// So many that what comes is judged with a quarter to spare, and what waits is judged within half of its lane's target:
    /// `gavel:wanted_slots` of deploy/prometheus/rules/recording.yml.
    Drain,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Fixed, Self::Utilisation, Self::Age, Self::Drain];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Utilisation => "utilisation",
            Self::Age => "age",
            Self::Drain => "drain",
        }
    }
}

/// What a rule goes by: what the metrics of the fleet show.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Submissions that wait.
    pub waiting: ByLane<f64>,
    /// Seconds that the oldest of them has waited.
    pub oldest: ByLane<f64>,
    /// Submissions that come in a second, over as long as their lane's target, a minute at least: a flood that has an hour
    /// of time does not show at once.
    pub rates: ByLane<f64>,
    /// Seconds of a slot that one takes.
    pub seconds: f64,
    /// Slots in which something is judged.
    pub busy: f64,
    /// Workers that judge.
    pub working: f64,
    /// Slots of a worker.
    pub slots: f64,
}

/// The share of slots that should be busy.
const BUSY: f64 = 0.7;
/// A change of less than this is none, as in Kubernetes' `HorizontalPodAutoscaler`.
const TOLERANCE: f64 = 0.1;
/// Slots beside those that what comes needs: arrivals come in bunches.
const SPARE: f64 = 1.25;

impl Rule {
    /// How many workers it wants.
    fn wanted(self, seen: &Seen, targets: &ByLane<f64>) -> f64 {
        let by = |ratio: f64| match (ratio - 1.0).abs() {
            small if small <= TOLERANCE => seen.working,
            _ => seen.working * ratio,
        };
        match self {
            Self::Fixed => f64::NAN,
            Self::Utilisation => by(seen.busy / (seen.working * seen.slots).max(1.0) / BUSY),
            Self::Age => {
                let late = Lane::ALL.map(|lane| seen.oldest.of(lane) / (targets.of(lane) / 2.0));
                by(late.into_iter().fold(0.0, f64::max))
            }
            Self::Drain => {
                let rates = Lane::ALL.map(|lane| {
                    seen.rates.of(lane) * SPARE + seen.waiting.of(lane) / (targets.of(lane) / 2.0)
                });
                seen.seconds * rates.iter().sum::<f64>() / seen.slots
            }
        }
    }
}

/// A rule with its bounds and its memory.
#[derive(Debug)]
pub struct Scaler {
    rule: Rule,
    targets: ByLane<f64>,
    bounds: (usize, usize),
    /// What was wanted of late: a fleet shrinks only to the most of it.
    wanted: VecDeque<usize>,
    memory: usize,
}

impl Scaler {
    /// Shrinks only to what was enough at each of the last looks.
    pub const fn new(rule: Rule, targets: ByLane<f64>, bounds: (usize, usize), memory: usize) -> Self {
        Self { rule, targets, bounds, wanted: VecDeque::new(), memory }
    }

    /// How many workers there should be from now on.
    pub fn look(&mut self, seen: &Seen, now: usize) -> usize {
        let wanted = self.rule.wanted(seen, &self.targets);
        if wanted.is_nan() {
            return now;
        }
        self.wanted.push_back((wanted.ceil() as usize).clamp(self.bounds.0, self.bounds.1));
        if self.wanted.len() > self.memory {
            self.wanted.pop_front();
        }
        let last = self.wanted.back().copied().unwrap_or(now);
        let most = self.wanted.iter().max().copied().unwrap_or(now);
        if last >= now { last } else { now.min(most) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGETS: ByLane<f64> = ByLane { contest: 10.0, practice: 60.0, rejudge: 3_600.0 };

    fn none() -> ByLane<f64> {
        ByLane { contest: 0.0, practice: 0.0, rejudge: 0.0 }
    }

    fn seen() -> Seen {
        let rates = ByLane { contest: 3.0, practice: 1.0, rejudge: 0.0 };
        Seen { waiting: none(), oldest: none(), rates, seconds: 2.0, busy: 7.0, working: 5.0, slots: 2.0 }
    }

    #[test]
    fn each_rule_wants_what_it_says() {
        assert_eq!(Rule::Utilisation.wanted(&seen(), &TARGETS), 5.0);
        assert_eq!(Rule::Utilisation.wanted(&Seen { busy: 10.0, ..seen() }, &TARGETS), 5.0 / 0.7);
        assert_eq!(
            Rule::Age.wanted(&Seen { oldest: ByLane { contest: 10.0, ..none() }, ..seen() }, &TARGETS),
            10.0
        );
        assert_eq!(Rule::Drain.wanted(&seen(), &TARGETS), 5.0);
        let waiting = ByLane { contest: 50.0, practice: 0.0, rejudge: 1_800.0 };
        assert_eq!(Rule::Drain.wanted(&Seen { waiting, ..seen() }, &TARGETS), 16.0);
    }

    #[test]
    fn a_fleet_grows_at_once_and_shrinks_when_less_was_enough_for_a_while() {
        let mut scaler = Scaler::new(Rule::Drain, TARGETS, (1, 8), 3);
        let mut look =
            |contest, now| scaler.look(&Seen { rates: ByLane { contest, ..none() }, ..seen() }, now);
        assert_eq!(look(4.0, 2), 5);
        assert_eq!(look(400.0, 5), 8, "the upper bound");
        assert_eq!([look(0.0, 8), look(0.0, 8)], [8, 8]);
        assert_eq!(look(0.0, 8), 1);
        assert_eq!(Scaler::new(Rule::Fixed, TARGETS, (1, 8), 3).look(&seen(), 3), 3);
    }
}
