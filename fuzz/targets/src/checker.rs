//! Outputs held against answers: the streaming checkers against the slow reference of the format, and against themselves.

#[path = "../../../common/problem/src/checker/tests/reference.rs"]
mod reference;

use gavel_problem::checker::{CheckerOptions, Comparer, Comparison, FloatGrammar, Things};

use reference::{Rules, accepts};

/// Ends the answer; the output follows.
pub const BORDER: u8 = 0xff;

/// Tolerances, of which two bits of the second byte choose.
const TOLERANCES: [Option<f64>; 4] = [None, Some(0.0), Some(1e-3), Some(0.5)];

/// What is longer is more than the reference's plain arithmetic does: tokens, digits of a hexadecimal number, exponents.
const PLAIN_TOKEN: usize = 150;
const PLAIN_DIGITS: usize = 12;
const PLAIN_EXPONENT: usize = 3;

/// The first byte chooses the comparison, the second its options, the third how the output is cut; then come the answer,
/// [`BORDER`] and the output. The verdict is the reference's, neither it nor the message depends on how the output comes in
/// pieces, and every output is the right one for itself.
///
/// # Panics
/// When a rule is broken.
pub fn read(bytes: &[u8]) {
    let [kind, flags, cut, rest @ ..] = bytes else { return };
    let Some(border) = rest.iter().position(|byte| *byte == BORDER) else { return };
    let (answer, output) = (&rest[..border], &rest[border + 1..]);
    let options = CheckerOptions {
        case_sensitive: flags & 1 != 0,
        space_change_sensitive: flags & 2 != 0,
        float_absolute_tolerance: TOLERANCES[usize::from(flags >> 2 & 3)],
        float_relative_tolerance: TOLERANCES[usize::from(flags >> 4 & 3)],
        float_grammar: if flags & 0x40 == 0 { FloatGrammar::Decimal } else { FloatGrammar::C },
    };
    let comparison = comparison(*kind, options);
    let whole = compare(answer, output, comparison, usize::MAX);
    let pieces = compare(answer, output, comparison, usize::from(cut % 7) + 1);
    assert_eq!(whole, pieces, "{comparison:?}, in pieces");
    assert_eq!(
        compare(&ended(answer), &ended(answer), comparison, 3),
        None,
        "{comparison:?}: the answer itself"
    );
    if let Comparison::Tokens(options) = comparison
        && is_plain(answer)
        && is_plain(output)
    {
        let rules = Rules {
            case_sensitive: options.case_sensitive,
            space_change_sensitive: options.space_change_sensitive,
            absolute: options.float_absolute_tolerance,
            relative: options.float_relative_tolerance,
            hexadecimal: options.float_grammar == FloatGrammar::C,
        };
        assert_eq!(whole.is_none(), accepts(answer, output, &rules), "{options:?}: {whole:?}");
    }
}

/// Half of them are the format's own, for which there is the reference.
const fn comparison(kind: u8, options: CheckerOptions) -> Comparison {
    match kind % 14 {
        0 => Comparison::TokensOnLines(options),
        1 => Comparison::Exact,
        2 => Comparison::ExactLines,
        3 => Comparison::Lines,
        4 => Comparison::Unordered(Things::Lines),
        5 => Comparison::Unordered(Things::Tokens),
        6 => Comparison::Unordered(Things::Bytes),
        _ => Comparison::Tokens(options),
    }
}

fn compare(answer: &[u8], output: &[u8], comparison: Comparison, size: usize) -> Option<String> {
    let mut comparer = Comparer::new(answer, comparison).unwrap();
    for piece in output.chunks(size) {
        comparer.push(piece).unwrap();
    }
    comparer.finish().unwrap()
}

/// With a line feed at the end, which one comparison puts behind every answer.
fn ended(text: &[u8]) -> Vec<u8> {
    let lines = text.split(|byte| *byte == b'\r').collect::<Vec<_>>().concat();
    [&lines, &b"\n"[..]].concat()
}

/// Whether what may be numbers are some that the reference's arithmetic is exact for.
fn is_plain(text: &[u8]) -> bool {
    text.split(|byte| byte.is_ascii_whitespace() || *byte == 0x0b).all(|token| {
        let token = token.to_ascii_lowercase();
        let after = |letter| token.iter().position(|byte| *byte == letter).map(|at| token.split_at(at + 1));
        let exponent = |(_, exponent): (&[u8], &[u8])| exponent.len() <= PLAIN_EXPONENT;
        token.len() <= PLAIN_TOKEN
            && match after(b'x') {
                Some((_, digits)) if digits.len() <= PLAIN_DIGITS => after(b'p').is_none_or(exponent),
                Some(_) => false,
                None => after(b'e').is_none_or(exponent),
            }
    })
}
