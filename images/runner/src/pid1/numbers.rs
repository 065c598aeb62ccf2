//! Numbers that go on counting whatever is wiped: of processes, of inodes, and of the entries of a directory.
//!
//! A program reads them from its own process number, `stat` and `telldir`, and with them how many of each there were
//! before it. Nobody can set them back. So each submission has a stretch of every one: at the border what is left of it is
//! used up, and the next submission begins at the same number whatever the one before it did. After one that took
//! more than a stretch the sandbox is refused.

use std::io;

use super::places::Places;
use super::{sys, tree};

/// Threads and processes that a submission may make, in all its tests together.
const PROCESSES: u64 = 256;
/// Inodes that it may make in a place.
const INODES: u64 = 256;
/// Names that it may make in the root of a place.
const ENTRIES: u64 = 128;
/// Numbers of a file system that was just made begin low; others are of a count that the whole machine shares, as
/// before Linux 5.9, of which no submission can tell what another one added.
const LOW: u64 = 1 << 16;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Processes,
    /// Entries of the root of the place with this index.
    Entries(usize),
    /// Inodes of that place.
    Inodes(usize),
}

/// One of the numbers, and where this submission's stretch begins.
struct Counter {
    of: Of,
    begin: u64,
}

/// All of them.
pub struct Numbers(Vec<Counter>);

impl Of {
    const fn stretch(self) -> u64 {
        match self {
            Self::Processes => PROCESSES,
            Self::Entries(_) => ENTRIES,
            Self::Inodes(_) => INODES,
        }
    }

    /// Uses one up, and tells which it was.
    fn next(self, places: &Places) -> io::Result<u64> {
        match self {
            Self::Processes => sys::short_thread(),
            Self::Entries(place) => tree::next_entry(places.dir(place)),
            Self::Inodes(place) => tree::next_inode(places.dir(place)),
        }
    }

    fn name(self, places: &Places) -> String {
        match self {
            Self::Processes => "processes".to_owned(),
            Self::Entries(place) => format!("names in {}", places.name(place)),
            Self::Inodes(place) => format!("inodes of {}", places.name(place)),
        }
    }
}

impl Numbers {
    /// Finds out what counts here, before the first program runs.
    pub fn begin(places: &Places) -> io::Result<Self> {
        // Making an entry makes an inode too, so the entries of a place come first.
        let of_places = (0..places.count()).flat_map(|place| [Of::Entries(place), Of::Inodes(place)]);
        let mut counters = Vec::new();
        for of in of_places.chain([Of::Processes]) {
            let (first, begin) = (of.next(places)?, of.next(places)?);
            if begin > first && begin < LOW {
                counters.push(Counter { of, begin });
            }
        }
        Ok(Self(counters))
    }

    /// Brings all of them to the end of this submission's stretch, where the next one's begins.
    pub fn use_up(&mut self, places: &Places) -> io::Result<()> {
        for Counter { of, begin } in &mut self.0 {
            let end = *begin + of.stretch();
            if !reaches(end, || of.next(places))? {
                let (most, name) = (of.stretch(), of.name(places));
                return Err(io::Error::other(format!("not blank: more than {most} {name} were made")));
            }
            *begin = end;
        }
        Ok(())
    }
}

/// Counts on to exactly this number; `false` if the count is past it, or was set back.
fn reaches(end: u64, mut next: impl FnMut() -> io::Result<u64>) -> io::Result<bool> {
    let mut last = 0;
    loop {
        match next()? {
            now if now == end => return Ok(true),
            now if now > end || now <= last => return Ok(false),
            now => last = now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_used_up_to_its_end_and_no_further() {
        for (numbers, reached) in [
            (&[7, 8, 9, 10][..], true),
            (&[10], true),
            // Numbers that went to others.
            (&[7, 9, 10], true),
            (&[11], false),
            (&[9, 11], false),
            // A count that began anew.
            (&[9, 3, 10], false),
        ] {
            let mut left = numbers.iter();
            assert_eq!(reaches(10, || Ok(*left.next().unwrap())).unwrap(), reached, "{numbers:?}");
        }
    }
}
