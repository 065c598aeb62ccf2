//! Every metric of Gavel: seconds and bytes, label values only from fixed sets (docs/OPERATIONS.md).

use prometheus::{
    Encoder as _, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec,
    Opts, Registry, TextEncoder,
};

/// From 1 ms to about a minute, each twice the one before.
fn seconds() -> Vec<f64> {
    (0..17).map(|power| 0.001 * f64::from(1 << power)).collect()
}

/// Handles to every metric; cloning shares them.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    /// Judged submissions, by `lane`, `language`, `verdict`.
    pub submissions: IntCounterVec,
    /// How long a `stage` (acquire, compile, run, publish) of a submission took, by `language`.
    pub stage_seconds: HistogramVec,
    /// From acceptance to the begin of judging, by `lane`.
    pub queue_wait_seconds: HistogramVec,
    /// Slots by `state` (busy, free).
    pub slots: IntGaugeVec,
    /// Sandboxes by `image` and `state` (idle, leased).
    pub sandboxes: IntGaugeVec,
    /// From create to ready.
    pub sandbox_create_seconds: Histogram,
    /// Sandboxes that could not be started.
    pub sandbox_create_failures: IntCounter,
    /// Sandboxes removed by the sweep: left over by a process that died.
    pub sandboxes_swept: IntCounter,
    /// Artifact cache by `outcome` (hit, miss).
    pub artifact_cache: IntCounterVec,
    /// Problem package cache by `outcome` (hit, fetched, damaged).
    pub problem_cache: IntCounterVec,
    /// Final results that arrived after the first.
    pub results_duplicate: IntCounter,
    /// Submissions delivered for a second or later time.
    pub redeliveries: IntCounter,
    /// Connections to the broker made again.
    pub broker_reconnects: IntCounter,
    /// Messages that could not be published, by `reason`.
    pub publish_failures: IntCounterVec,
    /// Submissions published by the reconciler.
    pub republished: IntCounter,
    /// Age of the oldest unfinished submission, by `lane`.
    pub oldest_queued_seconds: prometheus::GaugeVec,
    /// HTTP answers, by `route` (the pattern, never the path) and `status`.
    pub http_requests: IntCounterVec,
    /// 1 with the labels `version`.
    pub build_info: IntGaugeVec,
    /// Clients that wait for a result now.
    pub waiters: IntGauge,
}

impl Metrics {
    /// Registers every metric in a registry of its own.
    ///
    /// # Errors
    /// When a name is registered twice or malformed, which a unit test excludes.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let r = &registry;
        let metrics = Self {
            submissions: counters(
                r,
                "gavel_submissions_total",
                "Judged submissions",
                &["lane", "language", "verdict"],
            )?,
            stage_seconds: histograms(
                r,
                "gavel_stage_seconds",
                "Time of one stage of a submission",
                &["stage", "language"],
            )?,
            queue_wait_seconds: histograms(
                r,
                "gavel_queue_wait_seconds",
                "From acceptance to the begin of judging",
                &["lane"],
            )?,
            slots: gauges(r, "gavel_slots", "Slots by state", &["state"])?,
            sandboxes: gauges(r, "gavel_sandboxes", "Sandboxes by image and state", &["image", "state"])?,
            sandbox_create_seconds: histogram(r, "gavel_sandbox_create_seconds", "From create to ready")?,
            sandbox_create_failures: counter(
                r,
                "gavel_sandbox_create_failures_total",
                "Sandboxes that could not be started",
            )?,
            sandboxes_swept: counter(r, "gavel_sandboxes_swept_total", "Left-over sandboxes removed")?,
            artifact_cache: counters(
                r,
                "gavel_artifact_cache_total",
                "Artifact cache look-ups",
                &["outcome"],
            )?,
            problem_cache: counters(
                r,
                "gavel_problem_cache_total",
                "Problem package cache look-ups",
                &["outcome"],
            )?,
            results_duplicate: counter(r, "gavel_results_duplicate_total", "Final results after the first")?,
            redeliveries: counter(r, "gavel_redeliveries_total", "Submissions delivered again")?,
            broker_reconnects: counter(
                r,
                "gavel_broker_reconnects_total",
                "Connections to the broker made again",
            )?,
            publish_failures: counters(
                r,
                "gavel_publish_failures_total",
                "Messages that could not be published",
                &["reason"],
            )?,
            republished: counter(r, "gavel_republished_total", "Submissions published by the reconciler")?,
            oldest_queued_seconds: {
                let gauge = prometheus::GaugeVec::new(
                    Opts::new("gavel_oldest_queued_seconds", "Age of the oldest unfinished submission"),
                    &["lane"],
                )?;
                r.register(Box::new(gauge.clone()))?;
                gauge
            },
            http_requests: counters(r, "gavel_http_requests_total", "HTTP answers", &["route", "status"])?,
            build_info: gauges(r, "gavel_build_info", "Always 1", &["version"])?,
            waiters: {
                let gauge = IntGauge::new("gavel_waiters", "Clients that wait for a result")?;
                r.register(Box::new(gauge.clone()))?;
                gauge
            },
            registry,
        };
        metrics.build_info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        Ok(metrics)
    }

    /// The exposition text of Prometheus, format 0.0.4.
    ///
    /// # Errors
    /// When a metric cannot be encoded.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        let mut buffer = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut buffer)?;
        Ok(String::from_utf8_lossy(&buffer).into_owned())
    }

    /// The names of everything registered and used so far.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.registry.gather().iter().map(|family| family.name().to_owned()).collect()
    }
}

fn counter(registry: &Registry, name: &str, help: &str) -> Result<IntCounter, prometheus::Error> {
    let metric = IntCounter::new(name, help)?;
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

fn counters(
    r: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntCounterVec, prometheus::Error> {
    let metric = IntCounterVec::new(Opts::new(name, help), labels)?;
    r.register(Box::new(metric.clone()))?;
    Ok(metric)
}

fn gauges(r: &Registry, name: &str, help: &str, labels: &[&str]) -> Result<IntGaugeVec, prometheus::Error> {
    let metric = IntGaugeVec::new(Opts::new(name, help), labels)?;
    r.register(Box::new(metric.clone()))?;
    Ok(metric)
}

fn histogram(r: &Registry, name: &str, help: &str) -> Result<Histogram, prometheus::Error> {
    let metric = Histogram::with_opts(HistogramOpts::new(name, help).buckets(seconds()))?;
    r.register(Box::new(metric.clone()))?;
    Ok(metric)
}

fn histograms(
    r: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<HistogramVec, prometheus::Error> {
    let metric = HistogramVec::new(HistogramOpts::new(name, help).buckets(seconds()), labels)?;
    r.register(Box::new(metric.clone()))?;
    Ok(metric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_registered_and_is_well_formed() {
        let metrics = Metrics::new().unwrap();
        metrics.submissions.with_label_values(&["contest", "cpp", "AC"]).inc();
        let text = metrics.text().unwrap();
        assert!(
            text.contains(r#"gavel_submissions_total{lane="contest",language="cpp",verdict="AC"} 1"#),
            "{text}"
        );
        assert!(metrics.names().iter().all(|name| name.starts_with("gavel_")));
    }
}
