//! Result aggregation of `2025-09` (spec, "Result aggregation").

use super::score::{self, within};
use super::tree::{
    Aggregation, Child, Group, GroupRules, ModernRules, Points, ScoreRange, TestIndex, TestScore,
};
use super::walk::{Outcome, Walk, as_group, no_judgement};
use crate::Verdict;

/// Grades `data`. `None` while a test that counts is missing.
pub(super) fn root(walk: &mut Walk<'_>) -> Option<Outcome> {
    let grading = walk.grading;
    if grading.scoring { scoring(walk, &grading.root) } else { pass_fail(walk, &grading.root) }
}

/// "Accepted if and only if every test case is accepted": stops at the first that is not.
fn pass_fail(walk: &mut Walk<'_>, group: &Group) -> Option<Outcome> {
    let mut missing = false;
    let mut result = Outcome { verdict: Verdict::Ac, score: 0.0 };
    for child in &group.children {
        let outcome = match child {
            Child::Test(index) => walk.look_at(*index).map(|record| Outcome {
                verdict: if record.verdict == Verdict::Pa { Verdict::Wa } else { record.verdict },
                score: 0.0,
            }),
            Child::Group(inner) if inner.is_empty() => continue,
            Child::Group(inner) => pass_fail(walk, inner),
        };
        match outcome {
            None => missing = true,
            Some(outcome) if outcome.accepted() => {}
            Some(outcome) => {
                result = outcome;
                break;
            }
        }
    }
    if missing {
        return None;
    }
    walk.finish_group(group, Some(result.verdict), 0.0, None);
    Some(result)
}

/// The groups seen so far by name, with the first verdict that is not `AC`; `None` while unknown.
type Passed = Vec<(String, Option<Verdict>)>;

fn scoring(walk: &mut Walk<'_>, data: &Group) -> Option<Outcome> {
    let mut passed = Passed::new();
    let mut sample = None;
    let mut secret = None;
    let mut missing = false;
    for group in data.children.iter().filter_map(as_group).filter(|group| !group.is_empty()) {
        let outcome = if group.name == "sample" {
            let outcome = self::sample(walk, group);
            passed.push((group.name.clone(), outcome.map(|outcome| outcome.verdict)));
            sample = outcome;
            outcome
        } else {
            secret = scored_group(walk, group, &mut passed);
            secret
        };
        missing |= outcome.is_none();
    }
    if missing {
        return None;
    }
    let all: Vec<Outcome> = sample.into_iter().chain(secret).collect();
    no_judgement(&all).or(secret).or(Some(Outcome { verdict: Verdict::Ac, score: 0.0 }))
}

/// "Sample test cases do not contribute to the problem score", yet "every submission is run on these".
fn sample(walk: &mut Walk<'_>, group: &Group) -> Option<Outcome> {
    let mut outcomes = Vec::new();
    let mut missing = false;
    let mut tests = Vec::new();
    group.for_each_test(&mut |index| tests.push(index));
    for index in tests {
        walk.set_beside(index);
        match walk.look_at(index) {
            Some(record) => outcomes.push(Outcome { verdict: record.verdict, score: 0.0 }),
            None => missing = true,
        }
    }
    if missing {
        return None;
    }
    let outcome = first_rejected(&outcomes, 0.0);
    walk.finish_group(group, Some(outcome.verdict), 0.0, None);
    Some(outcome)
}

/// `secret`, or a group below it.
fn scored_group(walk: &mut Walk<'_>, group: &Group, passed: &mut Passed) -> Option<Outcome> {
    let default =
        ModernRules { max_score: None, score_aggregation: Aggregation::Sum, require_pass: Vec::new() };
    let rules = match &group.rules {
        GroupRules::Modern(rules) => rules,
        GroupRules::Legacy(_) | GroupRules::Points(_) => &default,
    };
    if let Some(verdict) = unmet(rules, passed) {
        walk.finish_group(group, None, 0.0, rules.max_score);
        passed.push((group.name.clone(), Some(verdict)));
        // "All test cases in the group are treated as having received a verdict that is not accepted."
        return Some(Outcome { verdict, score: 0.0 });
    }
    let mut outcomes = Vec::new();
    let mut missing = false;
    let mut tests = 0;
    group.for_each_test(&mut |_| tests += 1);
    let maximum = match rules.score_aggregation {
        Aggregation::Sum => {
            rules.max_score.map(|max| max / f64::from(u32::try_from(tests).unwrap_or(u32::MAX)))
        }
        Aggregation::PassFail | Aggregation::Min => rules.max_score,
    };
    for child in &group.children {
        let outcome = match child {
            Child::Test(index) => scored_test(walk, *index, rules.score_aggregation, maximum),
            Child::Group(inner) if inner.is_empty() => continue,
            Child::Group(inner) => scored_group(walk, inner, passed),
        };
        let Some(outcome) = outcome else {
            missing = true;
            continue;
        };
        outcomes.push(outcome);
        let settled = match rules.score_aggregation {
            Aggregation::PassFail => !outcome.accepted(),
            Aggregation::Min => outcome.score <= 0.0,
            Aggregation::Sum => false,
        };
        if settled {
            break;
        }
    }
    if missing {
        passed.push((group.name.clone(), None));
        return None;
    }
    let result = aggregate(walk, group, rules, &outcomes);
    let failure = outcomes.iter().find(|outcome| outcome.verdict != Verdict::Ac);
    passed.push((group.name.clone(), Some(failure.map_or(Verdict::Ac, |outcome| outcome.verdict))));
    walk.finish_group(group, Some(result.verdict), result.score, rules.max_score);
    Some(result)
}

