//! Files to the worker.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use gavel_runner::{CHUNK, Event, MAX_DEPTH, Root, check_path, encode_chunk};

use super::output::Output;
use super::places::Places;
use super::tree;

/// A fetch under way.
pub struct Fetch<'a> {
    /// The request.
    pub nonce: u64,
    /// Most bytes in all.
    pub max_bytes: u64,
    /// Most files.
    pub max_files: u32,
    /// Where the files go.
    pub output: &'a mut Output,
    /// Watched while the worker is slow.
    pub input: &'a File,
}

/// What was sent so far.
#[derive(Default)]
struct Sent {
    files: u32,
    bytes: u64,
}

impl Fetch<'_> {
    /// Sends every regular file under `path`, or that one file, then `Event::Fetched`.
    pub fn run(mut self, places: &Places, root: Root, path: &str) -> io::Result<()> {
        let mut sent = Sent::default();
        let root = places.root(root)?;
        if path.is_empty() {
            let dir = tree::open_dir(root, c".")?;
            self.directory(&dir, "", 0, &mut sent)?;
        } else {
            let (dir, name) = tree::parent(root, path, false)?;
            let shown = path.rsplit('/').next().unwrap_or(path);
            if kind(dir.as_fd(), &name)? == libc::S_IFDIR {
                self.directory(&tree::open_dir(dir.as_fd(), &name)?, "", 0, &mut sent)?;
            } else {
                self.entry(dir.as_fd(), &name, shown, 0, &mut sent)?;
            }
        }
        self.output.event(self.nonce, &Event::Fetched { files: sent.files, bytes: sent.bytes });
        Ok(())
    }

    /// Sends the regular file at `path`, then `Event::Fetched`.
    pub fn run_file(mut self, places: &Places, root: Root, path: &str) -> io::Result<()> {
        let mut sent = Sent::default();
        let (dir, name) = tree::parent(places.root(root)?, path, false)?;
        let shown = path.rsplit('/').next().unwrap_or(path);
        match kind(dir.as_fd(), &name) {
            Ok(libc::S_IFDIR) => return Err(refused(shown, "is a folder")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(refused(shown, "does not exist"));
            }
            kind => drop(kind?),
        }
        self.entry(dir.as_fd(), &name, shown, 0, &mut sent)?;
        self.output.event(self.nonce, &Event::Fetched { files: sent.files, bytes: sent.bytes });
        Ok(())
    }

    fn directory(&mut self, dir: &OwnedFd, prefix: &str, depth: usize, sent: &mut Sent) -> io::Result<()> {
        tree::rewind(dir.as_fd())?;
        loop {
            let names = tree::entries(dir.as_fd())?;
            if names.is_empty() {
                return Ok(());
            }
            for name in names {
                let shown = shown(prefix, &name)?;
                self.entry(dir.as_fd(), &name, &shown, depth, sent)?;
            }
        }
    }

    fn entry(
        &mut self,
        dir: BorrowedFd<'_>,
        name: &CStr,
        shown: &str,
        depth: usize,
        sent: &mut Sent,
    ) -> io::Result<()> {
        match kind(dir, name)? {
            libc::S_IFREG => self.file(dir, name, shown, sent),
            libc::S_IFDIR if depth + 1 < MAX_DEPTH => {
                let inner = tree::open_dir(dir, name)?;
                self.directory(&inner, shown, depth + 1, sent)
            }
            libc::S_IFDIR => Err(refused(shown, "is nested too deep")),
            libc::S_IFLNK => Err(refused(shown, "is a symbolic link")),
            libc::S_IFIFO => Err(refused(shown, "is a FIFO")),
            libc::S_IFSOCK => Err(refused(shown, "is a socket")),
            _ => Err(refused(shown, "is a device")),
        }
    }

    fn file(&mut self, dir: BorrowedFd<'_>, name: &CStr, shown: &str, sent: &mut Sent) -> io::Result<()> {
        check_path(shown).map_err(|error| refused(shown, &error.to_string()))?;
        let file = tree::open(dir, name, libc::O_RDONLY | libc::O_NONBLOCK, 0)?;
        let stat = tree::stat(file.as_fd())?;
        if stat.st_mode & libc::S_IFMT != libc::S_IFREG {
            return Err(refused(shown, "is not a regular file"));
        }
        let size = stat.st_size.unsigned_abs();
        if sent.files >= self.max_files {
            return Err(io::Error::other(format!("more than {} files", self.max_files)));
        }
        if size > self.max_bytes.saturating_sub(sent.bytes) {
            return Err(io::Error::other(format!("more than {} bytes", self.max_bytes)));
        }
        sent.files += 1;
        sent.bytes += size;
        let path = shown.to_owned();
        self.output.event(self.nonce, &Event::File { path, mode: stat.st_mode & 0o777, size });
        self.content(&mut file.into(), size)
    }

    fn content(&mut self, file: &mut File, mut left: u64) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        while left > 0 {
            let want = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let room = buffer.get_mut(..want).unwrap_or_default();
            let count = file.read(room)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= count as u64;
            self.output.data(encode_chunk, self.nonce, room.get(..count).unwrap_or_default());
            self.output.wait_for_room(self.input)?;
        }
        Ok(())
    }
}

fn kind(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<libc::mode_t> {
    Ok(tree::stat_name(dir, name)?.st_mode & libc::S_IFMT)
}

fn shown(prefix: &str, name: &CString) -> io::Result<String> {
    let Ok(name) = name.to_str() else {
        return Err(refused(&name.to_string_lossy(), "is not a UTF-8 name"));
    };
    Ok(if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") })
}

fn refused(path: &str, why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{path:?} {why}"))
}
