//! The policy in virtual time.

use super::super::kind::{Kind, Needs};
use super::*;
use crate::container::Purpose;
use proptest::prelude::*;

const IDLE: Duration = Duration::from_secs(60);
const QUIET: Load = Load { busy: 0, slots: 2 };
const HALF: Load = Load { busy: 1, slots: 2 };
const FULL: Load = Load { busy: 2, slots: 2 };

fn shape(number: usize) -> Shape {
    let kind = Kind { image: format!("language-{number:02}"), purpose: Purpose::Run };
    Shape { kind, limits: Needs { memory_mb: 384, processes: 64 } }
}

fn config(min: usize, max: usize) -> PoolConfig {
    PoolConfig { min, max, memory_mb: 0, idle: IDLE }
}

/// A worker that does what the policy says, at once.
struct World {
    policy: Policy,
    now: Instant,
}

impl World {
    fn new(min: usize, max: usize, languages: usize) -> Self {
        let now = Instant::now();
        Self { policy: Policy::new(config(min, max), (0..languages).map(shape), now), now }
    }

    fn moved(&mut self, of: usize, from: Option<Place>, to: Option<Place>) {
        self.policy.moved(&shape(of), from, to, self.now);
    }

    /// A submission wants one; whether one waited.
    fn take(&mut self, of: usize) -> bool {
        let hit = self.policy.count(&shape(of), Place::Waiting) > 0;
        self.moved(of, hit.then_some(Place::Waiting), Some(Place::Leased));
        hit
    }

    fn destroy(&mut self, of: usize) {
        self.moved(of, Some(Place::Leased), None);
    }

    fn give_back(&mut self, of: usize) {
        self.moved(of, Some(Place::Leased), Some(Place::Proving));
        self.moved(of, Some(Place::Proving), Some(Place::Waiting));
    }

    /// Carries out all that is to be done now; how many were started and ended.
    fn settle(&mut self, load: Load) -> (usize, usize) {
        let (mut started, mut stopped) = (0, 0);
        while let Some(action) = self.policy.next(load, self.now) {
            match action {
                Action::Start(shape) => {
                    started += 1;
                    self.policy.moved(&shape, None, Some(Place::Starting), self.now);
                    self.policy.moved(&shape, Some(Place::Starting), Some(Place::Waiting), self.now);
                }
                Action::Stop(shape) => {
                    stopped += 1;
                    self.policy.moved(&shape, Some(Place::Waiting), None, self.now);
                }
            }
            assert!(started + stopped < 1000, "it never comes to rest");
        }
        (started, stopped)
    }

    fn waiting(&self, of: usize) -> usize {
        self.policy.count(&shape(of), Place::Waiting)
    }
}

#[test]
fn nothing_is_started_for_languages_that_nobody_uses() {
    assert_eq!(World::new(0, 16, 30).settle(QUIET), (0, 0));
}

#[test]
fn the_minimum_waits_before_anybody_asks_as_far_as_the_budget_goes() {
    assert_eq!(World::new(1, 16, 7).settle(QUIET), (7, 0));
    assert_eq!(World::new(1, 16, 30).settle(QUIET), (16, 0));
}

#[test]
fn a_sandbox_that_comes_back_has_another_one_beside_it_while_it_is_proven() {
    let mut world = World::new(0, 16, 1);
    assert!(!world.take(0));
    assert_eq!(world.settle(HALF), (0, 0), "beside a compiler that has just begun");
    world.give_back(0);
    assert_eq!(world.settle(HALF), (0, 0), "beside any other program");
    assert_eq!(world.settle(QUIET), (1, 0));
    assert!(world.take(0));
    world.moved(0, Some(Place::Leased), Some(Place::Proving));
    assert!(world.take(0));
    assert_eq!(world.settle(QUIET), (0, 0), "there are two, however often they are used");
}

#[test]
fn what_is_to_spare_has_room_only_beside_what_is_needed() {
    let mut world = World::new(0, 3, 3);
    for of in [0, 1] {
        world.take(of);
        world.give_back(of);
        world.now += Duration::from_secs(1);
    }
    assert_eq!(world.settle(QUIET), (1, 0), "of the one that was used last");
    assert_eq!([0, 1].map(|of| world.waiting(of)), [1, 2]);
    world.take(2);
    assert_eq!(world.settle(FULL), (0, 1));
    assert_eq!([0, 1].map(|of| world.waiting(of)), [1, 1], "what is to spare goes first");
}

#[test]
fn one_that_does_not_come_back_is_replaced_when_a_slot_is_free() {
    let mut world = World::new(0, 16, 1);
    world.take(0);
    world.destroy(0);
    assert_eq!(world.settle(FULL), (0, 0));
    assert_eq!(world.settle(HALF), (1, 0));
    assert!(world.take(0));
}

#[test]
fn as_many_wait_as_were_in_use_at_a_time_once_nothing_runs() {
    let mut world = World::new(0, 16, 1);
    for _ in 0..3 {
        world.take(0);
    }
    for _ in 0..3 {
        world.destroy(0);
    }
    assert_eq!(world.settle(HALF), (1, 0), "the next submission finds one");
    assert_eq!(world.settle(QUIET), (3, 0), "and one more where none comes back");
}

