//! Which core a test's programs run on: a worker gives its slots the cores it may use itself, beginning with the
//! first, so that two workers on one machine would share one core and leave the other idle.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps this thread, and all it starts, to one core: another one than that of the test which nextest runs beside it.
///
/// Nothing happens where nextest does not tell which place of those that run at a time is this test's.
pub fn keep_to_own_core() {
    if let Some(place) = place() {
        keep_to(&[core(place)]);
    }
}

/// Does something that starts a process, which then has one core for itself and its threads: the `number`th.
pub fn on_core<T>(number: usize, start: impl FnOnce() -> T) -> T {
    let before = cores();
    keep_to(&[core(number)]);
    let started = start();
    keep_to(&before);
    started
}

/// The core of a number; there may be fewer cores than numbers.
fn core(number: usize) -> usize {
    let cores = cores();
    cores[number % cores.len()]
}

fn cores() -> Vec<usize> {
    let set = sched_getaffinity(None).unwrap();
    (0..CpuSet::MAX_CPU).filter(|core| set.is_set(*core)).collect()
}

fn keep_to(cores: &[usize]) {
    let mut set = CpuSet::new();
    cores.iter().for_each(|core| set.set(*core));
    sched_setaffinity(None, &set).unwrap();
}

/// 0 for the first of the tests that run at a time, 1 for the second, and so on.
#[expect(clippy::disallowed_methods, reason = "nextest's word")]
fn place() -> Option<usize> {
    std::env::var("NEXTEST_TEST_GLOBAL_SLOT").ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_started_on_a_core_has_that_core_and_the_rest_has_all() {
        let all = cores();
        for number in 0..3 {
            let inside = on_core(number, || std::thread::spawn(cores).join().unwrap());
            assert_eq!(inside, [all[number % all.len()]]);
        }
        assert_eq!(cores(), all);
    }
}
