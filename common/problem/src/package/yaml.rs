//! YAML with line numbers: a tree of nodes that keep their place and their spelling.
//!
//! Scalars stay text until a reader asks for a type, so `range: 0 100` or `version: 1.10` lose nothing.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::diagnostic::Report;

/// Deeper nesting is refused: no file of the format needs more than five.
const MAX_DEPTH: usize = 32;
/// More nodes are refused: aliases multiply nodes, and no file of the format comes near.
const MAX_NODES: usize = 100_000;
/// More bytes of text in copies are refused: aliases multiply those, too.
const MAX_COPIED: usize = 8 << 20;

/// A value and the line it begins on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub line: u32,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Scalar { text: String, plain: bool },
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub key: String,
    pub line: u32,
    pub value: Node,
}

/// A file that is no YAML, or YAML beyond what the format uses.
#[derive(Debug, PartialEq)]
pub(super) struct YamlError {
    pub line: u32,
    pub message: String,
}

impl Node {
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// Whether it holds nothing: null, or a list or map without anything in it.
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Scalar { .. } => self.is_null(),
            Value::Sequence(items) => items.is_empty(),
            Value::Mapping(entries) => entries.is_empty(),
        }
    }

    /// What the value is, for a message.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Scalar { text, .. } => format!("{text:?}"),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a map".to_owned(),
        }
    }
}

/// What a file holds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Document {
    /// `None` if the file is empty.
    pub root: Option<Node>,
    /// Keys that a map has twice, with the line of the second.
    pub repeated: Vec<(u32, String)>,
}

/// The one document of a file, `None` if it is empty or no YAML; what is wrong with it is reported.
pub(super) fn read(file: &str, text: &str, report: &mut Report) -> Option<Node> {
    match parse(text) {
        Ok(document) => {
            for (line, key) in document.repeated {
                report.warning(file, Some(line), format!("key {key:?} is given twice: the last one counts"));
            }
            document.root
        }
        Err(error) => {
            report.error(file, Some(error.line), error.message);
            None
        }
    }
}

/// The one document of a file. A map with a key twice has the value given last, as YAML readers in Python have it.
pub(super) fn parse(text: &str) -> Result<Document, YamlError> {
    let mut builder = Builder::default();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| from_scan(&error))?;
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents > 1 {
                return Err(YamlError { line: line_of(span), message: "a second document".to_owned() });
            }
        }
        builder.event(event, line_of(span))?;
    }
    let root = builder.root.filter(|root| !root.is_null());
    Ok(Document { root, repeated: builder.repeated })
}

fn from_scan(error: &ScanError) -> YamlError {
    let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX);
    YamlError { line, message: format!("not valid YAML: {}", error.info()) }
}

fn line_of(span: Span) -> u32 {
    u32::try_from(span.start.line()).unwrap_or(u32::MAX)
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    root: Option<Node>,
    repeated: Vec<(u32, String)>,
    nodes: usize,
    /// Bytes of text in copies that aliases made.
    copied: usize,
}

/// A collection that has begun and not ended.
struct Open {
    line: u32,
    anchor: usize,
    items: Items,
}

enum Items {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, places: HashMap<String, usize>, key: Option<(String, u32)> },
}

impl Builder {
    fn event(&mut self, event: Event<'_>, line: u32) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, _tag) => {
                let plain = style == ScalarStyle::Plain;
                let value = Value::Scalar { text: text.into_owned(), plain };
                self.add(Node { line, value }, anchor)
            }
            Event::SequenceStart(anchor, _tag) => self.begin(line, anchor, Items::Sequence(Vec::new())),
            Event::MappingStart(anchor, _tag) => {
                let (entries, places) = (Vec::new(), HashMap::new());
                self.begin(line, anchor, Items::Mapping { entries, places, key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(line),
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(node) => {
                    // Before it is copied.
                    let (nodes, bytes) = size(node);
                    self.nodes += nodes;
                    self.copied += bytes;
                    if self.nodes > MAX_NODES {
                        return Err(too_many(line));
                    }
                    if self.copied > MAX_COPIED {
                        let message = format!("aliases make more than {MAX_COPIED} bytes of text");
                        return Err(YamlError { line, message });
                    }
                    let copy = Node { line, value: node.value.clone() };
                    self.add(copy, 0)
                }
                None => Err(YamlError { line, message: "an alias inside what it names".to_owned() }),
            },
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, line: u32, anchor: usize, items: Items) -> Result<(), YamlError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(YamlError { line, message: format!("nested deeper than {MAX_DEPTH}") });
        }
        self.open.push(Open { line, anchor, items });
        Ok(())
    }

    fn end(&mut self, line: u32) -> Result<(), YamlError> {
        let Some(open) = self.open.pop() else {
            return Err(YamlError { line, message: "the end of nothing".to_owned() });
        };
        let value = match open.items {
            Items::Sequence(items) => Value::Sequence(items),
            Items::Mapping { entries, .. } => Value::Mapping(entries),
        };
        self.add(Node { line: open.line, value }, open.anchor)
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), YamlError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(too_many(node.line));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.items {
            Items::Sequence(items) => items.push(node),
            Items::Mapping { entries, places, key } => match key.take() {
                None => match node.value {
                    Value::Scalar { text, .. } => *key = Some((text, node.line)),
                    _ => {
                        let message = "a key must be a word".to_owned();
                        return Err(YamlError { line: node.line, message });
                    }
                },
                Some((key, line)) => match places.get(&key).and_then(|place| entries.get_mut(*place)) {
                    Some(earlier) => {
                        self.repeated.push((line, key));
                        (earlier.line, earlier.value) = (line, node);
                    }
                    None => {
                        places.insert(key.clone(), entries.len());
                        entries.push(Entry { key, line, value: node });
                    }
                },
            },
        }
        Ok(())
    }
}

fn too_many(line: u32) -> YamlError {
    YamlError { line, message: format!("more than {MAX_NODES} values") }
}

/// How many nodes there are, and how many bytes of text.
fn size(node: &Node) -> (usize, usize) {
    let add = |(nodes, bytes): (usize, usize), (more, text): (usize, usize)| (nodes + more, bytes + text);
    match &node.value {
        Value::Scalar { text, .. } => (1, text.len()),
        Value::Sequence(items) => items.iter().map(size).fold((1, 0), add),
        Value::Mapping(entries) => {
            let entry = |entry: &Entry| add((0, entry.key.len()), size(&entry.value));
            entries.iter().map(entry).fold((1, 0), add)
        }
    }
}
