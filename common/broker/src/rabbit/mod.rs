//! `RabbitMQ` 4.x (3.13 works too), the broker of a fleet (docs/MESSAGES.md).

mod backoff;
mod broker;
mod consume;
mod properties;
mod publish;
mod reconnect;
mod session;
mod settle;
mod socket;
pub mod topology;
mod transient;

pub use broker::{RabbitBroker, StartError};
pub use publish::MAX_MESSAGE;
