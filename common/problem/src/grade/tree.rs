//! The groups of a problem's tests, and how each is scored.

use serde::{Deserialize, Serialize};

use crate::Verdict;

/// A test's place in the package's list of tests, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TestIndex(pub usize);

/// All that grading needs to know of a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grading {
    /// Whether an accepted submission also gets a score.
    pub scoring: bool,
    /// Whether a better score is higher or lower (`grading.objective` of legacy).
    #[serde(default)]
    pub objective: Objective,
    /// The `data` folder: usually `sample`, then `secret`.
    pub root: Group,
}

impl Grading {
    /// `tests` cases without groups, all to be passed: the grading of inline tests.
    #[must_use]
    pub fn pass_fail(tests: usize) -> Self {
        let children = (0..tests).map(|index| Child::Test(TestIndex(index))).collect();
        let rules = GroupRules::Legacy(LegacyRules::default());
        Self {
            scoring: false,
            objective: Objective::Max,
            root: Group { name: String::new(), rules, children },
        }
    }

    /// How many tests there are in all groups.
    #[must_use]
    pub fn test_count(&self) -> usize {
        let mut count = 0;
        self.root.for_each_test(&mut |_| count += 1);
        count
    }
}

/// A folder of tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The path below `data`, `""` for `data` itself, such as `secret/group1`.
    pub name: String,
    /// How the group is scored.
    pub rules: GroupRules,
    /// Tests and groups in the order in which they are judged.
    pub children: Vec<Child>,
}

impl Group {
    /// The most points there are, by the points of tests and groups; 0 for a group that is scored by other rules.
    #[must_use]
    pub fn max_points(&self) -> f64 {
        let GroupRules::Points(PointsRules { points, .. }) = &self.rules else { return 0.0 };
        let GroupPoints::Each(points) = points else { return points.of_test(0) };
        let groups = self.children.iter().filter_map(super::walk::as_group).map(Self::max_points);
        super::score::sum(points.iter().copied().chain(groups))
    }

    pub(super) fn for_each_test(&self, visit: &mut impl FnMut(TestIndex)) {
        for child in &self.children {
            match child {
                Child::Test(index) => visit(*index),
                Child::Group(group) => group.for_each_test(visit),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.children.iter().all(|child| match child {
            Child::Test(_) => false,
            Child::Group(group) => group.is_empty(),
        })
    }
}

/// What a group holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Child {
    /// A test.
    Test(TestIndex),
    /// A group.
    Group(Group),
}

/// How a group is scored, by the version of the format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupRules {
    /// `testdata.yaml`.
    Legacy(LegacyRules),
    /// `test_group.yaml`.
    Modern(ModernRules),
    /// Points of Polygon's and DMOJ's packages.
    Points(PointsRules),
}

/// How a group of a Polygon or DMOJ package is scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsRules {
    /// What its tests are worth.
    pub points: GroupPoints,
    /// Groups before it, by name, that must have been passed; it is not run otherwise.
    #[serde(default)]
    pub require_pass: Vec<String>,
    /// Nothing is judged after a failed test or group that is worth nothing: DMOJ's pretests.
    #[serde(default)]
    pub gates: bool,
}

/// What the tests of a group are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupPoints {
    /// Each its own points, in the order of the tests; groups inside add theirs.
    Each(Vec<f64>),
    /// All of them together, if every one is passed.
    All(f64),
    /// As much as the worst of them, each of which may have this many.
    Lowest(f64),
}

impl GroupPoints {
    /// The most points of a test, by its place among the tests of the group.
    pub(super) fn of_test(&self, place: usize) -> f64 {
        match self {
            Self::Each(points) => points.get(place).copied().unwrap_or(0.0),
            Self::All(points) | Self::Lowest(points) => *points,
        }
    }
}

/// `testdata.yaml` of legacy packages, the default grader's flags read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegacyRules {
    /// What happens after the first rejected test or group.
    pub on_reject: OnReject,
    /// The score of an accepted test without a score of its own; 1 unless stated.
    pub accept_score: f64,
    /// The score of a rejected test without a score of its own; 0 unless stated.
    pub reject_score: f64,
    /// The possible scores of the group.
    pub range: ScoreRange,
    /// How the verdicts of the children become one.
    pub verdict_mode: VerdictMode,
    /// How the scores of the children become one.
    pub score_mode: ScoreMode,
    /// The sample group counts for nothing (root only).
    pub ignore_sample: bool,
    /// One accepted child is enough.
    pub accept_if_any_accepted: bool,
}

impl Default for LegacyRules {
    fn default() -> Self {
        Self {
            on_reject: OnReject::Break,
            accept_score: 1.0,
            reject_score: 0.0,
            range: ScoreRange::default(),
            verdict_mode: VerdictMode::WorstError,
            score_mode: ScoreMode::Sum,
            ignore_sample: false,
            accept_if_any_accepted: false,
        }
    }
}

/// `on_reject` of `testdata.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnReject {
    /// The rest of the group is not judged.
    Break,
    /// The group is judged to its end.
    Continue,
}

/// `range` of `testdata.yaml`; `None` is unbounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRange {
    /// The lowest possible score.
    pub min: Option<f64>,
    /// The highest possible score.
    pub max: Option<f64>,
}

/// The default grader's verdict modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictMode {
    /// The first of JE, RTE, MLE, TLE, OLE, WA that any child has.
    WorstError,
    /// The verdict of the first child that is not accepted.
    FirstError,
    /// Always accepted.
    AlwaysAccept,
}

/// The default grader's score modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreMode {
    /// Sum of the children's scores.
    Sum,
    /// Their average.
    Avg,
    /// The lowest.
    Min,
    /// The highest.
    Max,
}

/// `test_group.yaml` of `2025-09`, as far as it concerns grading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModernRules {
    /// The maximum score, `None` for `unbounded`.
    pub max_score: Option<f64>,
    /// How the scores of the children become one.
    pub score_aggregation: Aggregation,
    /// Groups, by name, that must have been passed: `sample` or an earlier group.
    #[serde(default)]
    pub require_pass: Vec<String>,
}

/// `score_aggregation` of `test_group.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregation {
    /// All or nothing.
    PassFail,
    /// Sum of the children's scores.
    Sum,
    /// The lowest of the children's scores.
    Min,
}

/// `grading.objective` of legacy packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// A higher score is better.
    #[default]
    Max,
    /// A lower score is better.
    Min,
}

/// What judging one test gave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestScore {
    /// The test's verdict; `PA` counts as accepted where points are given.
    pub verdict: Verdict,
    /// What a validator said of the score, if it did.
    #[serde(default)]
    pub points: Option<Points>,
}

impl TestScore {
    /// A verdict without points.
    #[must_use]
    pub const fn verdict(verdict: Verdict) -> Self {
        Self { verdict, points: None }
    }
}

/// A validator's word on the score of a test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Points {
    /// `score.txt`: the score itself.
    Score(f64),
    /// `score_multiplier.txt`: a share of the test's maximum, 0 to 1.
    Multiplier(f64),
}
