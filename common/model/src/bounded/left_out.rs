//! Tests and groups that a result has no room for: they are counted.

use gavel_problem::Verdict;

use super::json::{length, text_length};
use super::texts::texts_length;
use crate::result::{JudgeResult, LeftOut};

/// What groups may take of the room, and what tests may take of what they leave: the rest is for texts.
const GROUPS: usize = 8;
const TESTS: (usize, usize) = (7, 8);
/// The comma after an entry.
const COMMA: usize = 1;
/// The most that a count of what is left out takes: ten verdicts, twelve numbers, their names.
const COUNTED: usize = 512;

/// How many bytes a result takes without tests, groups and the compiler's text, and with the counts of what is left out.
pub(super) fn length_of_the_whole(result: &JudgeResult) -> usize {
    let output = result.compile.as_ref().map_or(0, |compile| text_length(&compile.output));
    let entries = length(&result.tests) + length(&result.groups);
    (length(result) + COUNTED).saturating_sub(entries + output)
}

/// Leaves out tests and groups so that without their texts those that stay fit into `room`; tells what they take.
pub(super) fn leave_out(result: &mut JudgeResult, room: usize) -> usize {
    let mut left_out = result.left_out.take().unwrap_or_default();
    let groups = Kept::of(&result.groups, room / GROUPS, |group| {
        (length(group) + COMMA, group.verdict != Some(Verdict::Ac))
    });
    let tests = Kept::of(&result.tests, (room - groups.taken) / TESTS.1 * TESTS.0, |test| {
        (length(test) - texts_length(test) + COMMA, test.verdict != Verdict::Ac)
    });
    left_out.groups += groups.sift(&mut result.groups, |_| ());
    left_out.tests +=
        tests.sift(&mut result.tests, |test| *left_out.verdicts.entry(test.verdict).or_default() += 1);
    result.left_out = (left_out != LeftOut::default()).then_some(left_out);
    groups.taken + tests.taken
}

/// Which entries stay.
struct Kept {
    stays: Vec<bool>,
    taken: usize,
}

impl Kept {
    /// As many as fit into `room`, those that failed before the others. `entry` tells what one takes and whether it failed.
    fn of<T>(entries: &[T], room: usize, entry: impl Fn(&T) -> (usize, bool)) -> Self {
        let all: Vec<(usize, bool)> = entries.iter().map(entry).collect();
        let mut kept = Self { stays: vec![false; all.len()], taken: 0 };
        'full: for failed in [true, false] {
            for ((length, _), stays) in all.iter().zip(&mut kept.stays).filter(|((_, is), _)| *is == failed) {
                if kept.taken + length > room {
                    break 'full;
                }
                kept.taken += length;
                *stays = true;
            }
        }
        kept
    }

    /// Takes away what does not stay, and tells how many those were.
    fn sift<T>(&self, entries: &mut Vec<T>, mut gone: impl FnMut(&T)) -> u64 {
        let before = entries.len();
        let mut stays = self.stays.iter();
        entries.retain(|entry| {
            let stays = stays.next().is_some_and(|stays| *stays);
            if !stays {
                gone(entry);
            }
            stays
        });
        (before - entries.len()) as u64
    }
}
