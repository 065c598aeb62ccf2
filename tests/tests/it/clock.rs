//! A wall clock of a process's own, which jumps when told to: libfaketime, before the machine's. What is measured between two points
//! in time goes by another clock, as ever.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

pub struct Clock {
    file: PathBuf,
}

impl Clock {
    /// One that goes right, with a file in a folder, and that processes do go by.
    pub fn right(folder: &Path) -> Self {
        let clock = Self { file: folder.join("clock") };
        clock.jump(86_400);
        let date = Command::new("date").arg("+%s").envs(clock.environment()).output().unwrap();
        let told: u64 = String::from_utf8_lossy(&date.stdout).trim().parse().unwrap();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        assert!(told > now + 80_000, "GAVEL_TEST_FAKETIME is no libfaketime: {date:?}");
        clock.jump(0);
        clock
    }

    /// From now on it is ahead of the machine's clock by so many seconds, or behind it.
    pub fn jump(&self, seconds: i64) {
        // Whole at any time: it is read whenever a process asks what time it is.
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{seconds:+}\n")).unwrap();
        std::fs::rename(new, &self.file).unwrap();
    }

    /// What makes a process go by it.
    pub fn environment(&self) -> [(&'static str, OsString); 5] {
        let library = std::env::var_os("GAVEL_TEST_FAKETIME").expect(
            "these tests need libfaketime: set GAVEL_TEST_FAKETIME, or run deploy/test.sh, which fetches it",
        );
        [
            ("LD_PRELOAD", library),
            ("FAKETIME_TIMESTAMP_FILE", self.file.clone().into()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ]
    }
}
