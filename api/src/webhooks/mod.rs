//! Calls to clients when something of theirs is final.
//!
//! What is owed is in the store, written in the transaction that made it final. Here it is sent, again and again until it is
//! answered or too old.

mod call;
mod connect;
mod deliver;
mod schedule;

pub use connect::Connector;
pub use deliver::Deliverer;
