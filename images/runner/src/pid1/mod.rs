//! PID 1 of a sandbox: one thread, one `ppoll` loop.

mod birth;
mod child;
mod control;
mod feed;
mod fetch;
mod fifo;
mod filter;
mod job;
mod landlock;
mod launch;
mod memory;
mod meter;
mod numbers;
mod output;
mod pair;
mod places;
mod proof;
mod put;
mod reads;
mod rest;
mod server;
mod spool;
mod startup;
mod sys;
mod tree;
mod waiting;
mod wipe;

pub use reads::Reads;
pub use server::{End, serve};
pub use startup::{harden, prepare};
