//! What must become of an example submission, and whether it did.

use serde::{Deserialize, Serialize};

use super::glob::glob_matches;
use crate::Verdict;

/// What must become of a submission: all rules hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// From its folder and from `submissions.yaml`.
    pub rules: Vec<Rule>,
    /// The final verdict is one of these (`@EXPECTED_RESULTS@:`); empty for any.
    #[serde(default)]
    pub final_verdicts: Vec<Verdict>,
    /// Which score a scoring problem must give.
    #[serde(default)]
    pub score: ExpectedScore,
    /// Which side of the time limit it bounds by its folder or comment; rules may say more.
    #[serde(default)]
    pub bound: Option<TimeBound>,
}

/// Which score a scoring problem must give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpectedScore {
    /// Any.
    #[default]
    Any,
    /// The best there is (`accepted`).
    Full,
    /// Accepted with less than the best (`partially_accepted`).
    Partial,
}

/// A requirement on some of the tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Where it comes from, for messages: a folder's name or a pattern.
    pub source: String,
    /// The tests or groups it is about: a pattern of paths below `data`; `None` for all.
    #[serde(default)]
    pub tests: Option<String>,
    /// Every verdict is one of these.
    #[serde(default)]
    pub permitted: Option<Vec<Verdict>>,
    /// At least one verdict is one of these.
    #[serde(default)]
    pub required: Option<Vec<Verdict>>,
    /// The score, of the submission or of each named group, lies in here.
    #[serde(default)]
    pub score: Option<(f64, f64)>,
    /// Part of at least one judge message.
    #[serde(default)]
    pub message: Option<String>,
    /// Whether the rule's tests bound the time limit; `None` follows from the verdicts.
    #[serde(default)]
    pub use_for_time_limit: Option<UseForTimeLimit>,
}

/// `use_for_time_limit` of `submissions.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseForTimeLimit {
    /// `false`: not at all.
    No,
    /// `true`: as the verdicts say.
    Yes,
    /// `lower`.
    Lower,
    /// `upper`.
    Upper,
}

/// A side of the time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeBound {
    /// The limit must leave room above its time.
    Lower,
    /// The limit must stay below its time.
    Upper,
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed<'a> {
    /// The verdict of the whole.
    pub verdict: Verdict,
    /// The score of the whole.
    pub score: Option<f64>,
    /// The tests that were judged.
    pub tests: &'a [ObservedTest<'a>],
    /// The groups that were graded: name below `data`, score.
    pub groups: &'a [(&'a str, Option<f64>)],
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObservedTest<'a> {
    /// The path below `data` without extension.
    pub name: &'a str,
    /// Its verdict.
    pub verdict: Verdict,
    /// What the checker told the judges.
    pub message: &'a str,
}

impl Expectation {
    /// Whether a submission did what it must.
    ///
    /// The format knows `AC`, `WA`, `TLE` and `RTE` only: `MLE` and `OLE` count as `RTE` where they are not
    /// named, and `PA` of a test as `AC`. `JE` is never what was expected.
    ///
    /// # Errors
    ///
    /// What is not as expected, in one sentence.
    pub fn check(&self, observed: &Observed<'_>) -> Result<(), String> {
        if observed.verdict == Verdict::Je {
            return Err(format!("got {}, which is no judgement", observed.verdict));
        }
        if !self.final_verdicts.is_empty() && !is_among(observed.verdict, &self.final_verdicts) {
            return Err(format!("got {}, expected {}", observed.verdict, list(&self.final_verdicts)));
        }
        // A submission that does not compile was never tested; only a comment can expect that.
        if observed.verdict == Verdict::Ce && self.final_verdicts.is_empty() {
            let expects = self.rules.iter().any(|rule| rule.permitted.is_some() || rule.required.is_some());
            return if expects || self.score != ExpectedScore::Any {
                Err("got CE, expected it to compile".to_owned())
            } else {
                Ok(())
            };
        }
        for rule in &self.rules {
            rule.check(observed)?;
        }
        let score = observed.score.map_or_else(String::new, |score| format!(" with score {score}"));
        match (self.score, observed.verdict) {
            (ExpectedScore::Full, verdict) if verdict != Verdict::Ac => {
                Err(format!("got {verdict}{score}, expected AC with the best score"))
            }
            (ExpectedScore::Partial, verdict) if verdict != Verdict::Pa => {
                Err(format!("got {verdict}{score}, expected PA"))
            }
            _ => Ok(()),
        }
    }

