//! A process of the system with its own ways to the servers, started again whenever it has ended.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use gavel_testkit::{EngineProxy, Proxy, on_core};
use rustix::process::Signal;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::process::{Ended, Gavel};

/// What it speaks to, each through something that can be cut.
pub struct Ways {
    pub broker: Proxy,
    /// API only.
    pub store: Option<Proxy>,
    /// Worker only.
    pub engine: Option<EngineProxy>,
}

pub struct Part {
    pub name: String,
    pub role: &'static str,
    pub ways: Ways,
    pub clock: Clock,
    /// The core that a worker's slot is.
    core: usize,
    folder: PathBuf,
    settings: Vec<(&'static str, String)>,
    process: Mutex<Gavel>,
    starts: AtomicUsize,
    /// Whether somebody has told it to end.
    told: AtomicBool,
}

impl Part {
    pub fn start(
        name: &str,
        role: &'static str,
        core: usize,
        ways: Ways,
        folder: &Path,
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        // The logs of one part are in one folder.
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Clock::right(&folder);
        let process = Mutex::new(launch(&clock, role, core, &folder, &settings));
        let (starts, told) = (AtomicUsize::new(1), AtomicBool::new(false));
        Self { name: name.to_owned(), role, ways, clock, core, folder, settings, process, starts, told }
    }

    pub fn signal(&self, signal: Signal) {
        self.told.store(true, Ordering::Relaxed);
        let mut process = self.process.lock().unwrap();
        if process.ended().is_none() {
            process.signal(signal);
        }
    }

    /// Starts it again whenever it has ended, as every supervisor does.
    pub async fn supervise(&self, end: &CancellationToken) {
        while !end.is_cancelled() {
            self.look();
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn look(&self) {
        let mut process = self.process.lock().unwrap();
        let Some(status) = process.ended() else { return };
        if !self.told.swap(false, Ordering::Relaxed) {
            println!("{} ended by itself: {status}\n{}", self.name, tail(&process.log()));
        }
        *process = launch(&self.clock, self.role, self.core, &self.folder, &self.settings);
        self.starts.fetch_add(1, Ordering::Relaxed);
    }

    /// The memory that it has now, in bytes; none when it has just ended.
    pub fn memory(&self) -> Option<u64> {
        self.process.lock().unwrap().memory()
    }

    pub fn starts(&self) -> usize {
        self.starts.load(Ordering::Relaxed)
    }

    /// Everything that it ever logged.
    pub fn logs(&self) -> String {
        let files = std::fs::read_dir(&self.folder).unwrap().map(|file| file.unwrap().path());
        let logs = files.filter(|path| path.extension().is_some_and(|extension| extension == "log"));
        logs.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// Waits until it has ended, having been told to.
    pub async fn end(self) -> Ended {
        self.signal(Signal::TERM);
        self.process.into_inner().unwrap().end().await
    }
}

fn launch(
    clock: &Clock,
    role: &str,
    core: usize,
    folder: &Path,
    settings: &[(&'static str, String)],
) -> Gavel {
    on_core(core, || Gavel::start_by(clock, &[role], folder, settings))
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}
