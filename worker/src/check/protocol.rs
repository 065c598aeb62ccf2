//! How a validator is called, and what its exit code means.

use gavel_problem::ValidatorProtocol;
use gavel_problem::grade::Points;
use gavel_runner::{Ending, Outcome};

use super::feedback::Feedback;
use crate::sandbox::SourceBytes;

/// Where a test's files lie in the validator's sandbox.
pub(super) const INPUT: &str = "/app/work/judge.in";
pub(super) const ANSWER: &str = "/app/work/judge.ans";
pub(super) const OUTPUT: &str = "/app/work/judge.out";
/// Relative to `/tmp`, and as an argument.
pub(super) const FEEDBACK: &str = "feedback";
pub(super) const FEEDBACK_ARG: &str = "/tmp/feedback/";
/// In the feedback folder: what an interactor of testlib reports, for a checker.
pub(super) const REPORT: &str = "tout";
const REPORT_ARG: &str = "/tmp/feedback/tout";

/// Families of validators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `validator INPUT ANSWER FEEDBACK_DIR/ FLAGS < OUTPUT`; exit code 42 or 43 (Kattis problem package format,
    /// "Output validators").
    Kattis,
    /// `checker INPUT OUTPUT ANSWER`; exit code 0, 1, 2, 3, 4, 7 or 8 (testlib.h, `TResult`).
    Testlib,
    /// `checker INPUT OUTPUT ANSWER`; exit code 0 or 1 (DMOJ, `bridged` of type `default`).
    Plain,
    /// `check` of a file of Python, called by a program of Gavel's own, which answers as a checker for testlib does.
    PythonCheck,
}

/// What a validator says of an output.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// What became of the output.
    pub verdict: ValidatorVerdict,
    /// For the judges.
    pub message: Option<String>,
    /// For the contestant.
    pub team_message: Option<String>,
    /// Points, where the validator gives any.
    pub points: Option<Points>,
    /// The input of the next pass.
    pub next_pass: Option<bytes::Bytes>,
    /// What an interactor of testlib reports, for a checker.
    pub report: Option<bytes::Bytes>,
}

impl Opinion {
    /// A verdict and nothing else.
    pub(crate) const fn only(verdict: ValidatorVerdict) -> Self {
        Self { verdict, message: None, team_message: None, points: None, next_pass: None, report: None }
    }
}

/// Its verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidatorVerdict {
    /// The output is right.
    Accept,
    /// The output is wrong.
    Reject,
    /// The validator failed: a judge error.
    Broken,
}

impl Protocol {
    /// The family of a program: as its package says, or by its sources.
    #[must_use]
    pub fn of(stated: ValidatorProtocol, sources: &[SourceBytes]) -> Self {
        match stated {
            ValidatorProtocol::BySource => Self::of_sources(sources),
            ValidatorProtocol::Testlib => Self::Testlib,
            ValidatorProtocol::Plain => Self::Plain,
            ValidatorProtocol::PythonCheck => Self::PythonCheck,
        }
    }

    /// The family of a program, by its sources: one that includes `testlib.h` is testlib's, unless the header it
    /// brings is an adaptation that answers with the codes of the Kattis format.
    #[must_use]
    pub fn of_sources(sources: &[SourceBytes]) -> Self {
        let named = |testlib: bool| {
            let file = move |file: &&SourceBytes| file.name.as_str().ends_with("testlib.h") == testlib;
            sources.iter().filter(file).map(|file| String::from_utf8_lossy(&file.bytes))
        };
        let include = |line: &str| line.trim_start().starts_with('#') && line.contains("testlib.h");
        let includes = named(false).any(|text| text.lines().any(include));
        let adapted =
            named(true).any(|text| text.lines().any(|line| line.contains("42") && line.contains("OK")));
        if includes && !adapted { Self::Testlib } else { Self::Kattis }
    }

