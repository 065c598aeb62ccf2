//! How a store is connected.

/// What a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// One file.
    Sqlite,
    /// A server, which several processes may share.
    Postgres,
}

impl StoreKind {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The connections that a process has to its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreConnections {
    /// What the store is.
    pub kind: StoreKind,
    /// How many are in use.
    pub busy: u32,
    /// How many wait to be.
    pub idle: u32,
}
