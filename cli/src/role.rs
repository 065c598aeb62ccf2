//! Which parts of Gavel a process is.

/// Which parts of Gavel a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// All of them, with the queues inside.
    Up,
    /// The HTTP service.
    Api,
    /// The judge.
    Worker,
}
