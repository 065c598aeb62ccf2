//! Which sandboxes there are, and what is asked of one.

use crate::container::{PipesMount, Purpose};
use crate::metrics::ImageLabel;

/// Which warm sandboxes: those of one language's folder and purpose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind {
    /// The folder's name, as in `gavel/<image>-run`.
    pub image: String,
    /// What for.
    pub purpose: Purpose,
}

impl Kind {
    /// The label of metrics, such as `cpp-run`.
    #[must_use]
    pub fn label(&self) -> ImageLabel {
        ImageLabel(format!("{}-{}", self.image, self.purpose.as_str()))
    }
}

/// What a submission needs of a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needs {
    /// Memory of the whole container, in MiB.
    pub memory_mb: u64,
    /// Processes and threads.
    pub processes: u64,
}

/// Sandboxes that can stand in for each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// Image and purpose.
    pub kind: Kind,
    /// The limits of the container.
    pub limits: Needs,
}

/// Larger sizes are rounded up to a multiple of this part of the next power of two, so that a size serves many limits
/// and is at most a quarter above each.
const STEPS: u64 = 8;

impl Shape {
    /// The shape for these needs, where the usual one of the kind is `usual`.
    ///
    /// It follows from the needs alone, so that no figure depends on what a sandbox did before. The runner holds a program
    /// against its memory limit, the container is only the net below: one that is larger than a submission needs serves
    /// it as well, and only those beyond the usual have sizes of their own. The number of processes is the container's
    /// to enforce, and exact.
    #[must_use]
    pub fn new(kind: &Kind, needs: Needs, usual: Needs) -> Self {
        let memory_mb = if needs.memory_mb <= usual.memory_mb {
            usual.memory_mb
        } else {
            let step = (needs.memory_mb.next_power_of_two() / STEPS).max(1);
            needs.memory_mb.next_multiple_of(step)
        };
        Self { kind: kind.clone(), limits: Needs { memory_mb, processes: needs.processes } }
    }
}

/// What is different about a sandbox that no warm one can stand in for: it is started for one use.
#[derive(Clone, Debug, Default)]
pub struct CustomShape {
    /// Size of `/app/work`, in MiB.
    pub work_mb: Option<u64>,
    /// The volume of an interactive pair.
    pub pipes: Option<PipesMount>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const USUAL: Needs = Needs { memory_mb: 384, processes: 64 };

    fn shape(memory_mb: u64, processes: u64) -> Needs {
        let kind = Kind { image: "c".to_owned(), purpose: Purpose::Run };
        Shape::new(&kind, Needs { memory_mb, processes }, USUAL).limits
    }

    #[test]
    fn what_needs_no_more_memory_than_usual_has_the_usual() {
        assert_eq!(shape(144, 64), USUAL);
        assert_eq!(shape(384, 64), USUAL);
        assert_eq!(shape(385, 64).memory_mb, 448);
        assert_eq!(shape(1152, 64).memory_mb, 1280);
        assert_eq!(shape(384, 1).processes, 1);
    }

    proptest! {
        #[test]
        fn a_size_is_never_too_small_and_at_most_a_quarter_too_large(memory_mb in 385_u64..1_000_000) {
            let size = shape(memory_mb, 64).memory_mb;
            prop_assert!(size >= memory_mb && size * 4 <= memory_mb * 5 + 4, "{size}");
            prop_assert_eq!(shape(size, 64).memory_mb, size, "the same for what needs all of it");
        }
    }
}
