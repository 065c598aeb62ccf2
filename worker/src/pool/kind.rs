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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Memory of the whole container, in MiB.
    pub memory_mb: u64,
    /// Processes and threads.
    pub processes: u64,
}

/// What is different about a sandbox that no warm one can stand in for: it is started for one use.
#[derive(Clone, Debug, Default)]
pub struct CustomShape {
    /// Size of `/app/work`, in MiB.
    pub work_mb: Option<u64>,
    /// The volume of an interactive pair.
    pub pipes: Option<PipesMount>,
}
