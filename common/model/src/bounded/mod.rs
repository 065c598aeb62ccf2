//! A result that fits into a message, whatever a program, a checker or a package wrote.
//!
//! A result is bounded as a whole and by what it costs in JSON, where a control byte takes six bytes. What matters most
//! is kept: the verdict and all that is told of the whole, then the figures of every test, those that failed before the
//! others, then texts. Of texts, the compiler's come first, then those of the first test that failed, then what was
//! said of the others that failed and what they printed, then the rest. No text takes room that a more important one
//! wants, and texts of one kind share what there is evenly.

mod json;
mod left_out;
mod share;
mod texts;

#[cfg(test)]
mod tests;

use crate::result::{JudgeResult, TestReport};
use json::{cut, length};

pub use texts::{texts_length, trim_texts};

/// The least room that a result can be made to fit into, in bytes.
pub const LEAST_RESULT: usize = 16 * 1024;

/// What single words may take when a result does not fit, in bytes of JSON.
const LANGUAGE: usize = 128;
const WORKER: usize = 256;
const IMAGE: usize = 256;
const COMPILER: usize = 512;
const ERROR: usize = 4 * 1024;
const NAME: usize = 200;

impl JudgeResult {
    /// Makes its JSON, which may have a few more fields around, take at most `most` bytes, or [`LEAST_RESULT`] if that
    /// is more. What fits stays as it is; otherwise `truncated` and the flags of single texts say what was cut, and
    /// `left_out` counts what is missing.
    #[must_use]
    pub fn bounded(mut self, most: usize) -> Self {
        let most = most.max(LEAST_RESULT) - json::ENVELOPE;
        if length(&self) <= most {
            return self;
        }
        self.truncated = true;
        cut(&mut self.language, LANGUAGE);
        cut(&mut self.worker, WORKER);
        for (text, most) in
            [(&mut self.image, IMAGE), (&mut self.compiler, COMPILER), (&mut self.error, ERROR)]
        {
            text.as_mut().map(|text| cut(text, most));
        }
        for group in &mut self.groups {
            cut(&mut group.name, NAME);
        }
        for test in &mut self.tests {
            cut_names(test);
        }
        let room = most.saturating_sub(left_out::length_of_the_whole(&self));
        let figures = left_out::leave_out(&mut self, room);
        let output = self.compile.as_mut();
        texts::fit(output, self.tests.iter_mut(), room.saturating_sub(figures));
        self
    }
}

fn cut_names(test: &mut TestReport) {
    let name = cut(&mut test.name, NAME);
    let group = test.group.as_mut().is_some_and(|group| cut(group, NAME));
    test.truncated |= name || group;
}
