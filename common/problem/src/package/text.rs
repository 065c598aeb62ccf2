//! Inputs and answers that programs and validators read otherwise than their author sees them.

use std::path::Path;

use super::diagnostic::Report;
use super::encoding::Head;

/// What is noticed about the text of tests.
#[derive(Debug, Default)]
pub(super) struct TextNotes {
    /// Inputs whose lines end with a carriage return.
    windows_lines: Vec<String>,
}

impl TextNotes {
    /// Looks at the files of a test. `strict` is whether an output must have the white space of the answer.
    pub fn note(&mut self, root: &Path, input: &str, answer: &str, strict: bool, report: &mut Report) {
        for path in [input, answer].into_iter().filter(|path| *path != super::manifest::NOTHING) {
            let Some(head) = Head::read(&root.join(path)) else { continue };
            if let Some(encoding) = head.encoding() {
                let encoding = encoding.as_str();
                let message = format!("is in {encoding}: programs and validators get its bytes as they are");
                report.warning(path, None, message);
            }
            if !head.has_carriage_returns() {
                continue;
            }
            if path == input {
                self.windows_lines.push(input.to_owned());
            } else if strict {
                let message =
                    "its lines end with carriage returns, which space_change_sensitive wants in the output";
                report.warning(path, None, message);
            }
        }
    }

    /// Tells once of what whole packages have.
    pub fn finish(&self, report: &mut Report) {
        let Some(first) = self.windows_lines.first() else { return };
        let others = match self.windows_lines.len() - 1 {
            0 => String::new(),
            1 => ", as in another input".to_owned(),
            others => format!(", as in {others} other inputs"),
        };
        report.warning(first, None, format!("its lines end with carriage returns{others}"));
    }
}
