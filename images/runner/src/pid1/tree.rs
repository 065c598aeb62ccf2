//! Files and directories relative to an open directory; no call here follows a symbolic link.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::sys::{check, own};

const DIRECTORY: libc::c_int = libc::O_RDONLY | libc::O_DIRECTORY;

/// `openat` with `O_NOFOLLOW | O_CLOEXEC` added.
pub fn open(dir: BorrowedFd<'_>, name: &CStr, flags: libc::c_int, mode: libc::mode_t) -> io::Result<OwnedFd> {
    let flags = flags | libc::O_NOFOLLOW | libc::O_CLOEXEC;
    // SAFETY: `name` is a NUL-terminated string.
    own(unsafe { libc::openat(dir.as_raw_fd(), name.as_ptr(), flags, mode) })
}

/// Opens a directory for reading its entries.
pub fn open_dir(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<OwnedFd> {
    open(dir, name, DIRECTORY, 0)
}

/// Opens a directory by absolute path; its last component must not be a link.
pub fn open_absolute(path: &CStr) -> io::Result<OwnedFd> {
    let flags = DIRECTORY | libc::O_NOFOLLOW | libc::O_CLOEXEC;
    // SAFETY: `path` is a NUL-terminated string.
    own(unsafe { libc::open(path.as_ptr(), flags) })
}

/// Makes a directory.
pub fn make_dir(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
    // SAFETY: `name` is a NUL-terminated string.
    check(unsafe { libc::mkdirat(dir.as_raw_fd(), name.as_ptr(), 0o755) }).map(drop)
}

/// Makes a FIFO with exactly these permissions.
pub fn make_fifo(dir: BorrowedFd<'_>, name: &CStr, mode: libc::mode_t) -> io::Result<()> {
    // SAFETY: `name` is a NUL-terminated string.
    check(unsafe { libc::mkfifoat(dir.as_raw_fd(), name.as_ptr(), mode) })?;
    // The umask took bits away; nothing else runs that could have replaced the name.
    chmod(dir, name, mode)
}

/// Removes a name that is not a directory.
pub fn unlink(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
    // SAFETY: `name` is a NUL-terminated string.
    check(unsafe { libc::unlinkat(dir.as_raw_fd(), name.as_ptr(), 0) }).map(drop)
}

/// Removes an empty directory.
pub fn remove_dir(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
    // SAFETY: `name` is a NUL-terminated string.
    check(unsafe { libc::unlinkat(dir.as_raw_fd(), name.as_ptr(), libc::AT_REMOVEDIR) }).map(drop)
}

/// Moves a name from one directory to another.
pub fn rename(from: BorrowedFd<'_>, name: &CStr, to: BorrowedFd<'_>, new: &CStr) -> io::Result<()> {
    // SAFETY: both names are NUL-terminated strings.
    check(unsafe { libc::renameat(from.as_raw_fd(), name.as_ptr(), to.as_raw_fd(), new.as_ptr()) }).map(drop)
}

/// Changes permissions by name: only for what is known not to be a link while nothing else runs.
pub fn chmod(dir: BorrowedFd<'_>, name: &CStr, mode: libc::mode_t) -> io::Result<()> {
    // SAFETY: `name` is a NUL-terminated string.
    check(unsafe { libc::fchmodat(dir.as_raw_fd(), name.as_ptr(), mode, 0) }).map(drop)
}

/// Changes permissions of what is open.
pub fn chmod_open(fd: BorrowedFd<'_>, mode: libc::mode_t) -> io::Result<()> {
    // SAFETY: fchmod takes numbers only.
    check(unsafe { libc::fchmod(fd.as_raw_fd(), mode) }).map(drop)
}

/// Changes the times of access and modification of what is open.
pub fn set_times(fd: BorrowedFd<'_>, times: [libc::timespec; 2]) -> io::Result<()> {
    // SAFETY: `times` is room for the two that are read.
    check(unsafe { libc::futimens(fd.as_raw_fd(), times.as_ptr()) }).map(drop)
}

/// Names of the extended attributes of what is open, as the kernel lists them; none where there is no such thing.
pub fn attributes(fd: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
    // XATTR_LIST_MAX: a list never is longer.
    let mut names = vec![0; 64 * 1024];
    // SAFETY: `names` is valid for the length given.
    let length = unsafe { libc::flistxattr(fd.as_raw_fd(), names.as_mut_ptr().cast(), names.len()) };
    match usize::try_from(length) {
        Ok(length) => names.truncate(length),
        Err(_) => match io::Error::last_os_error() {
            error if error.raw_os_error() == Some(libc::ENOTSUP) => names.clear(),
            error => return Err(error),
        },
    }
    Ok(names)
}

/// Flags of the inode of what is open (`ioctl_iflags(2)`); none where there is no such thing.
pub fn flags(fd: BorrowedFd<'_>) -> io::Result<libc::c_long> {
    let mut flags: libc::c_long = 0;
    // SAFETY: `flags` is valid to write to, and long enough for what is told of it.
    match check(unsafe { libc::ioctl(fd.as_raw_fd(), libc::FS_IOC_GETFLAGS, &raw mut flags) }) {
        Err(error) if !matches!(error.raw_os_error(), Some(libc::ENOTTY | libc::ENOTSUP)) => Err(error),
        _ => Ok(flags),
    }
}

/// What is free in a file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Blocks.
    pub blocks: u64,
    /// Inodes.
    pub inodes: u64,
}