    /// The arguments for one test.
    #[must_use]
    pub fn args(self, flags: &[String], interactive: bool) -> Vec<String> {
        let places: &[&str] = match (self, interactive) {
            (Self::Kattis, _) => &[INPUT, ANSWER, FEEDBACK_ARG],
            (Self::Testlib | Self::Plain | Self::PythonCheck, false) => &[INPUT, OUTPUT, ANSWER],
            (Self::Testlib, true) => &[INPUT, REPORT_ARG, ANSWER],
            (Self::Plain | Self::PythonCheck, true) => &[INPUT, ANSWER],
        };
        places.iter().map(|place| (*place).to_owned()).chain(flags.iter().cloned()).collect()
    }

    /// Whether an input is one, by what an input validator made of it.
    #[must_use]
    pub(super) fn takes_input(self, outcome: &Outcome) -> bool {
        let valid = if self == Self::Kattis { 42 } else { 0 };
        code(outcome) == Some(valid)
    }

    /// The verdict that an exit code stands for.
    #[must_use]
    pub fn verdict(self, outcome: &Outcome) -> ValidatorVerdict {
        match (self, code(outcome)) {
            (Self::Kattis, Some(42))
            | (Self::Testlib | Self::PythonCheck, Some(0 | 7))
            | (Self::Plain, Some(0)) => ValidatorVerdict::Accept,
            (Self::Kattis, Some(43))
            | (Self::Testlib, Some(1 | 2 | 4 | 8))
            | (Self::Plain | Self::PythonCheck, Some(1)) => ValidatorVerdict::Reject,
            _ => ValidatorVerdict::Broken,
        }
    }

    /// An opinion where nothing is scored: for testlib partly right is not right, while a number that a validator of Kattis' format
    /// leaves beside its exit code says nothing.
    #[must_use]
    pub fn unscored(self, opinion: Opinion) -> Opinion {
        match (self, opinion.points) {
            (Self::Testlib | Self::PythonCheck, Some(_)) => {
                Opinion { verdict: ValidatorVerdict::Reject, points: None, ..opinion }
            }
            _ => opinion,
        }
    }

    /// What the validator meant. `said` is what it printed, for the judges.
    #[must_use]
    pub fn opinion(self, outcome: &Outcome, feedback: Feedback, said: &str) -> Opinion {
        if let Some(share) = self.partly(outcome, said) {
            let message = feedback.judge_message.or_else(|| Some(said.to_owned()));
            return Opinion {
                message,
                points: Some(Points::Multiplier(share)),
                team_message: feedback.team_message,
                report: feedback.report,
                ..Opinion::only(ValidatorVerdict::Accept)
            };
        }
        let (verdict, message) = match self.verdict(outcome) {
            ValidatorVerdict::Broken => (ValidatorVerdict::Broken, Some(broken(outcome, said))),
            ValidatorVerdict::Reject if feedback.next_pass.is_some() => (
                ValidatorVerdict::Broken,
                Some("the validator asks for a next pass without accepting this one".to_owned()),
            ),
            verdict => {
                (verdict, feedback.judge_message.or_else(|| (!said.is_empty()).then(|| said.to_owned())))
            }
        };
        let points = match (self, code(outcome)) {
            (Self::Testlib | Self::PythonCheck, Some(7)) => match testlib_points(said) {
                Some(points) => Some(Points::Score(points)),
                None => {
                    let message = Some(format!("the checker gave points without a number: {said}"));
                    return Opinion { message, ..Opinion::only(ValidatorVerdict::Broken) };
                }
            },
            _ => feedback.points,
        };
        Opinion {
            verdict,
            message,
            team_message: feedback.team_message,
            points,
            next_pass: feedback.next_pass,
            report: feedback.report,
        }
    }
}

impl Protocol {
    /// `_pc(N)` of testlib: right to N percent. Its exit code is N, or N and 50 where it is compiled for TESTSYS, which alone may be
    /// that of anything else; its words alone may be a program's, which the checker has quoted.
    fn partly(self, outcome: &Outcome, said: &str) -> Option<f64> {
        let code = code(outcome).filter(|_| self == Self::Testlib)?;
        let (percent, _) = said.strip_prefix("partially correct (")?.split_once(')')?;
        let percent: u8 = percent.parse().ok()?;
        let base = code - i32::from(percent);
        [0, PC_BASE].contains(&base).then(|| f64::from(percent.min(100)) / 100.0)
    }
}

