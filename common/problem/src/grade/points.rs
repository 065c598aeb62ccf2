//! Points of tests and groups, as Polygon's and DMOJ's packages have them.

use super::score::{self, within};
use super::tree::{Child, Group, GroupPoints, GroupRules, Points, PointsRules, ScoreRange, TestIndex};
use super::walk::{Outcome, Walk, no_judgement};
use crate::Verdict;

/// The groups seen so far by name, with the first verdict that is not `AC`; `None` while unknown.
type Passed = Vec<(String, Option<Verdict>)>;

/// Grades all groups. `None` while a test that counts is missing.
pub(super) fn root(walk: &mut Walk<'_>) -> Option<Outcome> {
    let grading = walk.grading;
    group(walk, &grading.root, &mut Passed::new())
}

fn group(walk: &mut Walk<'_>, group: &Group, passed: &mut Passed) -> Option<Outcome> {
    let GroupRules::Points(rules) = &group.rules else {
        return Some(walk.breach(format!("the group {} has no points", group.name)));
    };
    let most = group.max_points();
    if let Some(verdict) = unmet(rules, passed) {
        walk.finish_group(group, None, 0.0, Some(most));
        passed.push((group.name.clone(), Some(verdict)));
        return Some(Outcome { verdict, score: 0.0 });
    }
    let (mut outcomes, mut missing, mut tests) = (Vec::new(), false, 0);
    for child in &group.children {
        let (worth, outcome) = match child {
            Child::Test(index) => {
                let worth = rules.points.of_test(tests);
                tests += 1;
                (worth, test(walk, *index, rules, worth))
            }
            Child::Group(inner) if inner.is_empty() => continue,
            Child::Group(inner) => (inner.max_points(), self::group(walk, inner, passed)),
        };
        let Some(outcome) = outcome else {
            missing = true;
            continue;
        };
        outcomes.push(outcome);
        let settled = match rules.points {
            GroupPoints::Each(_) => rules.gates && worth == 0.0 && !outcome.accepted(),
            GroupPoints::All(_) => outcome.verdict != Verdict::Ac,
            GroupPoints::Lowest(_) => !outcome.accepted(),
        };
        if settled {
            break;
        }
    }
    if missing {
        passed.push((group.name.clone(), None));
        return None;
    }
    let result = aggregate(&rules.points, &outcomes);
    let failure = outcomes.iter().find(|outcome| outcome.verdict != Verdict::Ac);
    passed.push((group.name.clone(), Some(failure.map_or(Verdict::Ac, |outcome| outcome.verdict))));
    walk.finish_group(group, Some(result.verdict), result.score, Some(most));
    Some(result)
}

/// The verdict for which a required group was not passed, if there is one. While that is unknown the group is run.
fn unmet(rules: &PointsRules, passed: &Passed) -> Option<Verdict> {
    rules.require_pass.iter().find_map(|required| match passed.iter().find(|(name, _)| name == required) {
        // The loader puts required groups first.
        None => Some(Verdict::Je),
        Some((_, verdict)) => verdict.filter(|verdict| *verdict != Verdict::Ac),
    })
}

/// The outcome of a test that is worth this many points: `PA` for one that got fewer.
fn test(walk: &mut Walk<'_>, index: TestIndex, rules: &PointsRules, worth: f64) -> Option<Outcome> {
    let record = walk.look_at(index)?;
    let accepted = matches!(record.verdict, Verdict::Ac | Verdict::Pa);
    let whole = matches!(rules.points, GroupPoints::All(_));
    let score = match record.points {
        _ if !accepted => 0.0,
        None => worth,
        Some(Points::Multiplier(share)) => share * worth,
        Some(Points::Score(score)) => score,
    };
    let range = ScoreRange { min: Some(0.0), max: Some(worth).filter(|_| !whole) };
    let Some(score) = Some(score).filter(|score| score.is_finite()).and_then(|score| within(score, range))
    else {
        let number = index.0 + 1;
        return Some(walk.breach(format!("the checker gave {score} of {worth} points to test {number}")));
    };
    let part =
        accepted && (record.points.is_some() && whole || score < worth || record.verdict == Verdict::Pa);
    let verdict = if part { Verdict::Pa } else { record.verdict };
    if whole {
        return Some(Outcome { verdict, score: 0.0 });
    }
    walk.score(index, score, Some(worth));
    Some(Outcome { verdict, score })
}

fn aggregate(points: &GroupPoints, outcomes: &[Outcome]) -> Outcome {
    if let Some(fault) = no_judgement(outcomes) {
        return fault;
    }
    let scores = outcomes.iter().map(|outcome| outcome.score);
    let failure = outcomes.iter().find(|outcome| !outcome.accepted());
    let part = outcomes.iter().any(|outcome| outcome.verdict != Verdict::Ac);
    let score = match points {
        GroupPoints::Each(_) => score::sum(scores),
        GroupPoints::All(points) => *points * f64::from(u8::from(!part)),
        GroupPoints::Lowest(_) => scores.fold(f64::INFINITY, f64::min),
    };
    let accepted = if part { Verdict::Pa } else { Verdict::Ac };
    Outcome { verdict: failure.map_or(accepted, |outcome| outcome.verdict), score }
}
