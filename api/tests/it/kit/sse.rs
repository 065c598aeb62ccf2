//! A client of server-sent events.

pub use gavel_testkit::sse::{Sent, parse_all};

use gavel_testkit::sse::parse;
use reqwest::header::{ACCEPT, HeaderMap};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::{Service, within};

/// A stream of events, read as it comes.
pub struct Events {
    response: Response,
    text: String,
}

impl Events {
    /// Begins to read, from the begin or after an event.
    pub async fn of(service: &Service, submission: &str, last: Option<&str>) -> Self {
        let mut request = service
            .client
            .get(service.url(&format!("{submission}/events")))
            .header(ACCEPT, "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        Self { response: request.send().await.unwrap(), text: String::new() }
    }

    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// What is sent next; nothing at the end.
    pub async fn next(&mut self) -> Option<Sent> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let sent = parse(block);
                self.text = rest.to_owned();
                return Some(sent);
            }
            let chunk = within("an event, or the end", self.response.chunk()).await.unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event, which must have this name: its id and its data.
    pub async fn expect(&mut self, wanted: &str) -> (String, Value) {
        loop {
            match self.next().await {
                Some(Sent::Event { name, id, data }) => {
                    assert_eq!(name, wanted, "{data}");
                    return (id, data);
                }
                Some(Sent::Comment) => {}
                None => panic!("the stream ended; wanted: {wanted}"),
            }
        }
    }
}
