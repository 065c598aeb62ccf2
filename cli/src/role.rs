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

impl Role {
    /// What a process of the role is called by those who look at traces.
    #[must_use]
    pub const fn service(self) -> &'static str {
        match self {
            Self::Up => "gavel",
            Self::Api => "gavel-api",
            Self::Worker => "gavel-worker",
        }
    }
}
