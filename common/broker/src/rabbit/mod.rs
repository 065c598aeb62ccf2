//! `RabbitMQ` 4.x (3.13 works too), the broker of a fleet (docs/MESSAGES.md).

mod backoff;
mod broker;
mod consume;
mod line;
mod link;
mod properties;
mod publish;
mod settle;
mod socket;
pub mod topology;

pub use broker::{RabbitBroker, StartError};
pub use publish::MAX_MESSAGE;
