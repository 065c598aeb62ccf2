//! Numbers and words as tables show them.

use gavel_model::TestReport;

/// The longest message of a checker in a table, in characters.
const MAX_MESSAGE: usize = 60;
const MIB: f64 = 1024.0 * 1024.0;

/// Whether it is as it should be.
pub const fn mark(ok: bool) -> &'static str {
    if ok { "✓" } else { "✗" }
}

/// Milliseconds; nothing for what was not measured.
pub fn ms(value: Option<f64>) -> String {
    value.map(|ms| format!("{ms:.0}")).unwrap_or_default()
}

/// Bytes in MiB.
pub fn mib(bytes: Option<u64>) -> String {
    bytes.map(|bytes| format!("{:.1}", bytes as f64 / MIB)).unwrap_or_default()
}

/// Points, with the most there are.
pub fn score(score: Option<f64>, most: Option<f64>) -> String {
    let number = |value: f64| format!("{}", (value * 1e6).round() / 1e6);
    match (score, most) {
        (Some(score), Some(most)) => format!("{}/{}", number(score), number(most)),
        (Some(score), None) => number(score),
        (None, _) => String::new(),
    }
}

/// Milliseconds as seconds, without trailing zeros.
pub fn seconds(ms: u64) -> String {
    format!("{} s", ms as f64 / 1e3)
}

/// How a run ended: the limit it met, else its exit code or signal.
pub fn ending(test: &TestReport) -> String {
    let how = match (test.exit_code, test.signal) {
        (Some(code), _) => format!("exit {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => String::new(),
    };
    match test.limit {
        Some(limit) => format!("{} limit", format!("{limit:?}").to_lowercase()),
        None => how,
    }
}

/// The first line of a message, cut to fit.
pub fn message(text: Option<&str>) -> String {
    let line = text.and_then(|text| text.lines().next()).unwrap_or_default();
    match line.char_indices().nth(MAX_MESSAGE) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line.to_owned(),
    }
}

/// A compiler's words, moved to the right; only the first ones.
pub fn compiler_said(output: &str) -> String {
    const LINES: usize = 12;
    let lines = output.lines().take(LINES).map(|line| format!("    {line}"));
    lines.collect::<Vec<_>>().join("\n")
}
