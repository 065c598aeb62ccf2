//! Whether everything in the sandbox sleeps.

use std::fs;

/// A moment in which every thread but the runner slept: each with how often it had been switched off a core. Two
/// equal ones mean that none of them ran in between.
#[derive(PartialEq, Eq)]
pub struct Asleep(Vec<Thread>);

#[derive(PartialEq, Eq)]
struct Thread {
    id: u32,
    switches: u64,
}

/// The moment, if everything sleeps; nothing if a thread runs, waits for a core or the disk, is stopped or dead, or
/// cannot be looked at.
pub fn asleep() -> Option<Asleep> {
    let mut threads = Vec::new();
    for process in numbers("/proc")?.into_iter().filter(|process| *process != 1) {
        let folder = format!("/proc/{process}/task");
        for id in numbers(&folder)? {
            let status = fs::read_to_string(format!("{folder}/{id}/status")).ok()?;
            threads.push(Thread { id, switches: switches(&status)? });
        }
    }
    Some(Asleep(threads))
}

/// The entries of a folder that are numbers, smallest first.
fn numbers(folder: &str) -> Option<Vec<u32>> {
    let entries = fs::read_dir(folder).ok()?;
    let mut numbers: Vec<u32> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    numbers.sort_unstable();
    Some(numbers)
}

/// Of a thread that sleeps, how often it was switched off a core (`proc_pid_status(5)`).
fn switches(status: &str) -> Option<u64> {
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if !field("State:")?.starts_with('S') {
        return None;
    }
    let voluntary = field("voluntary_ctxt_switches:")?.parse::<u64>().ok()?;
    let forced = field("nonvoluntary_ctxt_switches:")?.parse::<u64>().ok()?;
    Some(voluntary + forced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_thread_that_sleeps_has_a_count() {
        let status = |state| {
            format!(
                "Name:\tState: R\nState:\t{state}\nThreads:\t1\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t7\n"
            )
        };
        assert_eq!(switches(&status("S (sleeping)")), Some(157));
        for awake in ["R (running)", "D (disk sleep)", "T (stopped)", "t (tracing stop)", "Z (zombie)"] {
            assert_eq!(switches(&status(awake)), None, "{awake}");
        }
        assert_eq!(switches("State:\tS (sleeping)\n"), None, "no counts");
    }

    #[test]
    fn a_process_that_runs_keeps_everything_awake() {
        // This very thread is looked at, and it runs.
        assert!(asleep().is_none());
    }
}
