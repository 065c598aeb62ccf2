//! An expectation in a few words.

use gavel_model::Verdict;
use gavel_problem::{Expectation, ExpectedScore, Rule, UseForTimeLimit};

/// What must become of a submission, such as `some WA, else AC` or `secret/b*: RTE; score 40 to 60`.
pub(crate) fn expected(expectation: &Expectation) -> String {
    let mut parts = Vec::new();
    if !expectation.final_verdicts.is_empty() {
        parts.push(format!("verdict {}", or(&expectation.final_verdicts)));
    }
    parts.extend(expectation.rules.iter().filter_map(rule));
    match expectation.score {
        ExpectedScore::Any => {}
        ExpectedScore::Full => parts.push("full score".to_owned()),
        ExpectedScore::Partial => parts.push("PA".to_owned()),
    }
    if parts.is_empty() { "anything".to_owned() } else { parts.join("; ") }
}

fn rule(rule: &Rule) -> Option<String> {
    let mut words = Vec::new();
    match (&rule.required, &rule.permitted) {
        (Some(required), Some(permitted)) => {
            let others: Vec<_> = permitted.iter().copied().filter(|v| !required.contains(v)).collect();
            let otherwise = if others.is_empty() { String::new() } else { format!(", else {}", or(&others)) };
            words.push(format!("some {}{otherwise}", or(required)));
        }
        (Some(required), None) => words.push(format!("some {}", or(required))),
        (None, Some(permitted)) => words.push(or(permitted)),
        (None, None) => {}
    }
    match rule.score {
        Some((low, high)) if low < high => words.push(format!("score {low} to {high}")),
        Some((score, _)) => words.push(format!("score {score}")),
        None => {}
    }
    if let Some(message) = rule.message.as_deref().filter(|message| !message.is_empty()) {
        words.push(format!("message {message:?}"));
    }
    match rule.use_for_time_limit {
        Some(UseForTimeLimit::Lower) => words.push("no TLE".to_owned()),
        Some(UseForTimeLimit::Upper) => words.push("some TLE".to_owned()),
        Some(UseForTimeLimit::No | UseForTimeLimit::Yes) | None => {}
    }
    let words = (!words.is_empty()).then(|| words.join(", "))?;
    Some(match &rule.tests {
        Some(pattern) => format!("{pattern}: {words}"),
        None => words,
    })
}

fn or(verdicts: &[Verdict]) -> String {
    verdicts.iter().map(|verdict| verdict.as_str()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Ac, Rte, Tle, Wa};

    fn of(rules: Vec<Rule>) -> String {
        expected(&Expectation { rules, ..Expectation::default() })
    }

    #[test]
    fn folders_read_like_what_they_ask_for() {
        let permitted = |verdicts: &[Verdict]| Some(verdicts.to_vec());
        assert_eq!(of(vec![Rule { permitted: permitted(&[Ac]), ..Rule::default() }]), "AC");
        let wrong = Rule { permitted: permitted(&[Ac, Wa]), required: Some(vec![Wa]), ..Rule::default() };
        assert_eq!(of(vec![wrong]), "some WA, else AC");
        let rejected = Rule { required: Some(vec![Rte, Tle, Wa]), ..Rule::default() };
        assert_eq!(of(vec![rejected]), "some RTE/TLE/WA");
        assert_eq!(of(Vec::new()), "anything");
    }

    #[test]
    fn patterns_scores_and_comments_are_named() {
        let group = Rule {
            tests: Some("secret/b*".to_owned()),
            score: Some((40.0, 60.0)),
            message: Some("too far".to_owned()),
            ..Rule::default()
        };
        assert_eq!(of(vec![group]), "secret/b*: score 40 to 60, message \"too far\"");
        let comment = Expectation { final_verdicts: vec![Wa, Rte], ..Expectation::default() };
        assert_eq!(expected(&comment), "verdict WA/RTE");
        let partial = Expectation { score: ExpectedScore::Partial, ..Expectation::default() };
        assert_eq!(expected(&partial), "PA");
    }
}
