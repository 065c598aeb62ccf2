//! Files from the worker, and the copies of those that every reset brings back.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsFd, OwnedFd};

use gavel_runner::Root;

use super::places::Places;
use super::{sys, tree};

/// Most files that are kept; a Java artifact is one per class.
const MAX_KEPT: usize = 4096;

/// One kept file: a range of a memory file.
struct Kept {
    root: Root,
    path: String,
    mode: u32,
    memory: usize,
    offset: u64,
    size: u64,
}

/// The kept files. Their bytes are in memory files that no program can reach (they are closed on exec, and
/// `/proc/1/fd` is closed to all), sealed before the first program runs.
#[derive(Default)]
pub struct Shelf {
    kept: Vec<Kept>,
    memories: Vec<File>,
    open: bool,
}

/// A file being put.
pub struct Put {
    /// The request.
    pub nonce: u64,
    root: Root,
    path: String,
    mode: u32,
    left: u64,
    size: u64,
    /// `None` when it has failed and only its data must be let pass.
    target: Option<Target>,
}

struct Target {
    file: File,
    /// Memory file and offset of the kept copy.
    copy: Option<(usize, u64)>,
}

impl Put {
    /// Makes the file. A failure is returned with the state that swallows the data that will follow.
    pub fn begin(
        nonce: u64,
        (root, path, mode, size, keep): (Root, String, u32, u64, bool),
        places: &Places,
        shelf: &mut Shelf,
    ) -> (Self, io::Result<()>) {
        let target = create(places, root, &path).and_then(|file| {
            let copy = if keep { Some(shelf.begin()?) } else { None };
            Ok(Target { file, copy })
        });
        let mut put = Self { nonce, root, path, mode, left: size, size, target: None };
        match target {
            Ok(target) => {
                put.target = Some(target);
                let done = put.finish_if_complete(shelf);
                (put, done)
            }
            Err(error) => {
                let what = format!("{:?}: {error}", put.path);
                (put, Err(io::Error::new(error.kind(), what)))
            }
        }
    }

    /// State that swallows the data of a file that was refused.
    pub fn refused(nonce: u64, size: u64) -> Self {
        Self { nonce, root: Root::Tmp, path: String::new(), mode: 0, left: size, size, target: None }
    }

    /// Whether all data has come.
    pub fn complete(&self) -> bool {
        self.left == 0
    }

    /// Takes a piece. An error is given once; what follows is swallowed.
    pub fn data(&mut self, bytes: &[u8], shelf: &mut Shelf) -> io::Result<()> {
        let done = self.write(bytes, shelf);
        if done.is_err() {
            self.target = None;
        }
        done
    }

    fn write(&mut self, bytes: &[u8], shelf: &mut Shelf) -> io::Result<()> {
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            self.left = 0;
            return Err(io::Error::other("more data than announced"));
        };
        self.left = left;
        let Some(target) = &mut self.target else { return Ok(()) };
        target.file.write_all(bytes)?;
        if let Some((memory, _)) = target.copy {
            shelf.write(memory, bytes)?;
        }
        self.finish_if_complete(shelf)
    }

    fn finish_if_complete(&mut self, shelf: &mut Shelf) -> io::Result<()> {
        if !self.complete() {
            return Ok(());
        }
        // Closed here: a program whose file is still open for writing cannot be executed.
        let Some(target) = self.target.take() else { return Ok(()) };
        tree::chmod_open(target.file.as_fd(), self.mode & 0o777)?;
        if let Some((memory, offset)) = target.copy {
            let path = std::mem::take(&mut self.path);
            shelf.keep(Kept {
                root: self.root,
                path,
                mode: self.mode & 0o777,
                memory,
                offset,
                size: self.size,
            })?;
        }
        Ok(())
    }
}

/// Makes a new file, in place of whatever has that name.
fn create(places: &Places, root: Root, path: &str) -> io::Result<File> {
    let (dir, name) = tree::parent(places.root(root)?, path, true)?;
    match tree::unlink(dir.as_fd(), &name) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    tree::open(dir.as_fd(), &name, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL, 0o600).map(File::from)
}

impl Shelf {
    /// A place for a new copy: memory file and offset.
    fn begin(&mut self) -> io::Result<(usize, u64)> {
        if self.kept.len() >= MAX_KEPT {
            return Err(io::Error::other("too many kept files"));
        }
        if !self.open {
            let memory: OwnedFd = sys::dup_private(sys::memory_file(c"kept")?.as_fd())?;
            self.memories.push(memory.into());
            self.open = true;
        }
        let memory = self.memories.len() - 1;
        let offset = self.memory(memory)?.stream_position()?;
        Ok((memory, offset))
    }

    fn memory(&mut self, memory: usize) -> io::Result<&mut File> {
        self.memories.get_mut(memory).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn write(&mut self, memory: usize, bytes: &[u8]) -> io::Result<()> {
        self.memory(memory)?.write_all(bytes)
    }

    fn keep(&mut self, file: Kept) -> io::Result<()> {
        self.kept.retain(|kept| (kept.root, &kept.path) != (file.root, &file.path));
        self.kept.push(file);
        Ok(())
    }

    /// Makes all copies unchangeable. A file kept later gets a memory file of its own.
    pub fn seal(&mut self) -> io::Result<()> {
        match self.memories.last() {
            Some(memory) if std::mem::take(&mut self.open) => sys::seal(memory.as_fd()),
            _ => Ok(()),
        }
    }

    /// Writes all kept files again, into places that were wiped.
    pub fn restore(&self, places: &Places) -> io::Result<()> {
        for kept in &self.kept {
            let Some(memory) = self.memories.get(kept.memory) else { continue };
            let file = create(places, kept.root, &kept.path)?;
            let offset = i64::try_from(kept.offset).map_err(io::Error::other)?;
            sys::copy_range(memory.as_fd(), offset, file.as_fd(), kept.size)?;
            tree::chmod_open(file.as_fd(), kept.mode)?;
        }
        Ok(())
    }
}
