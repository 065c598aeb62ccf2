//! All metrics of a process, whoever declared them.

use std::sync::{Arc, Mutex, PoisonError};

use prometheus::core::Collector;
use prometheus::process_collector::ProcessCollector;
use prometheus::{
    CounterVec, Encoder as _, Error, GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, Opts, TextEncoder,
};

/// From 1 ms to about a minute, each twice the one before.
fn seconds() -> Vec<f64> {
    (0..17).map(|power| 0.001 * f64::from(1 << power)).collect()
}

/// Of what kind a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often a value fell into which range.
    Histogram,
}

impl Kind {
    /// The word that Prometheus has for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric as it was declared, whether anything was measured yet or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Of what kind it is.
    pub kind: Kind,
    /// The names of its labels.
    pub labels: Vec<String>,
}

/// Where metrics are registered and read. Cloning shares it.
#[derive(Clone, Default)]
pub struct Registry {
    collectors: prometheus::Registry,
    declared: Arc<Mutex<Vec<Declared>>>,
}

impl Registry {
    /// One that also shows what the kernel says of this process: `process_cpu_seconds_total`,
    /// `process_resident_memory_bytes`, `process_open_fds`, `process_start_time_seconds` and so on.
    ///
    /// # Errors
    /// When a name is taken, which it cannot be.
    pub fn of_process() -> Result<Self, Error> {
        let registry = Self::default();
        registry.collectors.register(Box::new(ProcessCollector::for_self()))?;
        Ok(registry)
    }

    /// A counter with these labels.
    ///
    /// # Errors
    /// When the name is taken or malformed.
    pub fn counter(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec, Error> {
        let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
        if labels.is_empty() {
            // A series without labels is there from the start, as 0.
            counter.with_label_values::<&str>(&[]).reset();
        }
        self.add(Kind::Counter, name, labels, counter)
    }

    /// A counter of seconds with these labels.
    ///
    /// # Errors
    /// When the name is taken or malformed.
    pub fn seconds(&self, name: &str, help: &str, labels: &[&str]) -> Result<CounterVec, Error> {
        self.add(Kind::Counter, name, labels, CounterVec::new(Opts::new(name, help), labels)?)
    }

    /// A gauge with these labels.
    ///
    /// # Errors
    /// When the name is taken or malformed.
    pub fn gauge(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec, Error> {
        let gauge = GaugeVec::new(Opts::new(name, help), labels)?;
        if labels.is_empty() {
            gauge.with_label_values::<&str>(&[]).set(0.0);
        }
        self.add(Kind::Gauge, name, labels, gauge)
    }

    /// A histogram of seconds with these labels.
    ///
    /// # Errors
    /// When the name is taken or malformed.
    pub fn histogram(&self, name: &str, help: &str, labels: &[&str]) -> Result<HistogramVec, Error> {
        let options = HistogramOpts::new(name, help).buckets(seconds());
        self.add(Kind::Histogram, name, labels, HistogramVec::new(options, labels)?)
    }

    fn add<M: Collector + Clone + 'static>(
        &self,
        kind: Kind,
        name: &str,
        labels: &[&str],
        metric: M,
    ) -> Result<M, Error> {
        self.collectors.register(Box::new(metric.clone()))?;
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let declared = Declared { name: name.to_owned(), kind, labels };
        self.declared.lock().unwrap_or_else(PoisonError::into_inner).push(declared);
        Ok(metric)
    }

    /// Everything that was declared, in the order of declaration.
    #[must_use]
    pub fn declared(&self) -> Vec<Declared> {
        self.declared.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The exposition text of Prometheus, format 0.0.4: everything that was measured so far.
    ///
    /// # Errors
    /// When a metric cannot be encoded.
    pub fn text(&self) -> Result<String, Error> {
        let mut buffer = Vec::new();
        TextEncoder::new().encode(&self.collectors.gather(), &mut buffer)?;
        Ok(String::from_utf8_lossy(&buffer).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_shows_what_the_kernel_says_of_it() {
        let text = Registry::of_process().unwrap().text().unwrap();
        for name in
            ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"]
        {
            assert!(text.contains(&format!("\n{name} ")), "{text}");
        }
    }

    #[test]
    fn a_name_is_declared_once() {
        let registry = Registry::default();
        registry.counter("a_total", "A", &["b"]).unwrap();
        assert!(registry.gauge("a_total", "A", &["b"]).is_err());
        let declared =
            Declared { name: "a_total".to_owned(), kind: Kind::Counter, labels: vec!["b".to_owned()] };
        assert_eq!(registry.declared(), [declared]);
    }
}
