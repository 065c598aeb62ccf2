//! What a sandbox looks like from inside and from outside.
