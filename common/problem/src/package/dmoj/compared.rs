//! DMOJ's own checkers (DMOJ/judge-server, `dmoj/checkers`).

use super::super::diagnostic::Report;
use super::super::fields::Fields;
use super::FILE;
use crate::checker::{CheckerOptions, Comparison, FloatGrammar, Things};

/// Checkers that are there at DMOJ and not here.
const REFUSED: [(&str, &str); 4] = [
    (
        "linecount",
        "it gives points for every right line, also of programs that fail; make the lines tests of their own",
    ),
    ("linematches", "it gives points for every right line; make the lines tests of their own"),
    ("rstripped", "use standard, or identical"),
    ("wcmp", "use standard, or bring the checker and name it as bridged"),
];

/// What a checker of DMOJ's own compares; what there is none of is refused by name.
pub(super) fn comparison(
    name: &str,
    binary: bool,
    args: &mut Fields<'_>,
    line: u32,
    report: &mut Report,
) -> Option<Comparison> {
    let (mut absolute, mut relative) = (true, true);
    match name {
        "standard" => return Some(standard()),
        "easy" => return Some(Comparison::Unordered(Things::Bytes)),
        "unordered" => return Some(Comparison::Unordered(Things::Tokens)),
        "sorted" => {
            let words = [("lines", Things::Lines), ("whitespace", Things::Tokens)];
            let things = args.word("split_on", &words, report);
            return Some(Comparison::Unordered(things.unwrap_or(Things::Lines)));
        }
        "identical" | "identical_with_pe" => {
            // It changes what is told, not the verdict.
            args.flag("pe_allowed", report);
            return Some(if binary { Comparison::Exact } else { Comparison::ExactLines });
        }
        "floats" => {
            let modes = [("default", (true, true)), ("absolute", (true, false)), ("relative", (false, true))];
            (absolute, relative) = args.word("error_mode", &modes, report).unwrap_or((true, true));
        }
        "floatsabs" => relative = false,
        "floatsrel" => absolute = false,
        _ => {
            refuse(name, line, report);
            return None;
        }
    }
    let precision =
        args.number("precision", "a number from 0 to 300", |n| (0.0..=300.0).contains(&n), report);
    let epsilon = 10_f64.powi(-(precision.unwrap_or(6.0).trunc() as i32));
    Some(Comparison::TokensOnLines(CheckerOptions {
        float_absolute_tolerance: Some(epsilon).filter(|_| absolute),
        float_relative_tolerance: Some(epsilon).filter(|_| relative),
        ..exactly()
    }))
}

fn refuse(name: &str, line: u32, report: &mut Report) {
    let why = match REFUSED.iter().find(|(refused, _)| *refused == name) {
        Some((_, why)) => (*why).to_owned(),
        None => "there is none of that name".to_owned(),
    };
    report.error(FILE, Some(line), format!("checker {name} is not supported: {why}"));
}

const fn exactly() -> CheckerOptions {
    CheckerOptions {
        case_sensitive: true,
        space_change_sensitive: false,
        float_absolute_tolerance: None,
        float_relative_tolerance: None,
        float_grammar: FloatGrammar::Decimal,
    }
}

/// What compares where no checker is named.
pub(super) const fn standard() -> Comparison {
    Comparison::TokensOnLines(exactly())
}
