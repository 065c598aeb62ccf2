//! Which parts of Gavel a process is.

/// Which parts of Gavel a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Everything in one process.
    Up,
    /// The HTTP service, over RabbitMQ.
    Api,
    /// A judging process, over RabbitMQ.
    Worker,
}
