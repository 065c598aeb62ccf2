//! Server-sent events, as a client reads them.

use serde_json::Value;

/// One event, or a comment.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// An event.
    Event {
        /// What happened.
        name: String,
        /// Where to go on after it; empty where it does not say.
        id: String,
        /// What is told of it.
        data: Value,
    },
    /// Nothing but a sign of life.
    Comment,
}

/// What a block of lines says, without the empty line that ends it.
///
/// # Panics
/// When it is neither an event with a name and JSON, nor a comment.
#[must_use]
pub fn parse(block: &str) -> Sent {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let Some(name) = field("event") else {
        assert!(block.starts_with(':'), "{block:?}");
        return Sent::Comment;
    };
    let (id, data) = (field("id").unwrap_or_default(), field("data").unwrap());
    Sent::Event { name: name.to_owned(), id: id.to_owned(), data: serde_json::from_str(data).unwrap() }
}

/// Everything in a page or a body.
///
/// # Panics
/// As [`parse`].
#[must_use]
pub fn parse_all(text: &str) -> Vec<Sent> {
    text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).map(parse).collect()
}
