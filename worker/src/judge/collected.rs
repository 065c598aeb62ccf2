//! The reports of a submission's tests, while there are more to come.

use gavel_model::{TestReport, texts_length, trim_texts};
use gavel_problem::grade::TestGrade;

/// Reports by test, whose texts never take more than the result may in the end and one test's beside it.
pub(super) struct Collected {
    reports: Vec<Option<TestReport>>,
    /// What all their texts take.
    texts: usize,
    most: usize,
}

impl Collected {
    /// Of so many tests, for a result of at most `most` bytes.
    pub(super) fn new(tests: usize, most: usize) -> Self {
        Self { reports: vec![None; tests], texts: 0, most }
    }

    /// Takes the report of a test of the case.
    pub(super) fn add(&mut self, test: usize, report: TestReport) {
        self.texts += texts_length(&report);
        self.reports[test] = Some(report);
        if self.texts > 2 * self.most {
            trim_texts(self.reports.iter_mut().flatten(), self.most);
            self.texts = self.reports.iter().flatten().map(texts_length).sum();
        }
    }

    /// All there are, in the order of the case, with the score that each got.
    pub(super) fn graded(self, grades: &[TestGrade]) -> Vec<TestReport> {
        let with_score = |(report, grade): (Option<TestReport>, &TestGrade)| {
            Some(TestReport { score: grade.score, ..report? })
        };
        self.reports.into_iter().zip(grades).filter_map(with_score).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::{Captured, Verdict};

    #[test]
    fn a_thousand_floods_are_never_held_at_once() {
        let most = 64 * 1024;
        let mut collected = Collected::new(1_000, most);
        for test in 0..1_000 {
            let flood = Some(Captured::new(&[1; 4_096], 4_096));
            let report = TestReport { stdout: flood, ..TestReport::new("flood", None, Verdict::Ac) };
            collected.add(test, report);
            let held: usize = collected
                .reports
                .iter()
                .flatten()
                .filter_map(|report| Some(report.stdout.as_ref()?.data.capacity()))
                .sum();
            // What is held is at most what it takes as JSON.
            assert!(held <= 2 * most, "{held} bytes after {test} tests");
        }
    }
}
