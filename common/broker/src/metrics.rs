//! What is measured of the queues.

gavel_platform::metrics! {
    /// What is measured of the queues.
    pub struct BrokerMetrics {
        counter redeliveries() = "gavel_redeliveries_total", "Submissions delivered again";
        counter broker_reconnects() = "gavel_broker_reconnects_total", "Connections to the broker made again";
        counter publish_failures(reason: FailureKind) = "gavel_publish_failures_total", "Messages that could not be published";
    }
}

impl BrokerMetrics {
    /// Shows every failure at 0: Prometheus sees growth only from a value that it has seen.
    pub fn begin(&self) {
        for kind in FailureKind::ALL {
            let _shown = self.publish_failures(kind);
        }
    }
}

/// Why a message could not be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection.
    Unavailable,
    /// The broker did not want it.
    Refused,
    /// No answer in time.
    Timeout,
    /// It cannot be written down.
    Encode,
}

impl FailureKind {
    /// Every one.
    const ALL: [Self; 4] = [Self::Unavailable, Self::Refused, Self::Timeout, Self::Encode];

    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Encode => "encode",
        }
    }
}
