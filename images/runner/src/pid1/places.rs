//! The writable places of a sandbox.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use gavel_runner::Root;

use super::birth::Birth;
use super::{sys, tree, wipe};

/// How long one reset may take in all, nanoseconds.
const WIPE_DEADLINE_NS: u64 = 10_000_000_000;

/// One of them, held open from the start so that no name is looked up again.
struct Place {
    path: &'static CStr,
    dir: OwnedFd,
    birth: Birth,
}

/// All of them.
pub struct Places {
    places: Vec<Place>,
}

const WORK: &CStr = c"/app/work";
const TMP: &CStr = c"/tmp";

impl Places {
    /// Opens those that exist. One that is not a mount of its own is left out: wiping it could reach further than
    /// the sandbox.
    pub fn open() -> io::Result<Self> {
        let system = tree::stat(tree::open_absolute(c"/")?.as_fd())?.st_dev;
        let mut places = Vec::new();
        for path in [WORK, TMP, c"/dev/shm", c"/dev/mqueue"] {
            let Ok(dir) = tree::open_absolute(path) else { continue };
            let dir = sys::dup_private(dir.as_fd())?;
            if tree::stat(dir.as_fd())?.st_dev != system {
                let birth = Birth::of(dir.as_fd())?;
                places.push(Place { path, dir, birth });
            }
        }
        Ok(Self { places })
    }

    /// The directory of a root.
    pub fn root(&self, root: Root) -> io::Result<BorrowedFd<'_>> {
        let path = match root {
            Root::Work => WORK,
            Root::Tmp => TMP,
        };
        self.places.iter().find(|place| place.path == path).map(|place| place.dir.as_fd()).ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotFound, format!("{} is not a mount", path.to_string_lossy()))
        })
    }

    /// Empties all of them and gives them back the permissions they began with.
    pub fn wipe(&self) -> io::Result<()> {
        let deadline_ns = sys::monotonic_ns() + WIPE_DEADLINE_NS;
        for place in &self.places {
            place.birth.restore_mode(place.dir.as_fd())?;
            wipe::wipe(place.dir.as_fd(), deadline_ns).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", place.path.to_string_lossy()))
            })?;
        }
        Ok(())
    }

    /// The first thing in places that were wiped that was not there when they were opened.
    pub fn trace(&self) -> io::Result<Option<String>> {
        for place in &self.places {
            if let Some(what) = place.birth.difference(place.dir.as_fd())? {
                return Ok(Some(format!("{what} of {}", place.path.to_string_lossy())));
            }
        }
        Ok(None)
    }

    /// Gives all of them the times they began with.
    pub fn restore_times(&self) -> io::Result<()> {
        self.places.iter().try_for_each(|place| place.birth.restore_times(place.dir.as_fd()))
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.places.len()
    }

    /// One of them, by its index below [`Places::count`].
    pub fn dir(&self, place: usize) -> BorrowedFd<'_> {
        self.places[place].dir.as_fd()
    }

    /// Whether programs and their files are put there.
    pub fn is_a_root(&self, place: usize) -> bool {
        [WORK, TMP].contains(&self.places[place].path)
    }

    /// Its path.
    pub fn name(&self, place: usize) -> std::borrow::Cow<'static, str> {
        self.places[place].path.to_string_lossy()
    }

    /// Makes `/tmp/out`, where compilers leave what is fetched.
    pub fn make_out(&self) -> io::Result<()> {
        match tree::make_dir(self.root(Root::Tmp)?, c"out") {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }
}
