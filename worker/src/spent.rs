//! CPU time of the engine's processes and of this one, as the kernel tells it (`proc_pid_stat(5)`).

use std::collections::{HashMap, HashSet};
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::metrics::{CpuPart, WorkerMetrics};

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(5);
/// Of one second, what the kernel's tables count.
const TICKS: f64 = 100.0;
/// The names of the engine's processes, as long as the kernel keeps them.
const SHIM: &str = "containerd-shim";
const DAEMONS: [&str; 2] = ["dockerd", "containerd"];

/// Counts what the engine and this process spend. The engine's part is told only where its processes can be seen: a worker in a
/// container sees none.
pub(crate) async fn count(metrics: WorkerMetrics) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut engine, mut own) = (Meter::default(), 0);
    // Shown at 0: Prometheus sees growth only from a value that it has seen.
    for part in [CpuPart::Programs, CpuPart::Compilers] {
        let _shown = metrics.cpu_seconds(part);
    }
    loop {
        ticks.tick().await;
        // Some hundred small files.
        let Ok(all) = tokio::task::spawn_blocking(processes).await else { return };
        if let Some(spent) = engine.read(&all) {
            metrics.cpu_seconds(CpuPart::Engine).inc_by(spent as f64 / TICKS);
        }
        if let Some(process) = all.iter().find(|process| process.id == std::process::id()) {
            metrics.cpu_seconds(CpuPart::Ours).inc_by(process.own.saturating_sub(own) as f64 / TICKS);
            own = process.own;
        }
    }
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Process {
    id: u32,
    name: String,
    parent: u32,
    /// CPU time of its own, in ticks.
    own: u64,
    /// That of the children that it has waited for.
    children: u64,
    /// Whether its files in `/proc` are root's.
    of_root: bool,
    /// When it began, in ticks: with the id, which process it is.
    began: u64,
}

impl Process {
    fn parse(stat: &str, of_root: bool) -> Option<Self> {
        let (id, rest) = stat.split_once(" (")?;
        // The name may hold anything.
        let (name, rest) = rest.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            id: id.parse().ok()?,
            name: name.to_owned(),
            parent: u32::try_from(number(1)?).ok()?,
            own: number(11)? + number(12)?,
            children: number(13)? + number(14)?,
            of_root,
            began: number(19)?,
        })
    }
}

/// Every process that can be seen, parents before their children as far as ids grow.
fn processes() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let mut ids: Vec<u32> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    ids.sort_unstable();
    // One that has ended meanwhile is no longer there.
    ids.iter()
        .filter_map(|id| {
            let path = format!("/proc/{id}/stat");
            let of_root = std::fs::metadata(&path).ok()?.uid() == 0;
            Process::parse(&std::fs::read_to_string(path).ok()?, of_root)
        })
        .collect()
}

/// What the engine had spent when it was last looked at.
#[derive(Default)]
struct Meter {
    last: Option<HashMap<(u32, u64), u64>>,
}

impl Meter {
    /// Ticks since the last look, nothing at the first; nothing at all where no process of the engine can be seen.
    fn read(&mut self, all: &[Process]) -> Option<u64> {
        let parents: HashSet<u32> = all.iter().map(|process| process.parent).collect();
        let now: HashMap<(u32, u64), u64> = all
            .iter()
            .filter_map(|process| {
                let spent = match process.name.as_str() {
                    // A container's own time is its shim's child's, until that has ended and was waited for. What the shim
                    // waited for before are the tools that made the container.
                    // Names are free to choose, so that a program may be called anything; but it is never root's.
                    _ if !process.of_root => return None,
                    SHIM if !parents.contains(&process.id) => process.own,
                    SHIM => process.own + process.children,
                    name if DAEMONS.contains(&name) => process.own + process.children,
                    _ => return None,
                };
                Some(((process.id, process.began), spent))
            })
            .collect();
        let before = self.last.replace(now);
        let now = self.last.as_ref().filter(|now| !now.is_empty())?;
        let Some(before) = before else { return Some(0) };
        let grown = |(key, spent): (&(u32, u64), &u64)| {
            spent.saturating_sub(before.get(key).copied().unwrap_or_default())
        };
        Some(now.iter().map(grown).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: u32, name: &str, parent: u32, own: u64, children: u64) -> Process {
        Process { id, name: name.to_owned(), parent, own, children, of_root: true, began: 7 }
    }

    #[test]
    fn a_line_of_the_kernel_is_read_whatever_the_process_is_called() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 50 60 7 8 20 0 1 0 9999 1 1";
        let expected = Process { began: 9_999, ..process(42, "a) b (c", 1, 110, 15) };
        assert_eq!(Process::parse(stat, true), Some(expected));
        assert_eq!(Process::parse("42 (x) S 1", true), None);
    }

    #[test]
    fn this_process_is_among_those_that_are_seen() {
        assert!(processes().iter().any(|process| process.id == std::process::id()));
    }

    #[test]
    fn what_a_container_used_is_not_the_engines() {
        assert_eq!(Meter::default().read(&[process(1, "init", 0, 9, 9)]), None, "there is no engine");
        let mut meter = Meter::default();
        let with = |dockerd, shims: &[Process]| {
            let daemon = process(10, "dockerd", 1, dockerd, 0);
            [&[daemon], shims].concat()
        };
        assert_eq!(meter.read(&with(500, &[])), Some(0), "what was before");
        let program = process(21, "program", 20, 9_000, 0);
        let lives = [process(20, SHIM, 1, 3, 4), program];
        assert_eq!(meter.read(&with(510, &lives)), Some(10 + 7), "the tools that made a container");
        assert_eq!(meter.read(&with(510, &lives)), Some(0));
        let ended = [process(20, SHIM, 1, 5, 9_004)];
        assert_eq!(meter.read(&with(511, &ended)), Some(1), "the container has ended");
        assert_eq!(meter.read(&with(512, &[])), Some(1), "its shim too");
        let pretends = Process { of_root: false, ..process(30, "dockerd", 1, 9_000, 0) };
        assert_eq!(meter.read(&with(512, &[pretends])), Some(0), "a program that is called as the engine");
        let other = [process(20, SHIM, 1, 2, 0)];
        assert_eq!(meter.read(&with(512, &[Process { began: 8, ..other[0].clone() }])), Some(2));
    }
}
