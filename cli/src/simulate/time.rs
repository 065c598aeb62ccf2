//! Time as whole numbers, so that events have an order.

/// Microseconds since the beginning.
pub type Micros = u64;

/// Seconds as microseconds; what is below nothing is nothing.
pub fn micros(seconds: f64) -> Micros {
    (seconds * 1e6).round() as Micros
}

/// Microseconds as seconds.
pub fn seconds(micros: Micros) -> f64 {
    micros as f64 / 1e6
}
