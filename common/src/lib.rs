//! gavel-common.
