//! `GET /api/v1/run/live`: a program in a talk with its client.

mod connect;
mod door;
mod words;

pub use connect::*;
