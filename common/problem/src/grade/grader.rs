//! Which test to judge next, and what it all comes to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::score::{at_bound, told};
use super::tree::{Grading, GroupRules, Objective, TestIndex, TestScore};
use super::walk::{Outcome, Walk};
use crate::Verdict;

/// Follows the judging of one submission.
///
/// Tests may be recorded in any order, and more of them than needed: the result is what judging them one
/// after the other would have given.
#[derive(Clone, Debug)]
pub struct Grader {
    grading: Arc<Grading>,
    all_tests: bool,
    records: Vec<Option<TestScore>>,
    handed_out: Vec<bool>,
    /// Tests that may still matter; kept up to date by `record`.
    needed: Vec<bool>,
}

/// Judging has not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("test {} counts and has not been judged", .0.0 + 1)]
pub struct Unfinished(pub TestIndex);

/// The result of a submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// The verdict. `PA` only on scoring problems: some points, not all.
    pub verdict: Verdict,
    /// The score, on scoring problems.
    pub score: Option<f64>,
    /// The best possible score, where there is a bound.
    pub max_score: Option<f64>,
    /// Every group that was graded, each after the groups inside it.
    pub groups: Vec<GroupGrade>,
    /// Every test, in the package's order.
    pub tests: Vec<TestGrade>,
    /// Why the verdict is `JE` although no test's is: a breach of the format's rules on scores.
    pub judge_error: Option<String>,
}

/// The result of a group of tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupGrade {
    /// The path below `data`, `""` for `data` itself.
    pub name: String,
    /// The verdict, `None` if the group was not run because a group it requires was not passed.
    pub verdict: Option<Verdict>,
    /// The score, on scoring problems.
    pub score: Option<f64>,
    /// The highest possible score, where there is a bound.
    pub max_score: Option<f64>,
}

/// The result of a test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestGrade {
    /// The verdict, `None` if the test was not judged.
    pub verdict: Option<Verdict>,
    /// Whether the test counts; one judged beyond what the rules need does not.
    pub counts: bool,
    /// The score, where tests are scored.
    pub score: Option<f64>,
    /// The highest possible score, where there is a bound.
    pub max_score: Option<f64>,
}

impl Grader {
    /// Begins a submission. With `all_tests` every test is handed out; the result stays the same.
    #[must_use]
    pub fn new(grading: Arc<Grading>, all_tests: bool) -> Self {
        let records = vec![None; grading.test_count()];
        let needed = Walk::over(&grading, &records).0.needed;
        Self { grading, all_tests, handed_out: vec![false; records.len()], needed, records }
    }

