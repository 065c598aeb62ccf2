//! What travels beside a message's body.

use std::collections::BTreeMap;

/// Headers that a message's sender gave it, such as the trace context (`traceparent`). They travel with the message and
/// mean nothing to the broker.
///
/// What begins with `x-` belongs to the broker itself: it is never sent and never handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(BTreeMap<String, String>);

impl Headers {
    /// How much names and values may have together, in bytes: a message's headers must fit one frame.
    pub const MAX_BYTES: usize = 8 * 1024;

    /// The longest name, in bytes.
    pub const MAX_NAME_BYTES: usize = 128;

    /// Adds a header, or gives one another value. False when it was left out: its name is empty, too long or the
    /// broker's own, or there is no room for it.
    pub fn insert(&mut self, name: &str, value: &str) -> bool {
        let is_ours = !name.is_empty() && name.len() <= Self::MAX_NAME_BYTES && !name.starts_with("x-");
        let others =
            self.0.iter().filter(|(key, _)| *key != name).map(|(key, value)| key.len() + value.len());
        if !is_ours || others.sum::<usize>() + name.len() + value.len() > Self::MAX_BYTES {
            return false;
        }
        self.0.insert(name.to_owned(), value.to_owned());
        true
    }

    /// A header's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Every header, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_bounded_and_leave_the_brokers_own_alone() {
        let mut headers = Headers::default();
        assert!(headers.insert("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        assert!(!headers.insert("x-delivery-count", "7") && !headers.insert("", "nameless"));
        assert!(!headers.insert(&"n".repeat(Headers::MAX_NAME_BYTES + 1), ""));
        assert!(!headers.insert("baggage", &"b".repeat(Headers::MAX_BYTES)));
        assert!(
            headers.insert("traceparent", &"t".repeat(Headers::MAX_BYTES - "traceparent".len())),
            "in its place"
        );
        assert!(!headers.insert("more", ""));
        assert_eq!(headers.iter().count(), 1);
        assert_eq!(headers.get("x-delivery-count"), None);
    }
}
