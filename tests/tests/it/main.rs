//! The system as it is deployed: the real binary in processes of its own, a real RabbitMQ, real containers.
//!
//! `deploy/test.sh` brings up what is needed: RabbitMQ at `GAVEL_TEST_AMQP`, Docker with the images of
//! `images/build.sh`, and `target/debug/gavel`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by panicking")]

mod broker_restart;
mod cancel;
mod clients;
mod clock;
mod collector;
mod commands;
mod compose;
mod crowd;
mod docker;
mod engine;
mod events;
mod examples;
mod fleet;
mod live;
mod packages;
mod private;
mod process;
mod prometheus;
mod promises;
mod rabbit;
mod results;
mod scale;
mod scripts;
mod secrets;
mod skew;
mod soak;
mod startup;
mod up;
