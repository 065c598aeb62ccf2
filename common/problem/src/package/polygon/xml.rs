//! XML with line numbers, and what is asked of it here.

use roxmltree::{Document, Node, ParsingOptions};

use super::super::diagnostic::Report;
use super::super::fields::parse_number;
use super::FILE;

/// More elements, attributes and texts are refused: a problem of 1,000 tests has some 10,000.
const MAX_NODES: u32 = 500_000;

/// More attributes of one element are refused: each is compared with all before it. Polygon writes a handful.
const MAX_ATTRIBUTES: usize = 1_000;

/// Reads the text. Document type definitions, and with them entities, are refused.
pub(super) fn parse<'t>(text: &'t str, report: &mut Report) -> Option<Document<'t>> {
    if most_attributes(text) > MAX_ATTRIBUTES {
        report.error(FILE, None, format!("an element has more than {MAX_ATTRIBUTES} attributes"));
        return None;
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options)
        .map_err(|error| {
            report.error(FILE, Some(error.pos().row), format!("not valid XML: {error}"));
        })
        .ok()
}

/// No element has more attributes than this: an equals sign and a quote are counted wherever they stand.
fn most_attributes(text: &str) -> usize {
    let values = |tag: &str| {
        tag.split('=').skip(1).filter(|rest| rest.trim_ascii_start().starts_with(['"', '\''])).count()
    };
    // In a value, `<` cannot stand.
    text.split('<').map(values).max().unwrap_or_default()
}

/// Where the lines of a text end, so that the line of a place is found without reading the text again.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn line(&self, at: usize) -> u32 {
        u32::try_from(self.0.partition_point(|end| *end < at) + 1).unwrap_or(u32::MAX)
    }
}

/// An element.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    node: Node<'d, 'd>,
    lines: &'d Lines,
}

impl<'d> Element<'d> {
    pub fn outermost(document: &'d Document<'d>, lines: &'d Lines) -> Self {
        Self { node: document.root_element(), lines }
    }

    pub fn name(self) -> &'d str {
        self.node.tag_name().name()
    }

    pub fn line(self) -> u32 {
        self.lines.line(self.node.range().start)
    }

    pub fn is(self, other: Self) -> bool {
        self.node == other.node
    }

    pub fn elements(self) -> impl Iterator<Item = Self> {
        let lines = self.lines;
        self.node.children().filter(Node::is_element).map(move |node| Self { node, lines })
    }

    pub fn all(self, name: &'d str) -> impl Iterator<Item = Self> {
        self.elements().filter(move |element| element.name() == name)
    }

    pub fn first(self, name: &'d str) -> Option<Self> {
        self.all(name).next()
    }

    /// An attribute's value, unless it is absent or empty.
    pub fn attribute(self, name: &str) -> Option<&'d str> {
        self.node.attribute(name).map(str::trim).filter(|value| !value.is_empty())
    }

    pub fn text(self) -> &'d str {
        self.node.text().unwrap_or_default().trim()
    }

    /// The text of the one element of this name, which must be there.
    pub fn text_of(self, name: &'d str, report: &mut Report) -> Option<&'d str> {
        let text = self.first(name).map(Self::text).filter(|text| !text.is_empty());
        if text.is_none() {
            report.error(FILE, Some(self.line()), format!("{}: {name} is missing", self.name()));
        }
        text
    }

    /// The whole number above 0 in the one element of this name, which must be there.
    pub fn whole(self, name: &'d str, report: &mut Report) -> Option<u64> {
        let text = self.text_of(name, report)?;
        let number = text.parse().ok().filter(|number| *number > 0);
        if number.is_none() {
            let message = format!("{}: {name} must be a whole number above 0, not {text:?}", self.name());
            report.error(FILE, Some(self.line()), message);
        }
        number
    }

    /// A number of at least 0 in an attribute.
    pub fn points(self, name: &str, report: &mut Report) -> Option<f64> {
        let text = self.attribute(name)?;
        let number = parse_number(text).filter(|number| *number >= 0.0);
        if number.is_none() {
            let message = format!("{}: {name} must be a number of at least 0, not {text:?}", self.name());
            report.error(FILE, Some(self.line()), message);
        }
        number
    }

    /// Reports elements that nobody knows: they could decide how the package is judged.
    pub fn refuse_others(self, known: &[&str], report: &mut Report) {
        for element in self.elements().filter(|element| !known.contains(&element.name())) {
            let message = format!("{}: unknown element {}", self.name(), element.name());
            report.error(FILE, Some(element.line()), message);
        }
    }

    /// Reports attributes that nobody knows.
    pub fn refuse_other_attributes(self, known: &[&str], report: &mut Report) {
        for attribute in self.node.attributes().filter(|attribute| !known.contains(&attribute.name())) {
            let message = format!("{}: unknown attribute {}", self.name(), attribute.name());
            report.error(FILE, Some(self.line()), message);
        }
    }

    /// Reports elements that mean something which is not supported: their names, and what is meant.
    pub fn refuse(self, unsupported: &[(&'d str, &str)], report: &mut Report) {
        for (name, meaning) in unsupported {
            if let Some(element) = self.first(name) {
                let message = format!("{}: {name} is not supported: {meaning}", self.name());
                report.error(FILE, Some(element.line()), message);
            }
        }
    }
}
