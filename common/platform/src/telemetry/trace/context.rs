//! `traceparent` of W3C Trace Context: <https://www.w3.org/TR/trace-context/>.

use std::fmt;
use std::str::FromStr;

/// The length of version 00: two, 32, 16 and two digits, and what is between them.
const LENGTH: usize = 55;

/// Where in which trace something happens; written as the header `traceparent`, version 00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// Of the whole trace; not 0.
    pub trace_id: u128,
    /// Of the span that what follows is a part of; not 0.
    pub span_id: u64,
    /// Whether the trace is recorded by whoever began it.
    pub sampled: bool,
}

/// A text that is no `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no traceparent of W3C Trace Context")]
pub struct NotATraceparent;

impl TraceContext {
    /// The header's name, in HTTP and in queues.
    pub const HEADER: &'static str = "traceparent";

    /// The trace's id as it is written everywhere: 32 digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace_id)
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trace_id, span_id, sampled } = self;
        write!(f, "00-{trace_id:032x}-{span_id:016x}-{:02x}", u8::from(*sampled))
    }
}

impl FromStr for TraceContext {
    type Err = NotATraceparent;

    /// A later version is read as far as this one goes, as the specification asks for.
    fn from_str(text: &str) -> Result<Self, NotATraceparent> {
        let (known, rest) = text.split_at_checked(LENGTH).ok_or(NotATraceparent)?;
        let mut parts = known.split('-');
        let mut part = |length| parts.next().filter(|part| is_hex(part, length)).ok_or(NotATraceparent);
        let (version, trace_id, span_id, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        let goes_on = rest.is_empty() || version != "00" && rest.starts_with('-');
        if parts.next().is_some() || version == "ff" || !goes_on {
            return Err(NotATraceparent);
        }
        let trace_id = u128::from_str_radix(trace_id, 16).map_err(|_| NotATraceparent)?;
        let span_id = u64::from_str_radix(span_id, 16).map_err(|_| NotATraceparent)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_| NotATraceparent)?;
        if trace_id == 0 || span_id == 0 {
            return Err(NotATraceparent);
        }
        Ok(Self { trace_id, span_id, sampled: flags & 1 == 1 })
    }
}

/// Whether it is so many digits, all small, which is what the specification has.
fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn what_is_read_is_written_the_same() {
        let context: TraceContext = SAMPLE.parse().unwrap();
        assert_eq!((context.span_id, context.sampled), (0xb7ad_6b71_6920_3331, true));
        assert_eq!(context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(context.to_string(), SAMPLE);
        let silent = SAMPLE.replace("-01", "-00");
        assert_eq!(silent.parse::<TraceContext>().unwrap().to_string(), silent);
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        let later = format!("{}-more", SAMPLE.replacen("00", "01", 1));
        assert_eq!(later.parse::<TraceContext>().unwrap().to_string(), SAMPLE);
    }

    #[test]
    fn what_is_none_is_refused() {
        let zero_trace = SAMPLE.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32));
        let zero_span = SAMPLE.replace("b7ad6b7169203331", &"0".repeat(16));
        let big = SAMPLE.to_uppercase();
        let (longer, unknown) = (format!("{SAMPLE}-more"), SAMPLE.replacen("00", "ff", 1));
        let (later, signed) = (SAMPLE.replacen("00", "01", 1) + "x", SAMPLE.replace("b7ad", "+7ad"));
        let wide = format!("{}é", &SAMPLE[..54]);
        for wrong in [
            "",
            "00",
            &SAMPLE[..54],
            &zero_trace,
            &zero_span,
            &big,
            &longer,
            &unknown,
            &later,
            &signed,
            &wide,
        ] {
            assert_eq!(wrong.parse::<TraceContext>(), Err(NotATraceparent), "{wrong}");
        }
    }
}
