//! The events of a simulation, in order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gavel_model::Lane;

use super::arrivals::Arrival;
use super::costs::{ByLane, Costs};
use super::fleet::{Fleet, Worker};
use super::lanes::Lanes;
use super::outcome::{Moment, Outcome, PartLoad, Waits};
use super::rule::{Rule, Scaler, Seen};
use super::station::Station;
use super::time::{Micros, micros, seconds};

/// How a fleet is run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Workers at the beginning, ready.
    pub workers: usize,
    /// The fewest and the most.
    pub bounds: (usize, usize),
    /// Slots of each.
    pub slots: usize,
    /// Seconds until a worker that was asked for judges.
    pub startup: f64,
    /// Seconds between two looks at the metrics.
    pub interval: f64,
    /// Seconds for which less must have been enough before the fleet shrinks.
    pub patience: f64,
    /// When it grows.
    pub rule: Rule,
}

/// Where a submission is on its road, when an event comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Stored,
    Published,
    Queued,
    ResultPublished,
    ResultTaken,
    ResultStored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Step(usize, Step),
    Judged(usize, Worker),
    Ready(Worker),
    Look,
}

#[derive(Clone, Copy, Debug)]
struct Job {
    arrival: Arrival,
    queued: Micros,
    started: Micros,
}

struct World<'a> {
    costs: &'a Costs,
    plan: Plan,
    now: Micros,
    /// Counts events: of two at the same time the first goes first.
    count: u64,
    events: BinaryHeap<Reverse<(Micros, u64, Event)>>,
    jobs: Vec<Job>,
    /// Places in `jobs` whose submission is done.
    spare: Vec<usize>,
    api: Station,
    store: Station,
    broker: Station,
    lanes: Lanes<usize>,
    fleet: Fleet,
    scaler: Scaler,
    /// Submissions that came since the last look, by lane.
    came: [usize; 3],
    /// Those that were judged since then, and their seconds.
    judged: (usize, f64),
    /// As seen at the looks so far: submissions a second, by lane.
    rates: [f64; 3],
    /// As seen at the looks so far: mean seconds of a slot for one.
    service: f64,
    /// Slots' busy time.
    judged_seconds: f64,
    waits: Waits,
    moments: Vec<Moment>,
}

/// Lets submissions come and be judged until all are.
pub fn run(arrivals: impl IntoIterator<Item = Arrival>, costs: &Costs, plan: Plan) -> Outcome {
    let mut arrivals = arrivals.into_iter().peekable();
    let memory = (plan.patience / plan.interval).ceil() as usize + 1;
    let mut world = World {
        costs,
        plan,
        now: 0,
        count: 0,
        events: BinaryHeap::new(),
        jobs: Vec::new(),
        spare: Vec::new(),
        api: Station::new(costs.api.servers),
        store: Station::new(costs.store.servers),
        broker: Station::new(costs.broker.servers),
        lanes: Lanes::new(costs.weights),
        fleet: Fleet::new(plan.slots),
        scaler: Scaler::new(plan.rule, costs.targets, plan.bounds, memory),
        came: [0; 3],
        judged: (0, 0.0),
        rates: [0.0; 3],
        service: costs.mean_seconds(),
        judged_seconds: 0.0,
        waits: Waits::new(costs.targets),
        moments: Vec::new(),
    };
    for _ in 0..plan.workers {
        let worker = world.fleet.ask(0);
        world.fleet.ready(worker);
    }
    world.after(plan.interval, Event::Look);
    let mut last = 0;
    loop {
        let next = world.events.peek().map(|Reverse((at, _, _))| *at);
        if let Some(arrival) = arrivals.next_if(|arrival| next.is_none_or(|next| arrival.at <= next)) {
            world.now = arrival.at;
            world.arrive(arrival);
            continue;
        }
        let Some(Reverse((at, _, event))) = world.events.pop() else { break };
        world.now = at;
        match event {
            Event::Step(job, step) => {
                if step == Step::ResultStored {
                    last = at;
                }
                world.step(job, step);
            }
            Event::Judged(job, worker) => world.judged(job, worker),
            Event::Ready(worker) => {
                world.fleet.ready(worker);
                world.start();
            }
            Event::Look => {
                world.look();
                // Nothing waits, nothing is judged and nothing comes: the rest would be looks.
                if arrivals.peek().is_some() || world.jobs.len() > world.spare.len() {
                    world.after(plan.interval, Event::Look);
                }
            }
        }
    }
    world.outcome(last)
}

