//! Where Gavel keeps things, and the broker.

use std::path::{Path, PathBuf};

use gavel_api::store::greet;
use gavel_broker::rabbit;
use gavel_platform::lifecycle::chain;
use rustix::fs::statvfs;

use super::finding::{Finding, State};
use crate::role::Role;
use crate::settings::GavelSettings;

const GIB: u64 = 1 << 30;
/// With less than this, an upload or two fill the disk.
const LEAST_FREE: u64 = GIB / 2;
/// With less than this there is no room to clean up in.
const LITTLE_FREE: u64 = 4 * GIB;

/// The folders of a role.
pub fn folders(settings: &GavelSettings, role: Role) -> Vec<Finding> {
    let mut places = vec![("blobs.dir", settings.blobs.dir.clone())];
    if role != Role::Worker && !settings.store.is_shared() {
        let store = settings.store.path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
        places.push(("store.path", store));
    }
    if role != Role::Api {
        places.push(("worker.cache_dir", settings.worker.cache_dir.clone()));
    }
    let mut findings = Vec::new();
    if role != Role::Api {
        findings.push(known(&settings.worker.known_dir));
    }
    for (setting, folder) in places {
        let writable = writable(setting, &folder);
        // Of a place that is none there is nothing more to say.
        let room = (writable.state == State::Ok).then(|| room(setting, &folder));
        findings.push(writable);
        findings.extend(room);
    }
    findings
}

/// A folder that is not there is no mistake, and then nobody looks whether languages are judged as they should be.
fn known(folder: &Path) -> Finding {
    let remedy =
        "set worker.known_dir to the folder `examples` of this version: a worker that drifts notices then";
    let found = format!("{} {}", folder.display(), if folder.is_dir() { "is there" } else { "is not there" });
    Finding::when(folder.is_dir(), "known answers", found, Finding::warn, remedy)
}

/// The folder itself, or the one it would be made in.
fn existing(folder: &Path) -> &Path {
    let absolute = folder.ancestors().find(|folder| folder.is_dir());
    absolute.unwrap_or_else(|| Path::new("."))
}

/// Tried with a file that is gone at once.
fn writable(setting: &str, folder: &Path) -> Finding {
    let place = existing(folder);
    let tried = tempfile::tempfile_in(place);
    let place = place.canonicalize().unwrap_or_else(|_| place.to_owned());
    let found = match &tried {
        Ok(_) => format!("{} can be written", place.display()),
        Err(error) => format!("{}: {error}", place.display()),
    };
    let remedy = format!("let this user write there, or set {setting} to another place");
    Finding::when(tried.is_ok(), setting, found, Finding::fail, &remedy)
}

fn room(setting: &str, folder: &Path) -> Finding {
    let name = format!("disk of {setting}");
    let disk = match statvfs(existing(folder)) {
        Ok(disk) => disk,
        Err(error) => {
            return Finding::warn(name, error.to_string(), "look at the disk on the machine itself");
        }
    };
    weighed(name, disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_favail, disk.f_files)
}

/// Some file systems have as many inodes as there is room for, and tell 0 of all.
fn weighed(name: String, free: u64, inodes: u64, all_inodes: u64) -> Finding {
    let found = format!("{:.1} GiB free", free as f64 / GIB as f64);
    let remedy =
        "make room, or lower worker.artifact_cache_mb, worker.problem_cache_mb and what backups keep";
    if free < LEAST_FREE {
        Finding::fail(name, found, remedy)
    } else if all_inodes > 0 && inodes < all_inodes / 20 {
        Finding::warn(name, format!("{found}, {inodes} of {all_inodes} inodes"), remedy)
    } else {
        Finding::when(free >= LITTLE_FREE, &name, found, Finding::warn, remedy)
    }
}

/// Connects once, changes nothing.
pub async fn postgres(settings: &GavelSettings) -> Finding {
    match greet(&settings.store).await {
        Ok(server) => Finding::ok("store", server),
        Err(error) => Finding::fail(
            "store",
            chain(&error),
            "start Postgres, and see that store.url has its address, a user and a database that are there",
        ),
    }
}

/// Connects once, declares nothing.
pub async fn broker(settings: &GavelSettings) -> Finding {
    match rabbit::greet(&settings.broker).await {
        Ok(server) => Finding::ok("broker", server),
        Err(error) => Finding::fail(
            "broker",
            chain(&error),
            "start RabbitMQ, and see that broker.url has its address, a user and a vhost that are there",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(100 * GIB, 1000, 1000 => State::Ok; "an empty disk")]
    #[test_case(100 * GIB, 0, 0 => State::Ok; "a disk that counts no inodes")]
    #[test_case(100 * GIB, 10, 1000 => State::Warn; "no more files")]
    #[test_case(GIB, 1000, 1000 => State::Warn; "little")]
    #[test_case(GIB / 4, 1000, 1000 => State::Fail; "next to nothing")]
    fn a_disk_is(free: u64, inodes: u64, all_inodes: u64) -> State {
        weighed("disk".to_owned(), free, inodes, all_inodes).state
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_tried_where_it_would_be_made() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(writable("x", &folder.path().join("a/b")).state, State::Ok);
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(writable("x", Path::new("/proc/none")).state, State::Fail);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing stays");
    }
}