    /// The first test not handed out yet that may still matter. Call it again for tests to run in parallel.
    #[expect(
        clippy::should_implement_trait,
        reason = "what comes next depends on what is recorded in between"
    )]
    pub fn next(&mut self) -> Option<TestIndex> {
        let mut candidates = (0..self.records.len()).map(TestIndex);
        let found = candidates.find(|index| !self.handed_out[index.0] && self.may_matter(*index))?;
        self.handed_out[found.0] = true;
        Some(found)
    }

    /// Whether a test can still be of interest; one under way that cannot may be canceled.
    #[must_use]
    pub fn may_matter(&self, index: TestIndex) -> bool {
        let recorded = self.records.get(index.0).is_none_or(Option::is_some);
        !recorded && (self.all_tests || self.needed.get(index.0).copied().unwrap_or(false))
    }

    /// Whether no test can be of interest any more.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        !(0..self.records.len()).any(|index| self.may_matter(TestIndex(index)))
    }

    /// Notes what judging a test gave. The last word on a test counts; unknown tests are ignored.
    pub fn record(&mut self, index: TestIndex, score: TestScore) {
        if let Some(slot) = self.records.get_mut(index.0) {
            *slot = Some(score);
            self.handed_out[index.0] = true;
            self.needed = Walk::over(&self.grading, &self.records).0.needed;
        }
    }

    /// The result.
    ///
    /// # Errors
    ///
    /// [`Unfinished`] while a test that counts has not been recorded.
    pub fn finish(&self) -> Result<Graded, Unfinished> {
        let (walk, outcome) = Walk::over(&self.grading, &self.records);
        let missing = || (0..self.records.len()).find(|i| walk.needed[*i] && self.records[*i].is_none());
        let Some(outcome) = outcome else {
            return Err(Unfinished(TestIndex(missing().unwrap_or_default())));
        };
        let (verdict, score, max_score) = self.conclude(&walk, outcome);
        let tests = self.records.iter().enumerate().map(|(i, record)| TestGrade {
            verdict: record.map(|record| record.verdict),
            counts: walk.needed[i] && !walk.beside[i],
            score: walk.scores[i],
            max_score: walk.maxima[i],
        });
        let tests = tests.collect();
        Ok(Graded { verdict, score, max_score, groups: walk.groups, tests, judge_error: walk.fault })
    }

    /// Verdict, score and best score of the submission from the outcome of `data`.
    fn conclude(&self, walk: &Walk<'_>, outcome: Outcome) -> (Verdict, Option<f64>, Option<f64>) {
        if !self.grading.scoring {
            return (outcome.verdict, None, None);
        }
        let best = self.best_score();
        if outcome.verdict == Verdict::Je {
            return (outcome.verdict, None, best);
        }
        let legacy = matches!(self.grading.root.rules, GroupRules::Legacy(_));
        if legacy && !outcome.accepted() {
            // Spec `legacy`: "for non-Accepted results on scoring problems, the score will be ignored".
            let none = (self.grading.objective == Objective::Max).then_some(0.0);
            return (outcome.verdict, none, best);
        }
        let score = at_bound(outcome.score, best);
        // What is worth nothing must be passed all the same.
        let points = matches!(self.grading.root.rules, GroupRules::Points(_));
        let flawless = !points || first_failure(walk, false).is_none();
        let full = flawless
            && match (best, self.grading.objective) {
                (Some(best), Objective::Max) => score >= best,
                (Some(best), Objective::Min) => score <= best,
                (None, _) => outcome.accepted() && first_failure(walk, false).is_none(),
            };
        // In legacy the root group's verdict is the submission's: accepted, if only with 0 points. `2025-09` knows
        // no verdict of the whole: a submission without a point gets the verdict of the test that it failed first.
        let pointless = !legacy && score <= 0.0;
        let failed = if outcome.accepted() { first_failure(walk, true) } else { Some(outcome.verdict) };
        let verdict = match failed {
            Some(failure) if pointless => failure,
            _ if full => Verdict::Ac,
            _ => Verdict::Pa,
        };
        let most = best.filter(|_| self.grading.objective == Objective::Max);
        (verdict, Some(told(score, most)), best)
    }

    /// The top of the root's range in legacy (its bottom where less is better), `max_score` of `secret` in `2025-09`, or
    /// what all points add up to.
    fn best_score(&self) -> Option<f64> {
        match &self.grading.root.rules {
            GroupRules::Legacy(rules) => match self.grading.objective {
                Objective::Max => rules.range.max,
                Objective::Min => rules.range.min,
            },
            GroupRules::Points(_) => Some(self.grading.root.max_points()),
            GroupRules::Modern(_) => {
                let groups = self.grading.root.children.iter().filter_map(super::walk::as_group);
                let secret = groups.into_iter().find(|group| group.name == "secret")?;
                match &secret.rules {
                    GroupRules::Modern(rules) => rules.max_score,
                    GroupRules::Legacy(_) | GroupRules::Points(_) => None,
                }
            }
        }
    }
}

/// The first verdict of a needed test that is not accepted, with or without those that weigh nothing.
fn first_failure(walk: &Walk<'_>, beside: bool) -> Option<Verdict> {
    let judged = walk.records.iter().zip(&walk.needed).zip(&walk.beside);
    judged
        .filter(|((_, needed), is_beside)| **needed && (beside || !**is_beside))
        .filter_map(|((record, _), _)| record.map(|record| record.verdict))
        .find(|verdict| !super::walk::is_accepted(*verdict))
}