/// The verdict for which a required group was not passed, if there is one: a group "will only be run if the
/// group being referred to receives an accepted verdict for all test cases". While that is unknown it is run.
fn unmet(rules: &ModernRules, passed: &Passed) -> Option<Verdict> {
    rules.require_pass.iter().find_map(|required| match passed.iter().find(|(name, _)| name == required) {
        // The loader refuses a group that is not an earlier one.
        None => Some(Verdict::Je),
        Some((_, verdict)) => verdict.filter(|verdict| *verdict != Verdict::Ac),
    })
}

fn aggregate(walk: &mut Walk<'_>, group: &Group, rules: &ModernRules, outcomes: &[Outcome]) -> Outcome {
    if let Some(fault) = no_judgement(outcomes) {
        return fault;
    }
    let scores = outcomes.iter().map(|outcome| outcome.score);
    let score = match rules.score_aggregation {
        Aggregation::PassFail if outcomes.iter().all(|outcome| outcome.verdict == Verdict::Ac) => {
            rules.max_score.unwrap_or(0.0)
        }
        Aggregation::PassFail => 0.0,
        Aggregation::Sum => score::sum(scores),
        Aggregation::Min => scores.fold(f64::INFINITY, f64::min),
    };
    match within(score, up_to(rules.max_score)) {
        Some(score) => first_rejected(outcomes, score),
        None => {
            let (name, max) = (&group.name, rules.max_score.unwrap_or_default());
            let score = score::told(score, None);
            walk.breach(format!("the score {score} of {name} is above its max_score {max}"))
        }
    }
}

fn first_rejected(outcomes: &[Outcome], score: f64) -> Outcome {
    no_judgement(outcomes).unwrap_or_else(|| Outcome {
        verdict: outcomes.iter().find(|outcome| !outcome.accepted()).map_or(Verdict::Ac, |o| o.verdict),
        score,
    })
}

fn scored_test(
    walk: &mut Walk<'_>,
    index: TestIndex,
    aggregation: Aggregation,
    maximum: Option<f64>,
) -> Option<Outcome> {
    let record = walk.look_at(index)?;
    if record.verdict == Verdict::Je {
        return Some(Outcome { verdict: record.verdict, score: 0.0 });
    }
    let score = match test_score(record, aggregation, maximum) {
        Ok(score) => score,
        Err(breach) => return Some(walk.breach(format!("test {}: {breach}", index.0 + 1))),
    };
    if aggregation == Aggregation::PassFail {
        let verdict = if record.verdict == Verdict::Pa { Verdict::Wa } else { record.verdict };
        return Some(Outcome { verdict, score: 0.0 });
    }
    walk.score(index, score, maximum);
    Some(Outcome { verdict: record.verdict, score })
}

/// The score of a test by "Scoring test cases", or which of its judge errors it is.
fn test_score(record: TestScore, aggregation: Aggregation, maximum: Option<f64>) -> Result<f64, String> {
    let accepted = matches!(record.verdict, Verdict::Ac | Verdict::Pa);
    let file = match record.points {
        Some(Points::Score(_)) => "score.txt",
        Some(Points::Multiplier(_)) => "score_multiplier.txt",
        None => "",
    };
    match (record.points, maximum) {
        (Some(_), _) if aggregation == Aggregation::PassFail => {
            Err(format!("{file} in a group with pass-fail aggregation"))
        }
        (None, _) if aggregation == Aggregation::PassFail => Ok(0.0),
        (Some(_), _) if !accepted => Err(format!("{file} on a test that is not accepted")),
        (None, _) if !accepted => Ok(0.0),
        (None, Some(maximum)) => Ok(maximum),
        (None, None) => Err("accepted without score.txt in a group with unbounded score".to_owned()),
        (Some(Points::Multiplier(_)), None) => {
            Err("score_multiplier.txt in a group with unbounded score".to_owned())
        }
        (Some(Points::Multiplier(share)), Some(maximum)) if (0.0..=1.0).contains(&share) => {
            Ok(share * maximum)
        }
        (Some(Points::Multiplier(share)), Some(_)) => {
            Err(format!("score_multiplier.txt holds {share}, not a number from 0 to 1"))
        }
        (Some(Points::Score(score)), _) if !(score.is_finite() && score >= 0.0) => {
            Err(format!("score.txt holds {score}, not a number of at least 0"))
        }
        (Some(Points::Score(score)), maximum) => within(score, up_to(maximum)).ok_or_else(|| {
            let maximum = score::told(maximum.unwrap_or_default(), None);
            format!("score.txt holds {score}, more than the test's maximum {maximum}")
        }),
    }
}

const fn up_to(max: Option<f64>) -> ScoreRange {
    ScoreRange { min: None, max }
}
