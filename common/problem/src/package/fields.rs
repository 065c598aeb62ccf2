//! Reading the keys of a YAML map: each typed, none unknown, every mistake reported with its line.

use super::diagnostic::Report;
use super::yaml::{Entry, Node, Value};

/// A map being read.
pub(super) struct Fields<'a> {
    file: &'a str,
    /// The path of the map inside its file, such as `limits.`.
    prefix: &'a str,
    entries: &'a [Entry],
    used: Vec<bool>,
}

impl<'a> Fields<'a> {
    /// Begins a map; anything else is reported and read as an empty one.
    pub fn of(file: &'a str, prefix: &'a str, node: Option<&'a Node>, report: &mut Report) -> Self {
        let entries = match node {
            None => &[][..],
            Some(Node { value: Value::Mapping(entries), .. }) => entries,
            Some(node) => {
                let what = if prefix.is_empty() { "the file" } else { prefix.trim_end_matches('.') };
                report.error(file, Some(node.line), format!("{what} must be a map, not {}", node.describe()));
                &[]
            }
        };
        Self { file, prefix, entries, used: vec![false; entries.len()] }
    }

    /// The value of a key, unless it is absent or null.
    pub fn take(&mut self, key: &str) -> Option<&'a Node> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        self.used[index] = true;
        Some(&self.entries[index].value).filter(|node| !node.is_null())
    }

    /// The line of a key's value, unless it is absent or null.
    pub fn line_of(&self, key: &str) -> Option<u32> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(entry.value.line).filter(|_| !entry.value.is_null())
    }

    /// The keys nobody asked for, which are thereby asked for.
    pub fn take_rest(&mut self) -> Vec<&'a Entry> {
        let rest = self.entries.iter().zip(&self.used).filter(|(_, used)| !**used);
        let rest = rest.map(|(entry, _)| entry).collect();
        self.used.fill(true);
        rest
    }

    /// The keys that nobody asked for yet, with their lines.
    pub fn unused(&self) -> Vec<(String, u32)> {
        let unused = self.entries.iter().zip(&self.used).filter(|(_, used)| !**used);
        unused.map(|(entry, _)| (entry.key.clone(), entry.line)).collect()
    }

    /// Reports the keys that nobody asked for: "any unknown keys should be treated as an error".
    pub fn finish(self, report: &mut Report) {
        for (entry, used) in self.entries.iter().zip(&self.used) {
            if !used {
                let message = format!("unknown key {}{}", self.prefix, entry.key);
                report.error(self.file, Some(entry.line), message);
            }
        }
    }

    fn wrong(&self, key: &str, node: &Node, what: &str, report: &mut Report) {
        let message = format!("{}{key} must be {what}, not {}", self.prefix, node.describe());
        report.error(self.file, Some(node.line), message);
    }

    pub fn text(&mut self, key: &str, report: &mut Report) -> Option<&'a str> {
        let node = self.take(key)?;
        let text = node.as_text();
        if text.is_none() {
            self.wrong(key, node, "a string", report);
        }
        text
    }

    /// A finite number for which `fits` holds, which `what` describes.
    pub fn number(
        &mut self,
        key: &str,
        what: &str,
        fits: impl Fn(f64) -> bool,
        report: &mut Report,
    ) -> Option<f64> {
        let node = self.take(key)?;
        let number = node.as_text().and_then(parse_number).filter(|number| fits(*number));
        if number.is_none() {
            self.wrong(key, node, what, report);
        }
        number
    }

    /// A whole number of at least `least`, `512.0` among them.
    pub fn whole(&mut self, key: &str, least: u64, report: &mut Report) -> Option<u64> {
        let node = self.take(key)?;
        let number = node.as_text().and_then(parse_whole).filter(|n| *n >= least);
        if number.is_none() {
            self.wrong(key, node, &format!("a whole number of at least {least}"), report);
        }
        number
    }

    pub fn flag(&mut self, key: &str, report: &mut Report) -> Option<bool> {
        let node = self.take(key)?;
        match node.as_text() {
            Some("true" | "True" | "TRUE" | "yes" | "Yes") => Some(true),
            Some("false" | "False" | "FALSE" | "no" | "No") => Some(false),
            _ => {
                self.wrong(key, node, "true or false", report);
                None
            }
        }
    }

    /// One of some words.
    pub fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)], report: &mut Report) -> Option<T> {
        let node = self.take(key)?;
        let found = words.iter().find(|(word, _)| node.as_text() == Some(word)).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(key, node, &format!("one of {}", names.join(", ")), report);
        }
        found
    }

    /// A list of strings, or a single one.
    pub fn list(&mut self, key: &str, report: &mut Report) -> Option<Strings> {
        let node = self.take(key)?;
        let strings = strings(node);
        if strings.is_none() {
            self.wrong(key, node, "a list of strings", report);
        }
        strings
    }

    /// A list of strings, or where `split` says so a string of words.
    pub fn args(&mut self, key: &str, split: bool, report: &mut Report) -> Option<Strings> {
        let node = self.take(key)?;
        match node.value {
            Value::Scalar { .. } if split => self.words(key, report),
            Value::Sequence(_) => self.list(key, report),
            _ => {
                self.wrong(key, node, "a list of strings", report);
                None
            }
        }
    }

    /// A string of words parted by white space.
    pub fn words(&mut self, key: &str, report: &mut Report) -> Option<Strings> {
        let node = self.take(key)?;
        match node.as_text() {
            Some(text) => {
                let words = text.split_whitespace().map(str::to_owned).collect();
                Some(Strings { words, line: node.line })
            }
            None => {
                self.wrong(key, node, "a string of words", report);
                None
            }
        }
    }
}

/// Strings and the line they begin on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strings {
    pub words: Vec<String>,
    pub line: u32,
}

fn strings(node: &Node) -> Option<Strings> {
    let words = match &node.value {
        Value::Sequence(items) => {
            items.iter().map(|item| item.as_text().map(str::to_owned)).collect::<Option<_>>()?
        }
        Value::Scalar { text, .. } => vec![text.clone()],
        Value::Mapping(_) => return None,
    };
    Some(Strings { words, line: node.line })
}

/// A whole number, however it is written.
fn parse_whole(text: &str) -> Option<u64> {
    let whole = |number: &f64| number.fract() == 0.0 && (0.0..=1e15).contains(number);
    text.parse().ok().or_else(|| parse_number(text).filter(whole).map(|number| number as u64))
}

/// A finite decimal number; YAML's hexadecimal and octal spellings are not used by the format.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    crate::checker::FloatGrammar::Decimal.parse(text.as_bytes())
}
