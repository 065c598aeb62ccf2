//! What is measured of traces.

crate::metrics! {
    /// What is measured of traces.
    pub struct TraceMetrics {
        counter trace_spans(outcome: SpanOutcome) = "gavel_trace_spans_total", "Spans that were to be exported";
    }
}

impl TraceMetrics {
    /// Shows every outcome at 0: Prometheus sees growth only from a value that it has seen.
    pub fn begin(&self) {
        for outcome in [SpanOutcome::Exported, SpanOutcome::Failed, SpanOutcome::Dropped] {
            let _shown = self.trace_spans(outcome);
        }
    }
}

/// What became of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanOutcome {
    /// The collector has it.
    Exported,
    /// The collector did not take it.
    Failed,
    /// There was no room for it: the collector is slow, or away.
    Dropped,
}

impl SpanOutcome {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exported => "exported",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}
