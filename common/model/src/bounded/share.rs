//! Dealing out room between texts, without a text in hand: only lengths.

/// Deals out `room` between groups of lengths, the more important first, and tells for each group how long one of its
/// texts may be at most.
///
/// A group gets half of what is left, and all that the later ones do not want. Inside a group the short ones are kept
/// whole and the others are cut to the same length.
pub(super) fn levels<const N: usize>(groups: &[Vec<usize>; N], room: usize) -> [usize; N] {
    let wants = groups.each_ref().map(|lengths| lengths.iter().sum::<usize>());
    let mut left = room;
    std::array::from_fn(|number| {
        let later: usize = wants[number + 1..].iter().sum();
        let share = wants[number].min(left.saturating_sub(later).max(left / 2));
        let level = level(&groups[number], share);
        left -= groups[number].iter().map(|length| (*length).min(level)).sum::<usize>();
        level
    })
}

/// The largest length to which all can be cut so that together they take at most `share`.
fn level(lengths: &[usize], share: usize) -> usize {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let mut left = share;
    for (shorter, length) in sorted.iter().enumerate() {
        let others = sorted.len() - shorter;
        if length * others > left {
            return left / others;
        }
        left -= length;
    }
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use test_case::test_case;

    #[test_case(&[], 0, usize::MAX; "nothing to cut")]
    #[test_case(&[5, 5], 10, usize::MAX; "all fit")]
    #[test_case(&[2, 9, 9], 10, 4; "short ones stay whole")]
    #[test_case(&[9, 9, 9], 2, 0; "no room")]
    fn long_ones_are_cut_alike(lengths: &[usize], share: usize, expected: usize) {
        assert_eq!(level(lengths, share), expected);
    }

    #[test]
    fn important_ones_leave_half_unless_nobody_wants_it() {
        assert_eq!(levels(&[vec![100], vec![100]], 100), [50, 50]);
        assert_eq!(levels(&[vec![100], vec![10]], 100), [90, usize::MAX]);
        assert_eq!(levels(&[vec![10], vec![100]], 100), [usize::MAX, 90]);
    }

    proptest! {
        #[test]
        fn room_is_kept_and_used(
            one in vec(0_usize..50, 0..6), two in vec(0_usize..50, 0..6), room in 0_usize..300,
        ) {
            let groups = [one, two];
            let levels = levels(&groups, room);
            let wanted: usize = groups.iter().flatten().sum();
            let taken: usize =
                groups.iter().zip(levels).flat_map(|(group, level)| group.iter().map(move |length| (*length).min(level))).sum();
            prop_assert!(taken <= room);
            prop_assert!(taken == wanted || taken + groups.iter().map(Vec::len).sum::<usize>() > room.min(wanted));
        }
    }
}
