//! Time in which a job could have run and had no core: other load's doing, so not charged as wall time.
//!
//! The scheduler counts for each thread how long it was ready and did not run (`/proc/[pid]/task/[tid]/schedstat`,
//! second field). Threads of one job wait for each other too, which is their own affair: of a stretch of time no more
//! counts than what the job did not use its cores. The scheduler notes a wait when it ends, perhaps in a later
//! stretch than the one that it took: so what did not match is carried on.
//!
//! A program that waits for its interactor waits for the interactor's core as well. What the interactor waited, which its
//! own runner tells, counts by the same rule.

use std::fs;

/// Between two looks, nanoseconds.
const TICK_NS: u64 = 25_000_000;
/// Not worth a look at every thread: the job had its cores but for this part of the time.
const HARDLY: u64 = 8;

/// No wait is longer than this, nanoseconds: the most that is carried on.
const CARRY_NS: u64 = 250_000_000;

/// How long a job waited for a core.
pub struct Waiting {
    /// In all so far, nanoseconds; `None` when the figures cannot be read.
    pub total_ns: Option<u64>,
    /// When to look next.
    pub next_ns: u64,
    since_ns: u64,
    cpu_us: u64,
    cores: u64,
    /// Cores unused that no wait explains yet, nanoseconds.
    idle_ns: u64,
    /// Waits in which the job's cores were used, nanoseconds.
    delay_ns: u64,
    /// What the peer of an interactive pair has waited that was not looked at yet, nanoseconds.
    peer_ns: u64,
    /// What it has waited in all, nanoseconds.
    peer_total_ns: u64,
    /// Each thread with what it had waited when it was last looked at.
    threads: Vec<(u32, u64)>,
}

impl Waiting {
    /// For a job on so many cores that begins now with this process.
    pub fn begin(process: libc::pid_t, cores: u64, now_ns: u64) -> Self {
        let readable = delay_ns(&format!("/proc/{process}/schedstat")).is_some();
        Self {
            total_ns: readable.then_some(0),
            next_ns: if readable { now_ns + TICK_NS } else { u64::MAX },
            since_ns: now_ns,
            cpu_us: 0,
            cores,
            idle_ns: 0,
            delay_ns: 0,
            peer_ns: 0,
            peer_total_ns: 0,
            threads: Vec::new(),
        }
    }

    /// Takes note of what the peer of an interactive pair has waited in all.
    pub fn peer_waited(&mut self, total_ns: u64) {
        self.peer_ns += total_ns.saturating_sub(self.peer_total_ns);
        self.peer_total_ns = self.peer_total_ns.max(total_ns);
    }

    /// Looks at every thread; `cpu_us` is what the job has used so far.
    pub fn look(&mut self, now_ns: u64, cpu_us: u64) {
        if self.total_ns.is_none() {
            return;
        }
        let passed_ns = now_ns.saturating_sub(self.since_ns);
        let used_ns = cpu_us.saturating_sub(self.cpu_us).saturating_mul(1000) / self.cores.max(1);
        let unused_ns = passed_ns.saturating_sub(used_ns);
        let idle_ns = self.idle_ns + unused_ns;
        (self.since_ns, self.cpu_us, self.next_ns) = (now_ns, cpu_us, now_ns + TICK_NS);
        if unused_ns < passed_ns / HARDLY {
            self.idle_ns = idle_ns.min(CARRY_NS);
            return;
        }
        let threads = threads();
        let waited_ns = longest(&self.threads, &threads);
        self.threads = threads;
        self.settle(idle_ns, waited_ns);
    }

    /// Matches unused cores with waits, the peer's among them, and carries on what does not match.
    fn settle(&mut self, idle_ns: u64, waited_ns: u64) {
        let delay_ns = self.delay_ns + waited_ns + std::mem::take(&mut self.peer_ns);
        let both_ns = idle_ns.min(delay_ns);
        self.idle_ns = (idle_ns - both_ns).min(CARRY_NS);
        self.delay_ns = (delay_ns - both_ns).min(CARRY_NS);
        self.total_ns = self.total_ns.map(|total_ns| total_ns + both_ns);
    }
}

/// The longest that any one thread waited since it was last looked at. Both lists are in the order of their numbers.
fn longest(before: &[(u32, u64)], now: &[(u32, u64)]) -> u64 {
    let earlier = |thread: u32| {
        before
            .binary_search_by_key(&thread, |(id, _)| *id)
            .ok()
            .and_then(|at| before.get(at))
            .map_or(0, |(_, ns)| *ns)
    };
    // A number that is used again begins at nothing.
    now.iter().map(|(id, ns)| ns.checked_sub(earlier(*id)).unwrap_or(*ns)).max().unwrap_or(0)
}

/// Every thread of every process but PID 1, by its number.
fn threads() -> Vec<(u32, u64)> {
    let mut threads: Vec<_> = numbers("/proc")
        .filter(|process| *process != 1)
        .flat_map(|process| numbers(&format!("/proc/{process}/task")).map(move |thread| (process, thread)))
        .filter_map(|(process, thread)| {
            Some((thread, delay_ns(&format!("/proc/{process}/task/{thread}/schedstat"))?))
        })
        .collect();
    threads.sort_unstable();
    threads
}

fn numbers(directory: &str) -> impl Iterator<Item = u32> + use<> {
    let entries = fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn delay_ns(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_of_one_thread_counts_not_their_sum() {
        assert_eq!(longest(&[], &[]), 0);
        assert_eq!(longest(&[(7, 100), (9, 50)], &[(7, 130), (9, 90), (11, 5)]), 40);
        assert_eq!(longest(&[], &[(7, 30), (9, 20)]), 30, "of threads that are new, all of it");
        assert_eq!(longest(&[(7, 100)], &[(7, 30)]), 30, "another thread of the same number");
    }

    #[test]
    fn a_job_that_used_its_cores_did_not_wait() {
        let mut waiting = Waiting::begin(0, 1, 0);
        waiting.total_ns = Some(0);
        waiting.look(1_000_000_000, 990_000);
        assert_eq!(waiting.total_ns, Some(0));
        waiting.peer_waited(500_000_000);
        waiting.look(2_000_000_000, 1_980_000);
        assert_eq!(waiting.total_ns, Some(0), "whatever its peer did meanwhile");
        let mut unknown = Waiting { total_ns: None, ..Waiting::begin(0, 1, 0) };
        unknown.look(1_000_000_000, 0);
        assert_eq!(unknown.total_ns, None);
    }

    #[test]
    fn a_peers_wait_counts_once_and_as_far_as_the_job_did_nothing() {
        let mut waiting = Waiting::begin(0, 1, 0);
        waiting.total_ns = Some(0);
        waiting.peer_waited(300_000_000);
        waiting.peer_waited(200_000_000);
        waiting.settle(1_000_000_000, 0);
        assert_eq!(waiting.total_ns, Some(300_000_000));
        waiting.settle(waiting.idle_ns + 1_000_000_000, 0);
        assert_eq!(waiting.total_ns, Some(300_000_000), "it has not waited since");
        waiting.peer_waited(1_300_000_000);
        waiting.settle(waiting.idle_ns + 200_000_000, 0);
        let idle = CARRY_NS + 200_000_000;
        let why = "what is carried, and what was left of a second";
        assert_eq!(waiting.total_ns, Some(300_000_000 + idle), "{why}");
    }
}