#[test]
fn where_none_comes_back_the_next_is_started_while_all_slots_are_busy() {
    let mut world = World::new(0, 16, 1);
    for _ in 0..4 {
        world.take(0);
        world.destroy(0);
    }
    world.take(0);
    assert_eq!(world.settle(FULL), (1, 0));
    assert!(world.take(0), "the next one does not wait");
}

#[test]
fn after_the_idle_time_all_beyond_the_minimum_end() {
    for min in [0, 1] {
        let mut world = World::new(min, 16, 1);
        world.take(0);
        world.take(0);
        world.give_back(0);
        world.give_back(0);
        world.now += IDLE;
        assert_eq!(world.settle(QUIET).1, 0, "not a moment earlier");
        world.now += Duration::from_millis(1);
        world.settle(QUIET);
        assert_eq!(world.waiting(0), min);
    }
}

#[test]
fn a_peak_is_forgotten_though_the_language_is_used_on() {
    let mut world = World::new(0, 16, 1);
    for _ in 0..4 {
        world.take(0);
    }
    for _ in 0..4 {
        world.destroy(0);
    }
    for _ in 0..9 {
        world.now += IDLE / 3;
        world.take(0);
        world.give_back(0);
    }
    assert_eq!(world.policy.rows[&shape(0)].needed(IDLE, world.now), 1);
}

#[test]
fn what_is_needed_ends_what_waits_for_others_the_oldest_first() {
    let mut world = World::new(0, 3, 4);
    for of in 0..3 {
        world.take(of);
        world.give_back(of);
        world.now += Duration::from_secs(1);
    }
    world.take(3);
    assert_eq!(world.settle(FULL), (0, 1));
    assert_eq!([0, 1, 2].map(|of| world.waiting(of)), [0, 1, 1]);
}

#[test]
fn a_start_that_fails_is_tried_again_later_and_later() {
    let mut world = World::new(1, 16, 1);
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let Some(Action::Start(shape)) = world.policy.next(QUIET, world.now) else { panic!("no start") };
        world.policy.moved(&shape, None, Some(Place::Starting), world.now);
        world.policy.moved(&shape, Some(Place::Starting), None, world.now);
        let failed = world.now;
        while world.policy.next(QUIET, world.now).is_none() {
            world.now += Duration::from_millis(500);
        }
        pauses.push((world.now - failed).as_millis());
    }
    assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 16000, 16000, 16000]);
}

#[derive(Clone, Debug)]
enum Step {
    Take(usize),
    GiveBack(usize),
    Destroy(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let language = 0_usize..8;
    prop_oneof![
        3 => language.clone().prop_map(Step::Take),
        3 => language.clone().prop_map(Step::GiveBack),
        1 => language.prop_map(Step::Destroy),
        1 => (0_u64..90).prop_map(Step::Wait),
    ]
}

proptest! {
    /// Whatever happens: the budget holds but for what is in use, nothing is started beside busy slots that somebody
    /// does not lack, carrying everything out comes to rest, and after a pause only the minimum is left.
    #[test]
    fn the_budget_holds(
        min in 0_usize..2,
        max in 1_usize..12,
        steps in prop::collection::vec((step(), 0_usize..3), 1..120),
    ) {
        let mut world = World::new(min, max, 8);
        for (step, busy) in steps {
            match step {
                Step::Take(of) => drop(world.take(of)),
                Step::GiveBack(of) if world.policy.count(&shape(of), Place::Leased) > 0 => world.give_back(of),
                Step::Destroy(of) if world.policy.count(&shape(of), Place::Leased) > 0 => world.destroy(of),
                Step::Wait(seconds) => world.now += Duration::from_secs(seconds),
                Step::GiveBack(_) | Step::Destroy(_) => {}
            }
            let before: Vec<usize> = (0..8).map(|of| world.waiting(of)).collect();
            world.settle(Load { busy, slots: 2 });
            let leased: usize = (0..8).map(|of| world.policy.count(&shape(of), Place::Leased)).sum();
            prop_assert!(world.policy.total() <= max.max(leased), "{} of {max}", world.policy.total());
            if busy > 0 {
                for (of, before) in before.into_iter().enumerate() {
                    prop_assert!(world.waiting(of) <= before.max(1), "started beside programs");
                }
            }
            prop_assert_eq!(world.policy.next(Load { busy, slots: 2 }, world.now), None);
        }
        for of in 0..8 {
            while world.policy.count(&shape(of), Place::Leased) > 0 {
                world.give_back(of);
            }
        }
        world.now += IDLE * 3;
        world.settle(QUIET);
        prop_assert_eq!(world.policy.total(), (min * 8).min(max));
    }

    /// One language after the other, each used again and again by one slot whose sandbox comes back: nobody but the
    /// first ever waits for a start.
    #[test]
    fn a_language_that_is_used_on_misses_once(languages in 1_usize..8, rounds in 1_usize..20) {
        let mut world = World::new(0, 8, languages);
        let mut misses = 0;
        for _ in 0..rounds {
            for of in 0..languages {
                misses += usize::from(!world.take(of));
                world.settle(HALF);
                world.give_back(of);
                world.settle(QUIET);
                world.now += Duration::from_millis(100);
            }
        }
        prop_assert_eq!(misses, languages);
    }
}
