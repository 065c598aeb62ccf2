//! gavel-tests.
