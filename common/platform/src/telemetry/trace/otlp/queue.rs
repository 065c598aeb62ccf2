//! Spans on their way to the collector: so many and no more.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::dress::dress;
use crate::telemetry::trace::{SpanOutcome, TraceMetrics};

/// How many spans wait at most, a kilobyte or less each; more are dropped, and counted.
const CAPACITY: usize = 4_096;
/// How many are sent together at most.
const BATCH: usize = 512;
/// How long a span waits for others to be sent with.
const GATHER: Duration = Duration::from_secs(1);

/// Where a span goes when it ends: whoever ends it never waits.
pub(super) struct Queue {
    spans: mpsc::Sender<SpanData>,
    metrics: TraceMetrics,
}

impl Queue {
    /// Makes both ends.
    pub(super) fn new(metrics: TraceMetrics) -> (Self, mpsc::Receiver<SpanData>) {
        let (spans, waiting) = mpsc::channel(CAPACITY);
        (Self { spans, metrics }, waiting)
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if self.spans.try_send(span).is_err() {
            self.metrics.trace_spans(SpanOutcome::Dropped).inc();
        }
    }

    /// What waits is sent by [`send`].
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Sends what is queued until `end`, and then what waits still.
pub(super) async fn send(
    exporter: impl SpanExporter,
    mut waiting: mpsc::Receiver<SpanData>,
    metrics: TraceMetrics,
    end: CancellationToken,
) {
    let mut failing = false;
    loop {
        let batch = gather(&mut waiting, &end).await;
        if batch.is_empty() {
            return;
        }
        let count = batch.len() as u64;
        match exporter.export(batch.into_iter().map(dress).collect()).await {
            Ok(()) => {
                metrics.trace_spans(SpanOutcome::Exported).inc_by(count);
                failing = false;
            }
            Err(error) => {
                metrics.trace_spans(SpanOutcome::Failed).inc_by(count);
                // Said once per outage, not once per batch.
                if !failing {
                    tracing::warn!(error = &error as &dyn std::error::Error, "traces cannot be exported");
                }
                failing = true;
            }
        }
    }
}

/// The next spans; none once there is an end to them.
async fn gather(waiting: &mut mpsc::Receiver<SpanData>, end: &CancellationToken) -> Vec<SpanData> {
    let mut batch = Vec::with_capacity(BATCH);
    let more = async {
        waiting.recv_many(&mut batch, BATCH).await;
        // What did not come in time is for the next batch.
        tokio::time::timeout(GATHER, fill(&mut batch, waiting)).await.ok();
    };
    if end.run_until_cancelled(more).await.is_none() {
        waiting.close();
        fill(&mut batch, waiting).await;
    }
    batch
}

/// Until a batch is full, or there is nothing more to come.
async fn fill(batch: &mut Vec<SpanData>, waiting: &mut mpsc::Receiver<SpanData>) {
    while let room @ 1.. = BATCH - batch.len() {
        if waiting.recv_many(batch, room).await == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::Registry;
    use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};
    use opentelemetry_sdk::error::OTelSdkError;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A collector that takes what it is given, or nothing.
    #[derive(Clone, Debug, Default)]
    struct Collector {
        spans: Arc<AtomicUsize>,
        away: bool,
    }

    impl SpanExporter for Collector {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            assert!(batch.len() <= BATCH);
            if self.away {
                return Err(OTelSdkError::InternalFailure("away".to_owned()));
            }
            self.spans.fetch_add(batch.len(), Ordering::Relaxed);
            Ok(())
        }
    }

    /// So many spans that end before anybody sends any, and what became of them: exported, failed, dropped.
    async fn sent(count: usize, collector: Collector) -> [u64; 3] {
        let metrics = TraceMetrics::register(&Registry::default()).unwrap();
        let (queue, waiting) = Queue::new(metrics.clone());
        let provider = SdkTracerProvider::builder().with_span_processor(queue).build();
        let tracer = provider.tracer("test");
        for _ in 0..count {
            tracer.start("span").end();
        }
        let end = CancellationToken::new();
        end.cancel();
        send(collector, waiting, metrics.clone(), end).await;
        let outcomes = [SpanOutcome::Exported, SpanOutcome::Failed, SpanOutcome::Dropped];
        outcomes.map(|outcome| metrics.trace_spans(outcome).get())
    }

    #[tokio::test]
    async fn what_waits_at_the_end_is_sent() {
        let collector = Collector::default();
        assert_eq!(sent(2 * BATCH + 1, collector.clone()).await, [1_025, 0, 0]);
        assert_eq!(collector.spans.load(Ordering::Relaxed), 1_025);
    }

    #[tokio::test]
    async fn spans_that_nobody_takes_fill_no_memory_and_are_counted() {
        let away = Collector { away: true, ..Collector::default() };
        assert_eq!(sent(CAPACITY + 7, away).await, [0, CAPACITY as u64, 7]);
    }
}
