//! gavel.
