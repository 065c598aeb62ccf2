//! Joining two sandboxes for an interactive problem.
