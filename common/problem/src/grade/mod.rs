//! From the verdicts of single tests to the verdict and score of a submission.
//!
//! Pure: no clock, no files. Rules: Kattis problem package format, `legacy` ("Test Data Groups", "Graders")
//! and `2025-09` ("Result aggregation"); where those leave room, what problemtools does.

mod grader;
mod legacy;
mod modern;
mod points;
mod score;
mod tree;
mod walk;

#[cfg(test)]
mod tests;

pub use grader::{Graded, Grader, GroupGrade, TestGrade, Unfinished};
pub use tree::{
    Aggregation, Child, Grading, Group, GroupPoints, GroupRules, LegacyRules, ModernRules, Objective,
    OnReject, Points, PointsRules, ScoreMode, ScoreRange, TestIndex, TestScore, VerdictMode,
};