/// testlib.h, `PC_BASE_EXIT_CODE` with `TESTSYS`.
const PC_BASE: i32 = 50;

/// The exit code of a validator that kept to its limits.
fn code(outcome: &Outcome) -> Option<i32> {
    match (&outcome.limit, &outcome.ending) {
        (None, Ending::Code(code)) => Some(*code),
        _ => None,
    }
}

pub(super) fn broken(outcome: &Outcome, said: &str) -> String {
    let how = match (&outcome.limit, &outcome.ending) {
        (Some(limit), _) => format!("exceeded its limit ({limit:?})"),
        (None, Ending::Code(code)) => format!("ended with exit code {code}"),
        (None, Ending::Signal(signal)) => format!("was killed by signal {signal}"),
        (None, Ending::NotStarted { what, errno }) => format!("could not be started ({what}, error {errno})"),
    };
    let memory = if outcome.was_oom_killed() { ", out of memory" } else { "" };
    let separator = if said.is_empty() { "" } else { ": " };
    format!("the validator {how}{memory}{separator}{said}")
}

/// `points 12.5 comment`, as testlib prints it.
fn testlib_points(said: &str) -> Option<f64> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let number = match words.as_slice() {
        ["points", number, ..] => number,
        [number, ..] => number,
        [] => return None,
    };
    number.parse().ok().filter(|points: &f64| points.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::FileName;
    use test_case::test_case;

    fn outcome(code: i32) -> Outcome {
        gavel_testkit::outcome(Ending::Code(code))
    }

    #[test_case(Protocol::Kattis, 42, ValidatorVerdict::Accept)]
    #[test_case(Protocol::Kattis, 43, ValidatorVerdict::Reject)]
    #[test_case(Protocol::Kattis, 0, ValidatorVerdict::Broken)]
    #[test_case(Protocol::Kattis, 1, ValidatorVerdict::Broken)]
    #[test_case(Protocol::Testlib, 0, ValidatorVerdict::Accept)]
    #[test_case(Protocol::Testlib, 1, ValidatorVerdict::Reject)]
    #[test_case(Protocol::Testlib, 2, ValidatorVerdict::Reject)]
    #[test_case(Protocol::Testlib, 3, ValidatorVerdict::Broken)]
    #[test_case(Protocol::Testlib, 8, ValidatorVerdict::Reject)]
    #[test_case(Protocol::Testlib, 42, ValidatorVerdict::Broken)]
    #[test_case(Protocol::PythonCheck, 1, ValidatorVerdict::Reject)]
    #[test_case(Protocol::PythonCheck, 2, ValidatorVerdict::Broken)]
    #[test_case(Protocol::Plain, 0, ValidatorVerdict::Accept)]
    #[test_case(Protocol::Plain, 1, ValidatorVerdict::Reject)]
    #[test_case(Protocol::Plain, 2, ValidatorVerdict::Broken)]
    #[test_case(Protocol::Plain, 42, ValidatorVerdict::Broken)]
    fn an_exit_code_means(protocol: Protocol, code: i32, verdict: ValidatorVerdict) {
        assert_eq!(protocol.opinion(&outcome(code), Feedback::default(), "").verdict, verdict);
    }

    #[test]
    fn a_validator_that_exceeds_its_limits_is_broken_whatever_its_code() {
        let late = Outcome { limit: Some(gavel_runner::Limit::Cpu), ..outcome(42) };
        assert_eq!(
            Protocol::Kattis.opinion(&late, Feedback::default(), "").verdict,
            ValidatorVerdict::Broken
        );
    }

    #[test]
    fn testlib_points_are_read_and_missing_ones_are_broken() {
        let opinion = Protocol::Testlib.opinion(&outcome(7), Feedback::default(), "points 12.5 good");
        assert_eq!((opinion.verdict, opinion.points), (ValidatorVerdict::Accept, Some(Points::Score(12.5))));
        assert_eq!(
            Protocol::Testlib.opinion(&outcome(7), Feedback::default(), "good").verdict,
            ValidatorVerdict::Broken
        );
    }

    #[test_case(30, "partially correct (30) half of it" => (ValidatorVerdict::Accept, Some(Points::Multiplier(0.3))); "the exit code is the share")]
    #[test_case(80, "partially correct (30) half of it" => (ValidatorVerdict::Accept, Some(Points::Multiplier(0.3))); "compiled for TESTSYS")]
    #[test_case(3, "partially correct (3)" => (ValidatorVerdict::Accept, Some(Points::Multiplier(0.03))); "the code of a failure")]
    #[test_case(0, "partially correct (0) " => (ValidatorVerdict::Accept, Some(Points::Multiplier(0.0))); "the code of what is right")]
    #[test_case(200, "partially correct (200) " => (ValidatorVerdict::Accept, Some(Points::Multiplier(1.0))); "more than all")]
    #[test_case(1, "wrong answer partially correct (90)" => (ValidatorVerdict::Reject, None); "words of a program, quoted")]
    #[test_case(1, "partially correct (100)\nwrong answer" => (ValidatorVerdict::Reject, None); "what a program said, before testlib's words")]
    #[test_case(0, "partially correct (100)\nok" => (ValidatorVerdict::Accept, None); "the same where it is right")]
    #[test_case(30, "partially correct (x)" => (ValidatorVerdict::Broken, None); "no number")]
    fn testlib_tells_what_share_is_right(code: i32, said: &str) -> (ValidatorVerdict, Option<Points>) {
        let opinion = Protocol::Testlib.opinion(&outcome(code), Feedback::default(), said);
        let unscored = Protocol::Testlib.unscored(opinion.clone());
        assert!(
            opinion.points.is_none() || unscored.verdict == ValidatorVerdict::Reject,
            "nothing is scored"
        );
        (opinion.verdict, opinion.points)
    }

    #[test]
    fn partly_right_is_not_right_where_nothing_is_scored() {
        let said = |protocol: Protocol, code, feedback| {
            protocol.unscored(protocol.opinion(&outcome(code), feedback, "points 0.5"))
        };
        let opinion = said(Protocol::Testlib, 7, Feedback::default());
        assert_eq!((opinion.verdict, opinion.points), (ValidatorVerdict::Reject, None));
        assert_eq!(said(Protocol::Testlib, 0, Feedback::default()).verdict, ValidatorVerdict::Accept);
        let kattis = Feedback { points: Some(Points::Score(0.5)), ..Feedback::default() };
        assert_eq!(said(Protocol::Kattis, 42, kattis).verdict, ValidatorVerdict::Accept);
    }

    #[test]
    fn a_next_pass_needs_acceptance() {
        let asks = || Feedback { next_pass: Some(bytes::Bytes::from_static(b"x")), ..Feedback::default() };
        assert_eq!(Protocol::Kattis.opinion(&outcome(43), asks(), "").verdict, ValidatorVerdict::Broken);
        assert!(Protocol::Kattis.opinion(&outcome(42), asks(), "").next_pass.is_some());
    }

    #[test]
    fn testlib_is_told_by_its_header() {
        let file = |name: &str, text: &'static str| SourceBytes {
            name: FileName::try_from(name.to_owned()).unwrap(),
            bytes: bytes::Bytes::from_static(text.as_bytes()),
        };
        let main = || file("check.cpp", "#include \"testlib.h\"\nint main(){}");
        let own = file("testlib.h", "const int OK_EXIT_CODE = 0;");
        let adapted = file("testlib.h", "#define OK_EXIT_CODE 42");
        let other = || file("check.cpp", "// testlib.h is not used\nint main(){}");
        assert_eq!(Protocol::of_sources(&[main(), own]), Protocol::Testlib);
        assert_eq!(Protocol::of_sources(&[main(), adapted]), Protocol::Kattis);
        assert_eq!(Protocol::of_sources(&[other()]), Protocol::Kattis);
        assert_eq!(Protocol::of(ValidatorProtocol::Testlib, &[other()]), Protocol::Testlib);
        assert_eq!(Protocol::of(ValidatorProtocol::Plain, &[main()]), Protocol::Plain);
        assert_eq!(Protocol::of(ValidatorProtocol::BySource, &[main()]), Protocol::Testlib);
    }
}
