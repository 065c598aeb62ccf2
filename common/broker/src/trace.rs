//! The trace that a message is a part of.

use std::time::SystemTime;

use gavel_model::Submission;
use gavel_platform::telemetry::trace::{TraceContext, begin};
use jiff::Timestamp;
use tracing::Span;

use crate::Headers;

/// When a submission was published, in RFC 3339, where it is part of a trace: AMQP's own timestamp knows only seconds.
const PUBLISHED_AT: &str = "gavel-published-at";

impl Headers {
    /// Hands a trace on.
    pub fn set_trace(&mut self, context: TraceContext) {
        self.insert(TraceContext::HEADER, &context.to_string());
    }

    /// The trace that the sender handed on.
    #[must_use]
    pub fn trace(&self) -> Option<TraceContext> {
        self.get(TraceContext::HEADER)?.parse().ok()
    }

    /// When the message was published, where its sender says so.
    #[must_use]
    pub fn published_at(&self) -> Option<SystemTime> {
        self.get(PUBLISHED_AT)?.parse::<Timestamp>().ok().map(SystemTime::from)
    }
}

/// The span of a submission's publication, and what it says to whoever takes the submission; nothing where the submission
/// is part of no trace.
pub(crate) fn publication(submission: &Submission) -> (Span, Headers) {
    let mut headers = Headers::default();
    let Some(from) = submission.traceparent.as_deref().and_then(|text| text.parse().ok()) else {
        return (Span::none(), headers);
    };
    let span =
        tracing::info_span!("publish", submission.id = %submission.id, lane = submission.lane.as_str());
    headers.set_trace(begin(&span, Some(from)).unwrap_or(from));
    headers.insert(PUBLISHED_AT, &Timestamp::now().to_string());
    (span, headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::Lane;
    use gavel_testkit::submission;

    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_submission_takes_its_trace_along() {
        let traced = |traceparent: Option<&str>| {
            let traceparent = traceparent.map(str::to_owned);
            publication(&Submission { traceparent, ..submission(Lane::Contest) }).1
        };
        let headers = traced(Some(TRACE));
        assert_eq!(headers.trace().unwrap().to_string(), TRACE);
        assert!(headers.published_at().unwrap() <= SystemTime::now());
        for none in [None, Some("nonsense")] {
            let headers = traced(none);
            assert!(headers.is_empty() && headers.published_at().is_none(), "{none:?}");
        }
    }
}
