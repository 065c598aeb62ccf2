//! One pass over the groups with the results known so far.

use super::grader::GroupGrade;
use super::tree::{Child, Grading, Group, GroupRules, TestIndex, TestScore};
use super::{legacy, modern, points, score};
use crate::Verdict;

/// What a pass over the groups finds out.
pub(super) struct Walk<'a> {
    pub grading: &'a Grading,
    pub records: &'a [Option<TestScore>],
    /// Tests that the rules do not exclude, given what is known.
    pub needed: Vec<bool>,
    /// Tests that are judged but weigh nothing: an ignored sample.
    pub beside: Vec<bool>,
    /// Scores of the tests that count.
    pub scores: Vec<Option<f64>>,
    pub maxima: Vec<Option<f64>>,
    /// Finished groups, each after its own groups.
    pub groups: Vec<GroupGrade>,
    /// The first breach of the format's rules on scores, in the order of the tests.
    pub fault: Option<String>,
}

/// What became of a test or a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outcome {
    /// The verdict; for a group that was not run, that of the reason why.
    pub verdict: Verdict,
    pub score: f64,
}

impl Outcome {
    pub fn accepted(self) -> bool {
        is_accepted(self.verdict)
    }
}

/// Whether a verdict lets judging go on: partly right is not rejected.
pub(super) fn is_accepted(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Ac | Verdict::Pa)
}

impl<'a> Walk<'a> {
    /// Looks at all groups. The outcome is `None` while a test that counts is missing.
    pub fn over(grading: &'a Grading, records: &'a [Option<TestScore>]) -> (Self, Option<Outcome>) {
        let mut walk = Self {
            grading,
            records,
            needed: vec![false; records.len()],
            beside: vec![false; records.len()],
            scores: vec![None; records.len()],
            maxima: vec![None; records.len()],
            groups: Vec::new(),
            fault: None,
        };
        let outcome = match &grading.root.rules {
            GroupRules::Legacy(rules) => legacy::group(&mut walk, &grading.root, rules),
            GroupRules::Modern(_) => modern::root(&mut walk),
            GroupRules::Points(_) => points::root(&mut walk),
        };
        (walk, outcome)
    }

    /// What is known of a test, which is hereby needed.
    pub fn look_at(&mut self, index: TestIndex) -> Option<TestScore> {
        if let Some(needed) = self.needed.get_mut(index.0) {
            *needed = true;
        }
        self.records.get(index.0).copied().flatten()
    }

    pub fn set_beside(&mut self, index: TestIndex) {
        if let Some(beside) = self.beside.get_mut(index.0) {
            *beside = true;
        }
    }

    pub fn score(&mut self, index: TestIndex, score: f64, maximum: Option<f64>) {
        if let (Some(slot), Some(most)) = (self.scores.get_mut(index.0), self.maxima.get_mut(index.0)) {
            *slot = Some(score::told(score, None));
            *most = maximum.map(|most| score::told(most, None));
        }
    }

    /// Remembers the first breach and gives the verdict that follows from one.
    pub fn breach(&mut self, what: String) -> Outcome {
        self.fault.get_or_insert(what);
        Outcome { verdict: Verdict::Je, score: 0.0 }
    }

    pub fn finish_group(
        &mut self,
        group: &Group,
        verdict: Option<Verdict>,
        score: f64,
        maximum: Option<f64>,
    ) {
        let scoring = self.grading.scoring;
        self.groups.push(GroupGrade {
            name: group.name.clone(),
            verdict,
            score: scoring.then(|| score::told(score, maximum)),
            max_score: maximum.filter(|_| scoring),
        });
    }
}

/// `JE`, if a child has it: it is no judgement, and so outweighs all others.
pub(super) fn no_judgement(outcomes: &[Outcome]) -> Option<Outcome> {
    let failed = outcomes.iter().any(|outcome| outcome.verdict == Verdict::Je);
    failed.then_some(Outcome { verdict: Verdict::Je, score: 0.0 })
}

/// A child group, if it is one and holds a test: folders without tests are no sub-result.
pub(super) fn as_group(child: &Child) -> Option<&Group> {
    match child {
        Child::Group(group) => Some(group),
        Child::Test(_) => None,
    }
}
