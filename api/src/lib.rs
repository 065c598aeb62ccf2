//! gavel-api.
