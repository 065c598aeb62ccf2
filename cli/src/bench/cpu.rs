//! Where CPU time went, by part.

use gavel_model::JudgeResult;

use super::own::Own;

/// CPU time spent so far, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// By this machine, in everything.
    pub machine: f64,
    /// By all containers of the Docker Engine; nothing where its control group cannot be read.
    pub containers: Option<f64>,
    /// By the engine's processes and what they have started and waited for.
    pub engine: f64,
    /// By the Gavel that is measured.
    pub gavel: f64,
    /// Of that, by the threads of its store.
    pub store: f64,
    /// By Postgres.
    pub postgres: f64,
    /// By RabbitMQ.
    pub broker: f64,
}

/// Of one second, what the kernel's tables count.
const TICKS: f64 = 100.0;
/// The control group of all containers, in both hierarchies, with Docker's own driver.
const CONTAINERS_V1: &str = "/sys/fs/cgroup/cpuacct/docker/cpuacct.usage";
const CONTAINERS_V2: &str = "/sys/fs/cgroup/docker/cpu.stat";

impl Spent {
    /// What was spent until now.
    pub fn now(gavel: &Own) -> Self {
        Self {
            machine: machine().unwrap_or_default(),
            containers: containers(),
            engine: entries("/proc", &["dockerd", "containerd"], true),
            gavel: gavel.pid().and_then(|pid| spent(&format!("/proc/{pid}"), false)).unwrap_or_default(),
            store: gavel
                .pid()
                .map_or(0.0, |pid| entries(&format!("/proc/{pid}/task"), &["sqlx-sqlite"], false)),
            // With its children: a connection is a process, and may have ended.
            postgres: entries("/proc", &["postgres"], true),
            broker: entries("/proc", &["beam.smp"], false),
        }
    }

    /// What was spent since.
    pub fn since(self, before: Self) -> Self {
        Self {
            machine: self.machine - before.machine,
            containers: self.containers.zip(before.containers).map(|(now, then)| now - then),
            engine: (self.engine - before.engine).max(0.0),
            gavel: self.gavel - before.gavel,
            store: (self.store - before.store).max(0.0),
            postgres: (self.postgres - before.postgres).max(0.0),
            broker: (self.broker - before.broker).max(0.0),
        }
    }
}

/// What programs and compilers spent, by their results, in seconds.
pub fn of_programs(results: &[JudgeResult]) -> f64 {
    let compiled = |result: &JudgeResult| {
        result.compile.as_ref().filter(|compile| !compile.cached).map_or(0.0, |compile| compile.cpu_ms)
    };
    let ran = |result: &JudgeResult| result.tests.iter().map(|test| test.cpu_ms).sum::<f64>();
    results.iter().map(|result| compiled(result) + ran(result)).sum::<f64>() / 1e3
}

/// user, nice, system, irq and softirq of the first line of `/proc/stat`.
fn machine() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let fields: Vec<f64> =
        stat.lines().next()?.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    Some([0, 1, 2, 5, 6].iter().filter_map(|index| fields.get(*index)).sum::<f64>() / TICKS)
}

fn containers() -> Option<f64> {
    if let Ok(nanoseconds) = std::fs::read_to_string(CONTAINERS_V1) {
        return Some(nanoseconds.trim().parse::<f64>().ok()? / 1e9);
    }
    let stat = std::fs::read_to_string(CONTAINERS_V2).ok()?;
    let usage = stat.lines().find_map(|line| line.strip_prefix("usage_usec "))?;
    Some(usage.trim().parse::<f64>().ok()? / 1e6)
}

/// What the processes or threads in a folder spent whose names begin so.
fn entries(folder: &str, names: &[&str], children: bool) -> f64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0.0 };
    let called = |id: &String| {
        let name = std::fs::read_to_string(format!("{folder}/{id}/comm")).unwrap_or_default();
        names.iter().any(|begin| name.starts_with(begin))
    };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    ids.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        .filter(called)
        .filter_map(|id| spent(&format!("{folder}/{id}"), children))
        .sum()
}

/// User and system time of a process or thread (`proc_pid_stat(5)`), with that of the children it waited for if asked.
fn spent(folder: &str, children: bool) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("{folder}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields = rest.split_whitespace().skip(11).take(if children { 4 } else { 2 });
    Some(fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS)
}
