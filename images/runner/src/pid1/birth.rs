//! What a writable place is like before the first program runs, and how it differs later.

use std::io;
use std::os::fd::BorrowedFd;

use super::tree::{self, Room};

/// A place as it began.
pub struct Birth {
    mode: libc::mode_t,
    owner: (libc::uid_t, libc::gid_t),
    /// Whether it belongs to the user of this process: then programs could change it, and it can be changed back.
    ours: bool,
    /// Access and modification.
    times: [libc::timespec; 2],
    /// Names of extended attributes; ACLs are among them.
    attributes: Vec<u8>,
    flags: libc::c_long,
    room: Room,
}

impl Birth {
    /// Takes note of a place that nothing was put into yet.
    pub fn of(dir: BorrowedFd<'_>) -> io::Result<Self> {
        let stat = tree::stat(dir)?;
        // SAFETY: geteuid always succeeds.
        let uid = unsafe { libc::geteuid() };
        Ok(Self {
            mode: stat.st_mode & 0o7777,
            owner: (stat.st_uid, stat.st_gid),
            ours: stat.st_uid == uid,
            times: [
                libc::timespec { tv_sec: stat.st_atime, tv_nsec: stat.st_atime_nsec },
                libc::timespec { tv_sec: stat.st_mtime, tv_nsec: stat.st_mtime_nsec },
            ],
            attributes: tree::attributes(dir)?,
            flags: tree::flags(dir)?,
            room: tree::room(dir)?,
        })
    }

    /// Gives a place its permissions back, without which it could not be emptied.
    pub fn restore_mode(&self, dir: BorrowedFd<'_>) -> io::Result<()> {
        if self.ours { tree::chmod_open(dir, self.mode) } else { Ok(()) }
    }

    /// Gives a place its times back.
    pub fn restore_times(&self, dir: BorrowedFd<'_>) -> io::Result<()> {
        if self.ours { tree::set_times(dir, self.times) } else { Ok(()) }
    }

    /// What is not as it began, in a word; nothing when all is. The times are not looked at: emptying changes them.
    pub fn difference(&self, dir: BorrowedFd<'_>) -> io::Result<Option<&'static str>> {
        let stat = tree::stat(dir)?;
        if (stat.st_mode & 0o7777, (stat.st_uid, stat.st_gid)) != (self.mode, self.owner) {
            return Ok(Some("permissions"));
        }
        if tree::attributes(dir)? != self.attributes {
            return Ok(Some("attributes"));
        }
        if tree::flags(dir)? != self.flags {
            return Ok(Some("flags"));
        }
        tree::rewind(dir)?;
        if !tree::entries(dir)?.is_empty() {
            return Ok(Some("names"));
        }
        let room = tree::room(dir)?;
        if room.blocks != self.room.blocks {
            return Ok(Some("space"));
        }
        Ok((room.inodes != self.room.inodes).then_some("inodes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    fn place() -> (tempfile::TempDir, std::fs::File) {
        let dir = tempfile::tempdir().unwrap();
        let open = std::fs::File::open(dir.path()).unwrap();
        (dir, open)
    }

    #[test]
    fn a_name_and_a_mode_are_differences_until_they_are_gone() {
        let (dir, open) = place();
        let birth = Birth::of(open.as_fd()).unwrap();
        // Other processes use this file system, so its room is not asked for here.
        let difference =
            || birth.difference(open.as_fd()).unwrap().filter(|what| !["space", "inodes"].contains(what));
        std::fs::write(dir.path().join(".hidden"), "").unwrap();
        assert_eq!(difference(), Some("names"));
        std::fs::remove_file(dir.path().join(".hidden")).unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
        assert_eq!(difference(), Some("permissions"));
        birth.restore_mode(open.as_fd()).unwrap();
        assert_eq!(difference(), None);
    }

    #[test]
    fn times_come_back_to_the_nanosecond() {
        let (dir, open) = place();
        let birth = Birth::of(open.as_fd()).unwrap();
        let times = || {
            let now = std::fs::metadata(dir.path()).unwrap();
            (now.atime(), now.atime_nsec(), now.mtime(), now.mtime_nsec())
        };
        let before = times();
        tree::set_times(open.as_fd(), [libc::timespec { tv_sec: 1, tv_nsec: 2 }; 2]).unwrap();
        assert_eq!(times(), (1, 2, 1, 2));
        birth.restore_times(open.as_fd()).unwrap();
        assert_eq!(times(), before);
    }
}
