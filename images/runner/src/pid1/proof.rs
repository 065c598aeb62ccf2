//! The proof that nothing of what ran in a sandbox is left in it.
//!
//! Some of it goes by itself a moment after the last process: descriptors that were sent over sockets and never
//! received, and what only they referred to. So a trace is looked for again and again until a deadline.

use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use super::memory::Memory;
use super::meter::Meter;
use super::numbers::Numbers;
use super::places::Places;
use super::sys;

/// How long a trace may take to go between two tests, nanoseconds.
const WITHIN_NS: u64 = 50_000_000;
/// The same between two submissions, where a new sandbox costs more than the wait.
const FULL_WITHIN_NS: u64 = 300_000_000;
/// Between two looks.
const PAUSE: Duration = Duration::from_micros(300);
/// What the control group may hold more than at the beginning: pages that cores keep at hand, and the runner's own.
const SPARE_MEMORY: u64 = 4 * 1024 * 1024;

/// Tables of what outlives processes, a line each: sockets of the network namespace, and System V IPC.
const TABLES: [(&str, &str); 4] = [
    ("/proc/net/unix", "a socket"),
    ("/proc/sysvipc/shm", "a shared memory segment"),
    ("/proc/sysvipc/sem", "a semaphore set"),
    ("/proc/sysvipc/msg", "a message queue"),
];

/// What a blank sandbox is compared with.
pub struct Proof {
    /// Lines of each table; `None` when it cannot be read: then nothing is ever proven.
    lines: [Option<usize>; TABLES.len()],
    memory: Memory,
    numbers: Numbers,
}

impl Proof {
    /// Takes note of a sandbox in which nothing ran yet.
    pub fn begin(meter: &Meter, places: &Places) -> io::Result<Self> {
        Ok(Self {
            lines: TABLES.map(|(path, _)| lines(path, usize::MAX).ok()),
            memory: Memory::begin(meter, SPARE_MEMORY, sys::monotonic_ns()),
            numbers: Numbers::begin(places)?,
        })
    }

    /// Proves that nothing is left of what ran between two tests. The places were wiped, and every process was reaped.
    pub fn between_tests(&self, places: &Places) -> io::Result<()> {
        until(WITHIN_NS, || self.trace(places))
    }

    /// [`Proof::between_tests`], and that no memory is held that was not held at the beginning. What counts on is brought
    /// to where it is after every submission.
    pub fn between_submissions(&mut self, places: &Places, meter: &Meter) -> io::Result<()> {
        until(FULL_WITHIN_NS, || {
            let trace = self.trace(places)?;
            let held = self.memory.counted(meter).unwrap_or(0);
            Ok(trace.or_else(|| (held > SPARE_MEMORY).then(|| format!("{held} bytes of memory"))))
        })?;
        self.numbers.use_up(places)
    }

    /// The first thing that was not there at the beginning.
    fn trace(&self, places: &Places) -> io::Result<Option<String>> {
        for ((path, what), before) in TABLES.iter().zip(&self.lines) {
            let before = before.ok_or_else(|| io::Error::other(format!("{path} cannot be read")))?;
            if lines(path, before)? > before {
                return Ok(Some((*what).to_owned()));
            }
        }
        places.trace()
    }
}

/// Looks until there is no trace any more.
fn until(within_ns: u64, mut look: impl FnMut() -> io::Result<Option<String>>) -> io::Result<()> {
    let deadline_ns = sys::monotonic_ns() + within_ns;
    while let Some(trace) = look()? {
        if sys::monotonic_ns() > deadline_ns {
            return Err(io::Error::other(format!("not blank: {trace} is left")));
        }
        sys::collect_sockets()?;
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// Lines of a table, counted up to one more than `most`; none if there is no such table, as where the kernel was built
/// without what it lists.
fn lines(path: &str, most: usize) -> io::Result<usize> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        opened => opened?,
    };
    let (mut count, mut buffer) = (0, [0; 4096]);
    while count <= most {
        match file.read(&mut buffer)? {
            0 => break,
            read => count += buffer.iter().take(read).filter(|byte| **byte == b'\n').count(),
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_that_goes_in_time_is_none() {
        let mut looks = 0;
        let goes = until(u64::MAX / 2, || {
            looks += 1;
            Ok((looks < 4).then(|| "a socket".to_owned()))
        });
        goes.unwrap();
        assert_eq!(looks, 4);
        let error = until(0, || Ok(Some("a socket".to_owned()))).unwrap_err();
        assert_eq!(error.to_string(), "not blank: a socket is left");
    }

    #[test]
    fn lines_are_counted_no_further_than_they_matter() {
        let table = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(table.path(), "line\n".repeat(10_000)).unwrap();
        let path = table.path().to_str().unwrap();
        assert_eq!(lines(path, usize::MAX).unwrap(), 10_000);
        assert!((2..10_000).contains(&lines(path, 1).unwrap()));
        assert_eq!(lines("/proc/no/such/table", 0).unwrap(), 0);
    }
}