/// What is free in the file system of what is open.
pub fn room(fd: BorrowedFd<'_>) -> io::Result<Room> {
    // SAFETY: an all-zero statvfs is a valid value to be filled in.
    let mut of: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: `of` is valid to write to.
    check(unsafe { libc::fstatvfs(fd.as_raw_fd(), &raw mut of) })?;
    Ok(Room { blocks: of.f_bfree, inodes: of.f_ffree })
}

/// What is known of an open file.
pub fn stat(fd: BorrowedFd<'_>) -> io::Result<libc::stat> {
    // SAFETY: an all-zero stat is a valid value to be filled in.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` is valid to write to.
    check(unsafe { libc::fstat(fd.as_raw_fd(), &raw mut stat) })?;
    Ok(stat)
}

/// What is known of a name, the link itself if it is one.
pub fn stat_name(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<libc::stat> {
    // SAFETY: an all-zero stat is a valid value to be filled in.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `name` is a NUL-terminated string and `stat` valid to write to.
    check(unsafe {
        libc::fstatat(dir.as_raw_fd(), name.as_ptr(), &raw mut stat, libc::AT_SYMLINK_NOFOLLOW)
    })?;
    Ok(stat)
}

/// The number that the next file of a file system has; making it, without a name, uses the number up. 0 where there are no
/// files without names, as among message queues, whose numbers are the whole machine's.
pub fn next_inode(dir: BorrowedFd<'_>) -> io::Result<u64> {
    match nameless(dir) {
        Err(error) if error.raw_os_error() == Some(libc::EOPNOTSUPP) => Ok(0),
        file => Ok(stat(file?.as_fd())?.st_ino),
    }
}

/// Uses up what [`next_inode`] tells.
pub fn skip_inode(dir: BorrowedFd<'_>) -> io::Result<()> {
    nameless(dir).map(drop)
}

fn nameless(dir: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    open(dir, c".", libc::O_TMPFILE | libc::O_RDWR, 0o600)
}

/// The number by which a directory that is empty remembers where the next name is (`telldir`), which is told with the
/// name before it, `..`. Making the name uses the number up.
pub fn next_entry(dir: BorrowedFd<'_>) -> io::Result<u64> {
    make_file(dir, PROBE)?;
    let offset = second_offset(dir);
    unlink(dir, PROBE)?;
    offset
}

/// Uses up what [`next_entry`] tells.
pub fn skip_entry(dir: BorrowedFd<'_>) -> io::Result<()> {
    make_file(dir, PROBE)?;
    unlink(dir, PROBE)
}

/// A name that is there for a moment.
const PROBE: &CStr = c".probe";

/// Makes an empty file without opening it.
fn make_file(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
    // SAFETY: `name` is a NUL-terminated string.
    check(unsafe { libc::mknodat(dir.as_raw_fd(), name.as_ptr(), libc::S_IFREG | 0o600, 0) }).map(drop)
}

/// `d_off` of the second entry of a directory.
fn second_offset(dir: BorrowedFd<'_>) -> io::Result<u64> {
    rewind(dir)?;
    let mut buffer = [0; 256];
    // SAFETY: `buffer` is valid for the length given.
    let read =
        unsafe { libc::syscall(libc::SYS_getdents64, dir.as_raw_fd(), buffer.as_mut_ptr(), buffer.len()) };
    let read = usize::try_from(read).map_err(|_| io::Error::last_os_error())?;
    let entries = buffer.get(..read).unwrap_or_default();
    offset_of_second(entries).ok_or_else(|| io::Error::other("a directory without .."))
}

/// `d_off` of the second of some `struct linux_dirent64`.
fn offset_of_second(entries: &[u8]) -> Option<u64> {
    let length = u16::from_ne_bytes(entries.get(16..18)?.try_into().ok()?);
    let offset = entries.get(usize::from(length)..)?.get(8..16)?;
    Some(u64::from_ne_bytes(offset.try_into().ok()?))
}

/// Reads the next names of an open directory without `.` and `..`; empty at its end.
pub fn entries(dir: BorrowedFd<'_>) -> io::Result<Vec<CString>> {
    /// Bytes of `struct linux_dirent64` before its name: inode, offset, length, type.
    const NAME: usize = 8 + 8 + 2 + 1;
    let mut buffer = vec![0u8; 16 * 1024];
    loop {
        // SAFETY: `buffer` is valid for the length given.
        let read = unsafe {
            libc::syscall(libc::SYS_getdents64, dir.as_raw_fd(), buffer.as_mut_ptr(), buffer.len())
        };
        let Ok(read) = usize::try_from(read) else { return Err(io::Error::last_os_error()) };
        let mut rest = buffer.get(..read).unwrap_or_default();
        let mut names = Vec::new();
        while let Some(length) = rest.get(16..18).and_then(|bytes| <[u8; 2]>::try_from(bytes).ok()) {
            let length = usize::from(u16::from_ne_bytes(length)).max(NAME);
            let name = rest.get(NAME..length).and_then(|name| CStr::from_bytes_until_nul(name).ok());
            names.extend(name.filter(|name| !matches!(name.to_bytes(), b"." | b"..")).map(CStr::to_owned));
            rest = rest.get(length..).unwrap_or_default();
        }
        if !names.is_empty() || read == 0 {
            return Ok(names);
        }
    }
}

/// Makes the next [`entries`] begin again.
pub fn rewind(dir: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: lseek takes numbers only.
    if unsafe { libc::lseek(dir.as_raw_fd(), 0, libc::SEEK_SET) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Walks to the directory of a checked path's last name; with `create`, makes what is missing on the way.
pub fn parent(root: BorrowedFd<'_>, path: &str, create: bool) -> io::Result<(OwnedFd, CString)> {
    let mut dir = root.try_clone_to_owned()?;
    let mut names = path.split('/').peekable();
    loop {
        let name = CString::new(names.next().unwrap_or_default())?;
        if names.peek().is_none() {
            return Ok((dir, name));
        }
        let next = match open_dir(dir.as_fd(), &name) {
            Err(error) if create && error.kind() == io::ErrorKind::NotFound => {
                make_dir(dir.as_fd(), &name)?;
                open_dir(dir.as_fd(), &name)
            }
            other => other,
        };
        dir = next?;
    }
}
