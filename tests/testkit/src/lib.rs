//! What the tests of several crates need. Every part panics with what is wrong: a test has nobody else to tell.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod announced;
mod cores;
mod dockerd;
mod engine;
mod images;
mod papers;
mod postgres;
mod proxy;
mod rabbit;
mod receiver;
mod server;
pub mod sse;
mod talk;
mod values;
mod wait;

pub use announced::announced;
pub use cores::{keep_to_own_core, on_core};
pub use dockerd::DockerEngine;
pub use engine::{Change, EngineProxy};
pub use images::image_tag;
pub use papers::Papers;
pub use postgres::PostgresDatabase;
pub use proxy::Proxy;
pub use rabbit::Rabbit;
pub use receiver::{Does, Received, Receiver};
pub use server::{PostgresServer, RabbitServer, Server, free_port};
pub use talk::{Heard, Talk};
pub use values::{compile_report, heartbeat, outcome, result, submission, test_report};
pub use wait::{PATIENCE, eventually, until, within};
