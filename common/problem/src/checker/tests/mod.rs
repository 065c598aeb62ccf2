//! The default output validator against hand-picked cases and against a second, slow implementation.

mod against_reference;
mod cases;
mod messages;
mod options;
mod reference;

use super::{CheckOutcome, CheckerOptions, FlagDialect, TokenChecker};

fn options(flags: &str, dialect: FlagDialect) -> CheckerOptions {
    let words: Vec<&str> = flags.split_whitespace().collect();
    CheckerOptions::from_flags(&words, dialect).unwrap()
}

/// Pushes the output in pieces of the given sizes, over and over.
fn check_in_pieces(answer: &[u8], output: &[u8], options: CheckerOptions, sizes: &[usize]) -> CheckOutcome {
    let mut checker = TokenChecker::new(answer, options);
    let mut rest = output;
    let mut sizes = sizes.iter().copied().cycle();
    while !rest.is_empty() {
        let size = sizes.next().unwrap_or(rest.len()).clamp(1, rest.len());
        let (piece, tail) = rest.split_at(size);
        let early = checker.push(piece).unwrap();
        if let Some(rejection) = early {
            return CheckOutcome::Rejected(rejection);
        }
        rest = tail;
    }
    checker.finish().unwrap()
}