    /// The tests that bound the time limit on one side: a pattern for each rule, `None` for all tests.
    /// `Lower` wherever `TLE` is not permitted, `Upper` where it is required (spec `2025-09`, "Timelimit
    /// inference"); legacy bounds by `accepted` only.
    #[must_use]
    pub fn bounds(&self, bound: TimeBound) -> Vec<Option<&str>> {
        let own = self.bound.filter(|own| *own == bound).map(|_| None);
        let of_rules = self.rules.iter().filter(|rule| rule.bounds(bound)).map(|rule| rule.tests.as_deref());
        own.into_iter().chain(of_rules).collect()
    }
}

impl Rule {
    fn covers(&self, path: &str) -> bool {
        // Patterns were read once when the package was loaded, so an error cannot happen here.
        self.tests.as_ref().is_none_or(|pattern| glob_matches(pattern, path).unwrap_or(false))
    }

    fn bounds(&self, bound: TimeBound) -> bool {
        let verdicts = match bound {
            TimeBound::Lower => self.permitted.as_ref().is_some_and(|p| !p.contains(&Verdict::Tle)),
            TimeBound::Upper => self.required.as_deref() == Some(&[Verdict::Tle]),
        };
        match self.use_for_time_limit {
            Some(UseForTimeLimit::No) => false,
            Some(UseForTimeLimit::Lower) => bound == TimeBound::Lower,
            Some(UseForTimeLimit::Upper) => bound == TimeBound::Upper,
            Some(UseForTimeLimit::Yes) | None => verdicts,
        }
    }

    fn check(&self, observed: &Observed<'_>) -> Result<(), String> {
        let tests = || observed.tests.iter().filter(|test| self.covers(test.name));
        let source = &self.source;
        // `lower` "is equivalent to a permitted: [AC, WA, RTE] constraint", `upper` to "required: [TLE]".
        match self.use_for_time_limit {
            Some(UseForTimeLimit::Lower) if tests().any(|test| test.verdict == Verdict::Tle) => {
                return Err(format!("got TLE, but {source} bounds the time limit from below"));
            }
            Some(UseForTimeLimit::Upper) if !tests().any(|test| test.verdict == Verdict::Tle) => {
                return Err(format!("got no TLE, but {source} bounds the time limit from above"));
            }
            _ => {}
        }
        if let Some(permitted) = &self.permitted
            && let Some(test) = tests().find(|test| !is_among(test.verdict, permitted))
        {
            let (verdict, name) = (test.verdict, test.name);
            return Err(format!("got {verdict} on {name}, permitted by {source}: {}", list(permitted)));
        }
        if let Some(required) = &self.required
            && !tests().any(|test| is_among(test.verdict, required))
        {
            return Err(format!("no test got what {source} requires: {}", list(required)));
        }
        if let Some(message) = self.message.as_ref().filter(|message| !message.is_empty())
            && !tests().any(|test| test.message.contains(message.as_str()))
        {
            return Err(format!("no judge message contains {message:?}, which {source} requires"));
        }
        if let Some((low, high)) = self.score {
            let fits = |score: Option<f64>| score.is_some_and(|s| low - 1e-9 <= s && s <= high + 1e-9);
            let wrong = match &self.tests {
                None if fits(observed.score) => None,
                None => Some((observed.score, "the submission")),
                Some(_) => {
                    let mut groups = observed.groups.iter().filter(|(name, _)| self.names_group(name));
                    groups.find(|(_, score)| !fits(*score)).map(|(name, score)| (*score, *name))
                }
            };
            if let Some((score, of)) = wrong {
                let score = score.map_or_else(|| "no score".to_owned(), |score| format!("score {score}"));
                return Err(format!("got {score} for {of}, expected by {source}: {low} to {high}"));
            }
        }
        Ok(())
    }

    /// Whether the pattern names this group itself, not one around it.
    fn names_group(&self, name: &str) -> bool {
        let depth = |path: &str| path.trim_end_matches('/').split('/').count();
        self.tests.as_ref().is_some_and(|pattern| depth(pattern) == depth(name)) && self.covers(name)
    }
}

fn is_among(verdict: Verdict, expected: &[Verdict]) -> bool {
    let stands_for = match verdict {
        Verdict::Mle | Verdict::Ole => Verdict::Rte,
        Verdict::Pa => Verdict::Ac,
        other => other,
    };
    expected.contains(&verdict) || expected.contains(&stands_for)
}

fn list(verdicts: &[Verdict]) -> String {
    verdicts.iter().map(|verdict| verdict.as_str()).collect::<Vec<_>>().join(", ")
}
