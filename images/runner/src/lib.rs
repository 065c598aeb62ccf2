//! gavel-runner.
