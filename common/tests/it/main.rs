//! Tests against the real RabbitMQ that `GAVEL_TEST_AMQP` names; `deploy/test.sh` starts one.

mod attempts;
mod faults;
mod flow;
mod messages;
mod proxy;
mod publishing;
mod rig;
