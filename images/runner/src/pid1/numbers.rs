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
/// Of either in places that programs seldom use.
const FEW_INODES: u64 = 64;
const FEW_ENTRIES: u64 = 32;
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
    /// How far apart two numbers are that follow each other.
    step: u64,
}

/// All of them.
pub struct Numbers(Vec<Counter>);

impl Of {
    fn stretch(self, places: &Places) -> u64 {
        match self {
            Self::Processes => PROCESSES,
            Self::Entries(place) if places.is_a_root(place) => ENTRIES,
            Self::Inodes(place) if places.is_a_root(place) => INODES,
            Self::Entries(_) => FEW_ENTRIES,
            Self::Inodes(_) => FEW_INODES,
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

    /// Uses up as many, cheaper than [`Of::next`] since it need not tell them.
    fn skip(self, count: u64, places: &Places) -> io::Result<()> {
        (0..count).try_for_each(|_| match self {
            Self::Processes => sys::skip_process_number(),
            Self::Entries(place) => tree::skip_entry(places.dir(place)),
            Self::Inodes(place) => tree::skip_inode(places.dir(place)),
        })
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
                counters.push(Counter { of, begin, step: begin - first });
            }
        }
        Ok(Self(counters))
    }

    /// Brings all of them to the end of this submission's stretch, where the next one's begins.
    pub fn use_up(&mut self, places: &Places) -> io::Result<()> {
        for Counter { of, begin, step } in &mut self.0 {
            let end = *begin + of.stretch(places);
            if !reaches(end, *step, || of.next(places), |count| of.skip(count, places))? {
                let (most, name) = (of.stretch(places), of.name(places));
                return Err(io::Error::other(format!("not blank: more than {most} {name} were made")));
            }
            *begin = end;
        }
        Ok(())
    }
}

/// Counts on to exactly this number; `false` if the count is past it, or was set back. What lies between is skipped, as far as that
/// can be done: where it cannot, one after the other is taken.
fn reaches(
    end: u64,
    step: u64,
    mut next: impl FnMut() -> io::Result<u64>,
    mut skip: impl FnMut(u64) -> io::Result<()>,
) -> io::Result<bool> {
    let mut last = next()?;
    if last < end {
        skip(((end - last) / step).saturating_sub(1))?;
    }
    while last < end {
        let now = next()?;
        if now <= last {
            return Ok(false);
        }
        last = now;
    }
    Ok(last == end)
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
            let next = || Ok(*left.next().unwrap());
            assert_eq!(reaches(10, 1, next, |_| Ok(())).unwrap(), reached, "{numbers:?}");
        }
    }

    #[test]
    fn what_lies_between_is_skipped() {
        let (taken, skipped) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        for (step, skips) in [(1, 254), (2, 126)] {
            taken.set(0);
            skipped.set(0);
            let count = |numbers: u64| taken.set(taken.get() + numbers * step);
            let next = || {
                count(1);
                Ok(taken.get())
            };
            let skip = |numbers| {
                skipped.set(skipped.get() + numbers);
                count(numbers);
                Ok(())
            };
            assert!(reaches(256, step, next, skip).unwrap());
            assert_eq!((taken.get(), skipped.get()), (256, skips));
        }
    }

    #[test]
    fn a_number_that_is_skipped_is_used_up() {
        let [first, next] = [0, 50].map(|count| {
            (0..count).try_for_each(|_| sys::skip_process_number()).unwrap();
            sys::short_thread().unwrap()
        });
        // Other processes take numbers too, or the count has begun anew.
        assert!(next > first + 50 || next < first, "{first}, {next}");
    }
}
