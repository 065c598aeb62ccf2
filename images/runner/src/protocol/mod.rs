//! The wire protocol, one file per concern.

pub(crate) mod command;
pub(crate) mod event;
pub(crate) mod frame;
pub(crate) mod path;

#[cfg(test)]
mod tests;
