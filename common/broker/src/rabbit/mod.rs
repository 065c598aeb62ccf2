//! `RabbitMQ` 4.x (3.13 works too), the broker of a fleet (docs/MESSAGES.md).

mod address;
mod backoff;
mod broker;
mod consume;
mod dead;
mod greet;
mod live;
mod properties;
mod publish;
mod reconnect;
mod session;
mod settle;
mod socket;
pub mod topology;
mod transient;
mod unbegun;

pub use address::StartError;
pub use broker::RabbitBroker;
pub use greet::{GreetError, greet};
pub use publish::MAX_MESSAGE;
