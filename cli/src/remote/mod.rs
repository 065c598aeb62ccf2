//! Commands that ask a running Gavel over HTTP.

mod dead;
mod drain;
mod fleet;
mod problems;
mod program;
mod rejudge;
mod run;
mod server;
mod submit;
mod top;

pub use dead::dead;
pub use drain::drain;
pub use fleet::{queues, workers};
pub use problems::problems;
pub use program::described;
pub use rejudge::rejudge;
pub use run::run;
pub use server::{connect, ended};
pub use submit::submit;
pub use top::top;
