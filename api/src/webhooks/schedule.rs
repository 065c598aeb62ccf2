//! When a call that was not taken is made again.

use std::time::Duration;

/// How many times longer each wait is than the one before.
const GROWTH: u32 = 4;

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How long after so many tries of a call of this age the next one is made, or none when it is given up.
pub(super) fn wait(
    attempts: u32,
    age: Duration,
    first: Duration,
    give_up_after: Duration,
) -> Option<Duration> {
    let wait = first.saturating_mul(GROWTH.saturating_pow(attempts.saturating_sub(1))).min(LONGEST);
    // Many that failed together do not come back together.
    let wait = wait.mul_f64(1.0 + rand::random::<f64>() / 4.0);
    (age.saturating_add(wait) <= give_up_after).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_an_hour_and_end_after_a_day() {
        let (second, day) = (Duration::from_secs(5), Duration::from_secs(24 * 60 * 60));
        let mut waits: Vec<u64> = Vec::new();
        for attempts in 1.. {
            let age = Duration::from_secs(waits.iter().sum());
            let Some(wait) = wait(attempts, age, second, day) else { break };
            waits.push(wait.as_secs());
        }
        assert!((5..=6).contains(&waits[0]) && (20..=25).contains(&waits[1]), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= 4_500) && waits[9] >= 3_600, "{waits:?}");
        assert!((23..=28).contains(&waits.len()), "{} tries in a day", waits.len());
    }
}
