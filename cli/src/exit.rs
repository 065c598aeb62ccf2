//! What a process ends with. docs/OPERATIONS.md lists the same.

use std::fmt::Write as _;
use std::process::ExitCode;

use gavel_model::Verdict;

/// An exit code, in short, and when it is met.
pub type Meaning = (u8, &'static str);

/// What a wrong command line ends with, as clap has it.
pub const USAGE: u8 = 2;

/// Every exit code but those of verdicts.
const OTHERS: [Meaning; 5] = [
    (0, "done, as asked"),
    (1, "a fault, or something was not as it should be"),
    (USAGE, "the command line is wrong"),
    (64, "the settings are wrong"),
    (130, "interrupted, or a second signal"),
];

/// Every verdict's own.
const VERDICTS: [(Verdict, Meaning); 9] = [
    (Verdict::Ce, (10, "CE: it does not compile")),
    (Verdict::Rte, (11, "RTE: run-time error")),
    (Verdict::Tle, (12, "TLE: out of time")),
    (Verdict::Mle, (13, "MLE: out of memory")),
    (Verdict::Ole, (14, "OLE: too much output")),
    (Verdict::Wa, (15, "WA: wrong answer")),
    (Verdict::Pa, (16, "PA: some of the points")),
    (Verdict::Canceled, (17, "CANCELED: nobody wants it any more")),
    (Verdict::Je, (20, "JE: the judge failed")),
];

/// The exit code that stands for a verdict; `AC` is 0.
#[must_use]
pub fn of_verdict(verdict: Verdict) -> ExitCode {
    let own = VERDICTS.iter().find(|(of, _)| *of == verdict);
    ExitCode::from(own.map_or(0, |(_, (code, _))| *code))
}

/// Every exit code, in order.
#[must_use]
pub fn all() -> Vec<Meaning> {
    let mut all: Vec<Meaning> = VERDICTS.iter().map(|(_, meaning)| *meaning).chain(OTHERS).collect();
    all.sort_unstable_by_key(|(code, _)| *code);
    all
}

/// All of them, for `--help` and the manual.
#[must_use]
pub fn listed() -> String {
    let mut text = "Exit codes, of which each command's own help tells more:\n".to_owned();
    for (code, meaning) in all() {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "  {code:>3}  {meaning}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_but_ac_has_a_code_of_its_own() {
        let with_own = Verdict::ALL.iter().filter(|verdict| **verdict != Verdict::Ac);
        for verdict in with_own {
            assert!(VERDICTS.iter().any(|(of, _)| of == verdict), "{verdict} has none");
        }
        let codes: std::collections::BTreeSet<u8> = all().into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), all().len());
    }
}
