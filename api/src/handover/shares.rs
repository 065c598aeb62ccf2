//! Who may hand over how many.

use std::collections::HashMap;

/// Shares `room` among owners that wait, so that those who have least with the broker come first and in the end all have the
/// same. Owners are given by name; `turn` says with whom equals begin, and grows from one time to the next.
pub(super) fn shares(
    waiting: &[String],
    handed_over: &HashMap<String, u32>,
    room: u32,
    turn: usize,
) -> Vec<(String, u32)> {
    if waiting.is_empty() {
        return Vec::new();
    }
    let begin = turn % waiting.len();
    let order = waiting[begin..].iter().chain(&waiting[..begin]);
    let mut levels: Vec<_> =
        order.map(|owner| (handed_over.get(owner).copied().unwrap_or_default(), owner, 0_u32)).collect();
    // Stable: equals stay in their order.
    levels.sort_by_key(|(level, ..)| *level);
    let mut left = room;
    while left > 0 {
        // All who are level with the first rise by one, in their order.
        let lowest = levels.iter().map(|(level, _, share)| level + share).min().unwrap_or_default();
        for (level, _, share) in &mut levels {
            if left > 0 && *level + *share == lowest {
                *share += 1;
                left -= 1;
            }
        }
    }
    let given = levels.into_iter().filter(|(.., share)| *share > 0);
    given.map(|(_, owner, share)| (owner.clone(), share)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(&[], &[], 9, 0 => ""; "nobody waits")]
    #[test_case(&["a"], &[], 3, 0 => "a3"; "one has all of it")]
    #[test_case(&["a", "b"], &[], 3, 0 => "a2 b1"; "as even as it goes")]
    #[test_case(&["a", "b"], &[], 3, 1 => "b2 a1"; "the odd one goes around")]
    #[test_case(&["a", "b"], &[("a", 60)], 4, 0 => "b4"; "a flood comes after everybody else")]
    #[test_case(&["a", "b"], &[("a", 2)], 4, 0 => "b3 a1"; "until they are level")]
    #[test_case(&["a", "b", "c"], &[("x", 9)], 2, 2 => "c1 a1"; "whoever does not wait has no say")]
    #[test_case(&["a"], &[], 0, 0 => ""; "no room")]
    fn room_is_shared(waiting: &[&str], handed: &[(&str, u32)], room: u32, turn: usize) -> String {
        let waiting: Vec<_> = waiting.iter().map(ToString::to_string).collect();
        let handed = handed.iter().map(|(owner, count)| ((*owner).to_owned(), *count)).collect();
        let shares = shares(&waiting, &handed, room, turn);
        shares.iter().map(|(owner, share)| format!("{owner}{share}")).collect::<Vec<_>>().join(" ")
    }
}
