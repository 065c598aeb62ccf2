//! 100,000 generated pairs: the streaming checker and the slow one must agree.

use proptest::prelude::*;

use super::super::{CheckOutcome, CheckerOptions, FloatGrammar};
use super::check_in_pieces;
use super::reference::{Rules, accepts};

const PAIRS: u32 = 100_000;

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-cA-C]{1,4}",
        4 => "-?[0-9]{1,3}(\\.[0-9]{0,3})?",
        2 => "[+-]?[0-9]?\\.?[0-9]{0,2}([eE][+-]?[0-9]{0,2})?",
        1 => "[+-]?0[xX][0-9a-f]{0,3}(\\.[0-9a-f]{0,2})?(p[+-]?[0-9]{0,2})?",
        1 => prop::sample::select(vec![
            "nan", "inf", "-Infinity", "1e5", "100000", "1e999", "0x", "1e", "\u{0}", "1\u{0}", "é", "0", "-0",
        ]).prop_map(str::to_owned),
    ]
    .prop_map(|token| if token.is_empty() { "x".to_owned() } else { token })
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![" ", " ", " ", "\n", "\n", "\r\n", "\t", "  ", " \n", "\u{b}", "\u{c}", "\n\n"])
}

fn file() -> impl Strategy<Value = Vec<(String, &'static str)>> {
    prop::collection::vec((token(), blank()), 0..6)
}

/// Small changes that leave the output right, or nearly.
#[derive(Clone, Debug)]
enum Change {
    Case,
    Number(i32),
    Respell,
    Blank(&'static str),
    Drop,
    Insert(String),
    Truncate,
    Flip(u8),
}

fn change() -> impl Strategy<Value = (usize, Change)> {
    let kind = prop_oneof![
        3 => Just(Change::Case),
        4 => (-3..4).prop_map(Change::Number),
        3 => Just(Change::Respell),
        3 => blank().prop_map(Change::Blank),
        1 => Just(Change::Drop),
        1 => token().prop_map(Change::Insert),
        1 => Just(Change::Truncate),
        1 => any::<u8>().prop_map(Change::Flip),
    ];
    (0_usize..8, kind)
}

fn render(file: &[(String, &'static str)], leading: &str, trailing: bool) -> Vec<u8> {
    let mut bytes = leading.as_bytes().to_vec();
    for (i, (token, blank)) in file.iter().enumerate() {
        bytes.extend(token.as_bytes());
        if trailing || i + 1 < file.len() {
            bytes.extend(blank.as_bytes());
        }
    }
    bytes
}

fn apply(file: &mut Vec<(String, &'static str)>, changes: Vec<(usize, Change)>) -> Option<u8> {
    let mut flip = None;
    for (place, change) in changes {
        let place = if file.is_empty() { 0 } else { place % file.len() };
        let Some((token, after)) = file.get_mut(place) else { continue };
        match change {
            Change::Case => {
                *token = token
                    .chars()
                    .map(|c| if c.is_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() })
                    .collect();
            }
            // A thousandth at a time: on, inside and outside the tolerances below.
            Change::Number(steps) => {
                if let Ok(value) = token.parse::<f64>() {
                    *token = format!("{}", value + f64::from(steps) * 0.001);
                }
            }
            Change::Respell => {
                if let Ok(value) = token.parse::<f64>() {
                    *token = format!("{value:e}");
                }
            }
            Change::Blank(blank) => *after = blank,
            Change::Drop => drop(file.remove(place)),
            Change::Insert(token) => file.insert(place, (token, " ")),
            Change::Truncate => drop(token.pop()),
            Change::Flip(bit) => flip = Some(bit),
        }
    }
    flip
}

fn options() -> impl Strategy<Value = CheckerOptions> {
    let tolerance = || prop_oneof![2 => Just(None), 3 => prop::sample::select(vec![0.0, 1e-3, 0.0015, 0.01]).prop_map(Some)];
    (any::<bool>(), prop::bool::weighted(0.3), tolerance(), tolerance(), any::<bool>()).prop_map(
        |(case_sensitive, space_change_sensitive, absolute, relative, c)| CheckerOptions {
            case_sensitive,
            space_change_sensitive,
            float_absolute_tolerance: absolute,
            float_relative_tolerance: relative,
            float_grammar: if c { FloatGrammar::C } else { FloatGrammar::Decimal },
        },
    )
}

#[test]
fn agrees_with_the_reference_on_100_000_pairs() {
    let accepted = std::cell::Cell::new(0_u32);
    let seen = std::cell::Cell::new(0_u32);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: PAIRS,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let sizes = prop::collection::vec(1_usize..6, 1..5);
    let ends = (prop::sample::select(vec!["", "", " ", "\n"]), any::<bool>(), any::<bool>());
    let strategy = (file(), prop::collection::vec(change(), 0..3), options(), sizes, ends);
    runner
        .run(&strategy, |(file, changes, options, sizes, (leading, newline, same_end))| {
            let answer = render(&file, leading, newline);
            let mut changed = file;
            let flip = apply(&mut changed, changes);
            let mut output = render(&changed, if same_end { leading } else { "" }, newline == same_end);
            if let Some((bit, byte)) =
                flip.and_then(|bit| Some((bit, output.get_mut(usize::from(bit) % 13)?)))
            {
                *byte ^= 1 << (bit % 8);
            }
            let rules = Rules {
                case_sensitive: options.case_sensitive,
                space_change_sensitive: options.space_change_sensitive,
                absolute: options.float_absolute_tolerance,
                relative: options.float_relative_tolerance,
                hexadecimal: options.float_grammar == FloatGrammar::C,
            };
            let expected = accepts(&answer, &output, &rules);
            let outcome = check_in_pieces(&answer, &output, options, &sizes);
            prop_assert_eq!(outcome == CheckOutcome::Accepted, expected, "{:?}", outcome);
            // The message does not depend on how the output was cut up.
            prop_assert_eq!(&outcome, &check_in_pieces(&answer, &output, options, &[usize::MAX]));
            seen.set(seen.get() + 1);
            accepted.set(accepted.get() + u32::from(expected));
            Ok(())
        })
        .unwrap();
    // Both answers must be common, or the pairs prove nothing.
    let share = f64::from(accepted.get()) / f64::from(seen.get());
    assert!(seen.get() >= PAIRS && (0.2..0.8).contains(&share), "{} of {}", accepted.get(), seen.get());
}
