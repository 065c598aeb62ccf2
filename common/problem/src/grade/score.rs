//! Sums of decimal fractions, without the hair that doubles leave.
//!
//! Shares such as a third of 100 points have no exact double, so scores are added up with the error of each addition
//! carried along, compared with a slack of a billionth, and told with nine decimals (problemtools' default grader
//! prints six). Three thirds of 100 points are 100 then, and never more.

use super::tree::ScoreRange;

/// Decimals of a score that is told.
const DECIMALS: usize = 9;

/// A score as it is told: rounded to nine decimals, and never above what there is to have.
pub(super) fn told(score: f64, most: Option<f64>) -> f64 {
    // By way of the digits: scaling by 10^9 would itself be inexact for large scores.
    let rounded = format!("{score:.DECIMALS$}").parse().unwrap_or(score);
    let told = match most {
        Some(most) if score == most => most,
        Some(most) if score < most => f64::min(rounded, most),
        _ => rounded,
    };
    // Not -0.
    told + 0.0
}

/// The sum, exact but for its last bit (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
/// Summen", 1974).
pub(super) fn sum(scores: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for score in scores {
        let next = sum + score;
        lost += if sum.abs() >= score.abs() { (sum - next) + score } else { (score - next) + sum };
        sum = next;
    }
    sum + lost
}

/// How far a score may be off a bound and still count as the bound.
fn slack(bound: f64) -> f64 {
    1e-9 * bound.abs().max(1.0)
}

/// A bound for a score that misses it by a hair; any other score as it is.
pub(super) fn at_bound(score: f64, bound: Option<f64>) -> f64 {
    bound.filter(|bound| (score - bound).abs() <= slack(*bound)).unwrap_or(score)
}

/// The score within its range, by a hair at most put there; `None` for one outside.
pub(super) fn within(score: f64, range: ScoreRange) -> Option<f64> {
    let score = at_bound(at_bound(score, range.min), range.max);
    let fits = range.min.is_none_or(|min| score >= min) && range.max.is_none_or(|max| score <= max);
    fits.then_some(score)
}
