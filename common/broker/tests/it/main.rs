//! Tests against the real `RabbitMQ` that `GAVEL_TEST_AMQP` names; `deploy/test.sh` starts one.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by panicking")]

mod attempts;
mod dead;
mod faults;
mod flow;
mod live;
mod messages;
mod publishing;
mod rig;
mod transient;
