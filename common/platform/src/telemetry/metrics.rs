//! How a part declares what it measures.

/// Declares the metrics of a part: a struct, and one method for each metric whose arguments are its labels.
///
/// ```
/// # #[derive(Clone, Copy)] enum Lane { Contest }
/// # impl Lane { fn as_str(self) -> &'static str { "contest" } }
/// gavel_platform::metrics! {
///     /// What a shop measures.
///     pub struct ShopMetrics {
///         counter served(lane: Lane) = "shop_served_total", "Customers served";
///         gauge waiting() = "shop_waiting", "Customers who wait";
///         histogram wait_seconds(lane: Lane) = "shop_wait_seconds", "How long a customer waited";
///     }
/// }
/// let registry = gavel_platform::telemetry::Registry::default();
/// let metrics = ShopMetrics::register(&registry)?;
/// metrics.served(Lane::Contest).inc();
/// assert!(registry.text()?.contains(r#"shop_served_total{lane="contest"} 1"#));
/// # Ok::<(), prometheus::Error>(())
/// ```
///
/// A label's type is an enum, or a newtype whose values are bounded, with a method `as_str`: what a client writes
/// never becomes a label. Seconds and bytes, never milliseconds or MiB.
#[macro_export]
macro_rules! metrics {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $($kind:ident $metric:ident($($label:ident: $type:ty),*) = $series:literal, $help:literal;)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        pub struct $name {
            $($metric: $crate::__metric_family!($kind),)*
        }

        impl $name {
            /// Registers every one of them.
            ///
            /// # Errors
            /// When a name is taken or malformed.
            pub fn register(
                registry: &$crate::telemetry::Registry,
            ) -> ::std::result::Result<Self, ::prometheus::Error> {
                Ok(Self {
                    $($metric: registry.$kind($series, $help, &[$(stringify!($label)),*])?,)*
                })
            }

            $(
                #[doc = $help]
                #[must_use]
                pub fn $metric(&self, $($label: $type),*) -> $crate::__metric!($kind) {
                    self.$metric.with_label_values(&[$($label.as_str()),*] as &[&str])
                }
            )*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __metric_family {
    (counter) => {
        ::prometheus::IntCounterVec
    };
    (seconds) => {
        ::prometheus::CounterVec
    };
    (gauge) => {
        ::prometheus::GaugeVec
    };
    (histogram) => {
        ::prometheus::HistogramVec
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __metric {
    (counter) => {
        ::prometheus::IntCounter
    };
    (seconds) => {
        ::prometheus::Counter
    };
    (gauge) => {
        ::prometheus::Gauge
    };
    (histogram) => {
        ::prometheus::Histogram
    };
}
