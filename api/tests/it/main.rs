//! The real service on a real port, with a real store and the embedded broker; only workers are scripted.

#![expect(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on panics; bodies are made on the spot"
)]

mod auth;
mod bad_requests;
mod batches;
mod browsers;
mod cancel;
mod collector;
mod cors;
mod crowd;
mod dead;
mod docs;
mod events;
mod faults;
mod handover;
mod hostile;
mod jobe;
mod judge0;
mod keys;
mod kit;
mod live;
mod measured;
mod once;
mod openapi;
mod overload;
mod piston;
mod problem_refusals;
mod problem_submissions;
mod problems;
mod rejudges;
mod run;
mod shared;
mod start;
mod store;
mod submissions;
mod webhooks;
mod workers;
