//! The default grader of legacy packages (spec `legacy`, "Test Data Groups" and "Default Grader Specification").

use super::score;
use super::tree::{
    Child, Group, GroupRules, LegacyRules, OnReject, Points, ScoreMode, TestIndex, VerdictMode,
};
use super::walk::{Outcome, Walk, no_judgement};
use crate::Verdict;

/// `worst_error`: "the first of JE, IF, RTE, MLE, TLE, OLE, WA". `CE` has no place there; it comes first.
const WORST_FIRST: [Verdict; 6] =
    [Verdict::Ce, Verdict::Rte, Verdict::Mle, Verdict::Tle, Verdict::Ole, Verdict::Wa];

/// Grades a group, `None` while a test that counts is missing.
pub(super) fn group(walk: &mut Walk<'_>, group: &Group, rules: &LegacyRules) -> Option<Outcome> {
    let mut outcomes = Vec::with_capacity(group.children.len());
    let mut missing = false;
    for child in &group.children {
        let ignored = rules.ignore_sample && is_sample(child);
        let outcome = match child {
            Child::Test(index) => test(walk, *index, rules),
            Child::Group(inner) if inner.is_empty() => continue,
            Child::Group(inner) => match &inner.rules {
                GroupRules::Legacy(own) => self::group(walk, inner, own),
                // The loader never mixes the two; a manifest that does is graded by the outer rules.
                GroupRules::Modern(_) | GroupRules::Points(_) => self::group(walk, inner, rules),
            },
        };
        if let (true, Child::Group(inner)) = (ignored, child) {
            inner.for_each_test(&mut |index| walk.set_beside(index));
        }
        let Some(outcome) = outcome else {
            missing = true;
            continue;
        };
        outcomes.push((outcome, ignored));
        if rules.on_reject == OnReject::Break && !outcome.accepted() && !ignored {
            break;
        }
    }
    if missing {
        return None;
    }
    let result = grade(walk, group, rules, &outcomes);
    walk.finish_group(group, Some(result.verdict), result.score, rules.range.max);
    Some(result)
}

fn is_sample(child: &Child) -> bool {
    matches!(child, Child::Group(group) if group.name == "sample")
}

fn test(walk: &mut Walk<'_>, index: TestIndex, rules: &LegacyRules) -> Option<Outcome> {
    let record = walk.look_at(index)?;
    let mut verdict = record.verdict;
    if verdict == Verdict::Pa && !walk.grading.scoring {
        // Partly right is not right where nothing is scored.
        verdict = Verdict::Wa;
    }
    let mut outcome = Outcome { verdict, score: 0.0 };
    outcome.score = match record.points {
        Some(Points::Score(score)) => score,
        Some(Points::Multiplier(share)) => share * rules.accept_score,
        None if outcome.accepted() => rules.accept_score,
        None => rules.reject_score,
    };
    if !outcome.score.is_finite() {
        return Some(walk.breach(format!("the score of test {} is {}", index.0 + 1, outcome.score)));
    }
    if walk.grading.scoring {
        walk.score(index, outcome.score, None);
    }
    Some(outcome)
}

fn grade(walk: &mut Walk<'_>, group: &Group, rules: &LegacyRules, outcomes: &[(Outcome, bool)]) -> Outcome {
    let all: Vec<Outcome> = outcomes.iter().map(|(outcome, _)| *outcome).collect();
    if let Some(fault) = no_judgement(&all) {
        return fault;
    }
    let counted: Vec<Outcome> =
        outcomes.iter().filter(|(_, ignored)| !ignored).map(|(outcome, _)| *outcome).collect();
    let mut result =
        Outcome { verdict: verdict(rules, &counted), score: aggregate(rules.score_mode, &counted) };
    if !walk.grading.scoring || !result.accepted() {
        return result;
    }
    match score::within(result.score, rules.range) {
        Some(score) => result.score = score,
        None => {
            let name = if group.name.is_empty() { "data" } else { &group.name };
            let score = score::told(result.score, None);
            return walk.breach(format!("the score {score} of {name} is outside its range"));
        }
    }
    result
}

fn verdict(rules: &LegacyRules, outcomes: &[Outcome]) -> Verdict {
    let accepted = |outcome: &Outcome| outcome.accepted();
    if rules.verdict_mode == VerdictMode::AlwaysAccept
        || rules.accept_if_any_accepted && outcomes.iter().any(accepted)
    {
        return Verdict::Ac;
    }
    let first = outcomes.iter().find(|outcome| !outcome.accepted()).map(|outcome| outcome.verdict);
    let worst = || WORST_FIRST.into_iter().find(|v| outcomes.iter().any(|outcome| outcome.verdict == *v));
    match rules.verdict_mode {
        VerdictMode::WorstError => worst().or(first),
        VerdictMode::FirstError | VerdictMode::AlwaysAccept => first,
    }
    .unwrap_or(Verdict::Ac)
}

fn aggregate(mode: ScoreMode, outcomes: &[Outcome]) -> f64 {
    if outcomes.is_empty() {
        return 0.0;
    }
    let scores = outcomes.iter().map(|outcome| outcome.score);
    match mode {
        ScoreMode::Sum => score::sum(scores),
        ScoreMode::Avg => score::sum(scores) / outcomes.len() as f64,
        ScoreMode::Min => scores.fold(f64::INFINITY, f64::min),
        ScoreMode::Max => scores.fold(f64::NEG_INFINITY, f64::max),
    }
}
