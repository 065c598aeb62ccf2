//! Where a submission is worked on.

use crate::pool::Sandboxes;

/// What a submission has of the machine.
#[derive(Clone, Copy)]
pub struct Workplace<'a> {
    /// Where its sandboxes come from and go to.
    pub sandboxes: &'a Sandboxes,
    /// The cores of its slot.
    pub cores: &'a [u32],
}