impl World<'_> {
    fn at(&mut self, at: Micros, event: Event) {
        self.count += 1;
        self.events.push(Reverse((at, self.count, event)));
    }

    fn after(&mut self, wait: f64, event: Event) {
        self.at(self.now + micros(wait).max(1), event);
    }

    fn arrive(&mut self, arrival: Arrival) {
        let job = Job { arrival, queued: 0, started: 0 };
        let place = match self.spare.pop() {
            Some(place) => {
                self.jobs[place] = job;
                place
            }
            None => {
                self.jobs.push(job);
                self.jobs.len() - 1
            }
        };
        self.came[arrival.lane as usize] += 1;
        let done = self.api.serve(self.now, self.costs.api.accept);
        self.at(done, Event::Step(place, Step::Stored));
    }

    /// A submission has come to a step; what comes next takes until then.
    fn step(&mut self, place: usize, step: Step) {
        let (now, costs) = (self.now, self.costs);
        let (done, next) = match step {
            Step::Stored => (self.store.serve(now, costs.store.accept), Step::Published),
            Step::Published => (self.broker.serve(now, costs.broker.accept), Step::Queued),
            Step::Queued => {
                self.jobs[place].queued = now;
                self.lanes.push(self.jobs[place].arrival.lane, place);
                return self.start();
            }
            Step::ResultPublished => (self.api.serve(now, costs.api.result), Step::ResultTaken),
            Step::ResultTaken => (self.store.serve(now, costs.store.result), Step::ResultStored),
            Step::ResultStored => {
                let Job { arrival, started, .. } = self.jobs[place];
                self.waits.add(arrival.lane, seconds(started - arrival.at), seconds(now - arrival.at));
                return self.spare.push(place);
            }
        };
        self.at(done, Event::Step(place, next));
    }

    /// Gives free slots to who waits.
    fn start(&mut self) {
        while let Some(worker) = self.fleet.take() {
            let Some(place) = self.lanes.pop() else {
                return self.fleet.release(worker, self.now);
            };
            self.jobs[place].started = self.now;
            let length = self.jobs[place].arrival.seconds;
            self.at(self.now + micros(length), Event::Judged(place, worker));
        }
    }

    fn judged(&mut self, place: usize, worker: Worker) {
        let length = self.jobs[place].arrival.seconds;
        self.judged.0 += 1;
        self.judged.1 += length;
        self.judged_seconds += length;
        self.fleet.release(worker, self.now);
        let done = self.broker.serve(self.now, self.costs.broker.result);
        self.at(done, Event::Step(place, Step::ResultPublished));
        self.start();
    }

    fn look(&mut self) {
        let rate = self.came.iter().sum::<usize>() as f64 / self.plan.interval;
        let seen = self.seen();
        let wanted = self.scaler.look(&seen, self.fleet.kept());
        while self.fleet.kept() < wanted {
            let worker = self.fleet.ask(self.now);
            self.after(self.plan.startup, Event::Ready(worker));
        }
        while self.fleet.kept() > wanted {
            self.fleet.send_away(self.now);
        }
        self.moments.push(Moment {
            at: seconds(self.now),
            oldest: seen.oldest,
            rate,
            kept: self.fleet.kept(),
            slots: self.fleet.working() * self.plan.slots,
            busy: self.fleet.busy(),
        });
    }

    fn seen(&mut self) -> Seen {
        let interval = self.plan.interval;
        let (judged, took) = std::mem::take(&mut self.judged);
        if judged > 0 {
            // As a rate over five minutes does.
            self.service += (took / judged as f64 - self.service) * (interval / 300.0).min(1.0);
        }
        for (lane, came) in Lane::ALL.into_iter().zip(std::mem::take(&mut self.came)) {
            let over = self.costs.targets.of(lane).max(60.0);
            // Before it began it was as it is at the beginning.
            let share = if self.moments.is_empty() { 1.0 } else { (interval / over).min(1.0) };
            let rate = &mut self.rates[lane as usize];
            *rate += (came as f64 / interval - *rate) * share;
        }
        let of = |lane| self.lanes.waiting(lane);
        let waiting = |lane| of(lane).0 as f64;
        let oldest = |lane| of(lane).1.map_or(0.0, |place| seconds(self.now - self.jobs[*place].queued));
        let by_lane = |value: &dyn Fn(Lane) -> f64| ByLane {
            contest: value(Lane::Contest),
            practice: value(Lane::Practice),
            rejudge: value(Lane::Rejudge),
        };
        Seen {
            waiting: by_lane(&waiting),
            oldest: by_lane(&oldest),
            rates: by_lane(&|lane| self.rates[lane as usize]),
            seconds: self.service,
            busy: self.fleet.busy() as f64,
            working: self.fleet.working() as f64,
            slots: self.plan.slots as f64,
        }
    }

    fn outcome(self, last: Micros) -> Outcome {
        let part =
            |name, station: &Station| PartLoad { name, load: station.load(last), peak: station.peak() };
        let hours = self.fleet.hours(self.now);
        let slots = PartLoad {
            name: "slots",
            load: self.judged_seconds / (hours * 3_600.0 * self.plan.slots as f64).max(1e-9),
            peak: self.moments.iter().map(Moment::fullness).fold(0.0, f64::max),
        };
        Outcome {
            rule: self.plan.rule,
            seconds: seconds(last),
            parts: vec![
                slots,
                part("api", &self.api),
                part("store", &self.store),
                part("broker", &self.broker),
            ],
            lanes: self.waits.close(),
            worker_hours: hours,
            most_workers: self.fleet.most(),
            moments: self.moments,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::arrivals::{Drawn, Shape};
    use crate::simulate::costs::Judging;

    fn plan(rule: Rule, workers: usize) -> Plan {
        Plan { workers, bounds: (1, 1_000), slots: 1, startup: 60.0, interval: 15.0, patience: 300.0, rule }
    }

    fn free() -> Costs {
        let mut costs = Costs::default();
        for part in [&mut costs.api, &mut costs.store, &mut costs.broker] {
            (part.accept, part.result) = (0.0, 0.0);
        }
        costs
    }

    #[test]
    fn one_slot_judges_one_after_another() {
        let arrival = |at: f64| Arrival { at: micros(at), lane: Lane::Contest, seconds: 2.0 };
        let outcome = run([arrival(0.0), arrival(1.0), arrival(9.0)], &free(), plan(Rule::Fixed, 1));
        let lane = &outcome.lanes[0];
        assert_eq!((lane.count, lane.wait_max, outcome.seconds), (3, 1.0, 11.0));
        assert_eq!(lane.wait_mean, 1.0 / 3.0);
        assert_eq!(lane.turnaround_p95, 3.0);
    }

    #[test]
    fn every_part_of_the_road_takes_its_time() {
        let mut costs = free();
        (costs.api.accept, costs.store.accept, costs.broker.accept) = (0.5, 0.25, 0.125);
        (costs.api.result, costs.store.result, costs.broker.result) = (4.0, 2.0, 1.0);
        let one = Arrival { at: 0, lane: Lane::Practice, seconds: 10.0 };
        let outcome = run([one], &costs, plan(Rule::Fixed, 1));
        let lane = &outcome.lanes[0];
        assert_eq!((lane.wait_max, lane.turnaround_p95), (0.875, 17.875));
    }

    /// One server and arrivals at random: load / (1 - load) x (1 + variance) / 2 times the mean, whatever the distribution.
    #[test]
    fn the_mean_wait_is_that_of_pollaczek_and_khinchine() {
        let mut costs = free();
        // Mean 1 and variance 1.
        costs.judging = Judging { tests: 1.0, test_seconds: 1.0, spread: 2.0_f64.ln().sqrt() };
        costs.languages.values_mut().for_each(|language| language.seconds = 0.0);
        let arrivals = Drawn::new(Shape::Steady, 0.5 * 3_600.0, 400_000, &costs, 7).unwrap();
        let outcome = run(arrivals, &costs, plan(Rule::Fixed, 1));
        let all: f64 = outcome.lanes.iter().map(|lane| lane.wait_mean * lane.count as f64).sum();
        let mean = all / outcome.lanes.iter().map(|lane| lane.count as f64).sum::<f64>();
        assert!((0.92..1.08).contains(&mean), "{mean}, should be 1");
        assert!((0.48..0.52).contains(&outcome.parts[0].load), "{:?}", outcome.parts[0]);
    }

    #[test]
    fn a_fleet_grows_with_a_flood_and_shrinks_after_it() {
        let costs = Costs::default();
        let arrivals = || Drawn::new(Shape::Rejudge, 20_000.0, 7_200, &costs, 3).unwrap();
        let drained = run(arrivals(), &costs, plan(Rule::Drain, 15));
        let fixed = run(arrivals(), &costs, plan(Rule::Fixed, 15));
        assert!(drained.most_workers > 15, "{}", drained.most_workers);
        assert!(drained.moments.last().is_some_and(|moment| moment.kept < drained.most_workers));
        assert_eq!(fixed.most_workers, 15);
        for outcome in [&drained, &fixed] {
            let count: usize = outcome.lanes.iter().map(|lane| lane.count).sum();
            assert_eq!(count, arrivals().count(), "everything that came was judged");
        }
        assert!(drained.promised() > 0.99, "{}", drained.promised());
    }

    #[test]
    fn what_has_no_room_is_named() {
        let mut costs = Costs::default();
        costs.store.accept = 0.1;
        let arrivals = Drawn::new(Shape::Steady, 36_000.0, 600, &costs, 3).unwrap();
        let outcome = run(arrivals, &costs, plan(Rule::Fixed, 40));
        assert_eq!(outcome.first_full().map(|part| part.name), Some("store"));
    }
}
