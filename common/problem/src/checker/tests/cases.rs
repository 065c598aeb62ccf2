//! Hand-picked edges of the format, one row each: flags, answer, output, accepted.

use super::super::{CheckOutcome, FlagDialect};
use super::{check_in_pieces, options};

type Row = (&'static str, &'static [u8], &'static [u8], bool);

/// Rows that read the same in both versions of the format.
const BOTH: &[Row] = &[
    // Emptiness.
    ("", b"", b"", true),
    ("", b"", b" \n\t ", true),
    ("", b"\n", b"", true),
    ("", b"1", b"", false),
    ("", b"1", b"   \n", false),
    ("", b"", b"1", false),
    ("space_change_sensitive", b"", b"", true),
    ("space_change_sensitive", b"", b"\n", false),
    ("space_change_sensitive", b"\n", b"", false),
    // Tokens and their number.
    ("", b"1 2 3\n", b"1 2 3\n", true),
    ("", b"1 2 3\n", b"1 2\n", false),
    ("", b"1 2\n", b"1 2 3\n", false),
    ("", b"12", b"1 2", false),
    ("", b"1 2", b"12", false),
    ("", b"abc", b"ab", false),
    ("", b"ab", b"abc", false),
    ("", b"ok\n", b"ok\ngarbage", false),
    // White space.
    ("", b"1 2\n3\n", b"  1\t2\r\n\n3", true),
    ("", b"1 2", b"1\x0b\x0c2", true),
    ("", b"1 2", b"1\xc2\xa02", false),
    ("", b"1 2", b"1\x002", false),
    ("space_change_sensitive", b"1 2\n", b"1 2\n", true),
    ("space_change_sensitive", b"1 2\n", b"1  2\n", false),
    ("space_change_sensitive", b"1 2\n", b"1\t2\n", false),
    ("space_change_sensitive", b"1 2\n", b"1 2", false),
    ("space_change_sensitive", b"1 2", b"1 2\n", false),
    ("space_change_sensitive", b"1 2\n", b" 1 2\n", false),
    ("space_change_sensitive", b" 1", b"1", false),
    ("space_change_sensitive", b"1\n", b"1\r\n", false),
    ("space_change_sensitive", b"a b", b"ab", false),
    ("space_change_sensitive", b"ab", b"a b", false),
    // Case.
    ("", b"YES", b"yes", true),
    ("", b"Yes", b"yEs", true),
    ("case_sensitive", b"YES", b"yes", false),
    ("case_sensitive", b"YES", b"YES", true),
    ("", b"@", b"`", false),
    ("", b"[", b"{", false),
    ("", "Å".as_bytes(), "å".as_bytes(), false),
    ("case_sensitive space_change_sensitive", b"A b\n", b"A b\n", true),
    ("case_sensitive space_change_sensitive", b"A b\n", b"a b\n", false),
    // Bytes.
    ("", b"a\x00b", b"a\x00b", true),
    ("", b"a\x00b", b"a\x00c", false),
    ("", b"a\x00b", b"a", false),
    ("", b"\xff\xfe", b"\xff\xfe", true),
    ("", b"\xff", b"\xfe", false),
    ("", b"\xef\xbb\xbf1", b"1", false),
    // Without a tolerance numbers are strings.
    ("", b"1e5", b"100000", false),
    ("", b"1.0", b"1", false),
    ("", b"0.5", b".5", false),
    ("", b"1E5", b"1e5", true),
    ("case_sensitive", b"1E5", b"1e5", false),
    ("", b"nan", b"NaN", true),
    // Numbers, absolute.
    ("float_absolute_tolerance 1e-6", b"1e5", b"100000", true),
    ("float_absolute_tolerance 1e-6", b"0.0314", b"3.14000000e-2", true),
    ("float_absolute_tolerance 1e-2", b"1.00", b"1.0099999", true),
    // 1.01 - 1.00 is a little more than 0.01 in doubles, for problemtools as well.
    ("float_absolute_tolerance 1e-2", b"1.00", b"1.01", false),
    ("float_absolute_tolerance 0.25", b"1.5", b"1.75", true),
    ("float_absolute_tolerance 0.25", b"1.5", b"1.7500001", false),
    ("float_absolute_tolerance 0.25", b"1.5", b"1.25", true),
    ("float_absolute_tolerance 0", b"1", b"1.0", true),
    ("float_absolute_tolerance 0", b"1", b"1.0000000001", false),
    ("float_absolute_tolerance 1", b"3", b"4", true),
    ("float_absolute_tolerance 1", b"3", b"4.5", false),
    // Numbers, relative.
    ("float_relative_tolerance 0.5", b"8", b"12", true),
    ("float_relative_tolerance 0.5", b"8", b"12.5", false),
    ("float_relative_tolerance 0.5", b"-8", b"-4", true),
    ("float_relative_tolerance 0.5", b"-8", b"8", false),
    ("float_relative_tolerance 0.5", b"0", b"0.0000001", false),
    ("float_relative_tolerance 0.5", b"0", b"-0.0", true),
    // Either is enough.
    ("float_tolerance 1e-6", b"0", b"0.0000001", true),
    ("float_tolerance 1e-6", b"1000000", b"1000000.5", true),
    ("float_tolerance 1e-6", b"1000000", b"1000002", false),
    ("float_absolute_tolerance 0.1 float_relative_tolerance 0", b"100", b"100.05", true),
    ("float_absolute_tolerance 0 float_relative_tolerance 0.1", b"100", b"109", true),
    // The answer's token decides.
    ("float_tolerance 1e-6", b"abc", b"ABC", true),
    ("float_tolerance 1e-6", b"1.0", b"one", false),
    ("float_tolerance 1e-6", b"one", b"1.0", false),
    ("float_tolerance 1e-6", b"1.0", b"1.0x", false),
    ("float_tolerance 1e-6", b"1.0x", b"1.00x", false),
    ("float_tolerance 1e-6", b"1.0", b"1,0", false),
    ("float_tolerance 1e-6", b"1.0", b"1_000e-3", false),
    ("float_tolerance 1e-6 case_sensitive", b"x 1", b"X 1.0", false),
    // Neither infinity nor NaN is a number.
    ("float_tolerance 1e-6", b"nan", b"nan", true),
    ("float_tolerance 1e-6", b"nan", b"0", false),
    ("float_tolerance 1e-6", b"1", b"nan", false),
    ("float_tolerance 1e-6", b"1", b"inf", false),
    ("float_tolerance 1e-6", b"inf", b"Inf", true),
    ("float_tolerance 1e-6", b"inf", b"infinity", false),
    ("float_tolerance 1e-6", b"1e999", b"1e999", true),
    ("float_tolerance 1e-6", b"1e999", b"1e9999", false),
    ("float_tolerance 1e-6", b"1", b"1e999", false),
    ("float_tolerance 1e-6", b"0", b"1e-999", true),
    // What is not zero stays so, however close; problemtools and BAPCtools read long doubles.
    ("float_tolerance 0", b"0", b"1e-4000", false),
    ("float_tolerance 0", b"0", b"-1e-4000", false),
    ("float_tolerance 0", b"0", b"0e-4000", true),
    ("float_tolerance 0", b"0", b"-0.000e999999999999", true),
    ("float_tolerance 0", b"0", b"1e-99999999999999999999", false),
    ("float_tolerance 0", b"1e-4000", b"0", false),
    ("float_tolerance 0", b"1e-4000", b"-1e-4000", false),
    ("float_tolerance 0", b"1e-4000", b"10.00E-4001", true),
    ("float_tolerance 0", b"1e-4000", b"1e-4001", false),
    ("float_tolerance 0", b"3e-324", b"4e-324", false),
    ("float_tolerance 0", b"2.5e-310", b".0025e-307", true),
    ("float_relative_tolerance 0.1", b"1e-4000", b"1.05e-4000", true),
    ("float_relative_tolerance 0.1", b"1e-4000", b"1.2e-4000", false),
    ("float_relative_tolerance 0.1", b"1e-4000", b"1e-5000", false),
    ("float_relative_tolerance 1", b"1e-4000", b"0", true),
    ("float_relative_tolerance 0.99", b"1e-4000", b"0", false),
    ("float_relative_tolerance 0.5", b"1", b"1e-4000", false),
    ("float_absolute_tolerance 1e-300", b"1e-4000", b"1e-301", true),
    ("float_absolute_tolerance 1e-302", b"1e-4000", b"1e-301", false),
    ("float_absolute_tolerance 1.01e-310", b"2e-310", b"1e-310", true),
    ("float_absolute_tolerance 1e-310", b"3e-310", b"1e-310", false),
    ("float_absolute_tolerance 1", b"0.9", b"1e-4000", true),
    ("float_absolute_tolerance 0.5", b"0.9", b"1e-4000", false),
    // Spellings.
    ("float_tolerance 1e-6", b"1", b"1.", true),
    ("float_tolerance 1e-6", b"0.5", b".5", true),
    ("float_tolerance 1e-6", b"0.5", b"+.5", true),
    ("float_tolerance 1e-6", b"1", b"+1", true),
    ("float_tolerance 1e-6", b"1", b"++1", false),
    ("float_tolerance 1e-6", b"1", b"0001.000", true),
    ("float_tolerance 1e-6", b"100", b"1E+2", true),
    ("float_tolerance 1e-6", b"100", b"1e", false),
    ("float_tolerance 1e-6", b"100", b"1e+", false),
    ("float_tolerance 1e-6", b".", b".", true),
    ("float_tolerance 1e-6", b"1", b".", false),
    ("float_tolerance 1e-6", b"1", b"e0", false),
    ("float_tolerance 1e-6", b"1", b"1\x00", false),
    ("float_tolerance 1e-6", b"1 2", b"1.0  2.0\n", true),
    ("float_tolerance 1e-6 space_change_sensitive", b"1 2", b"1.0 2.0", true),
    ("float_tolerance 1e-6 space_change_sensitive", b"1 2", b"1.0  2.0", false),
    (
        "float_tolerance 1e-15",
        b"0.333333333333333333333333333333",
        b"0.33333333333333333333333333333333333333333333",
        true,
    ),
];

/// The same with what legacy and `2025-09` say.
type ApartRow = (&'static str, &'static [u8], &'static [u8], bool, bool);

/// Rows on which the versions differ: accepted by legacy, by 2025-09.
const APART: &[ApartRow] = &[
    ("float_tolerance 1e-6", b"16", b"0x10", true, false),
    ("float_tolerance 1e-6", b"0x10", b"16", true, false),
    ("float_tolerance 1e-6", b"0x1.8p3", b"12.0", true, false),
    ("float_tolerance 1e-6", b"-0x.8", b"-0.5", true, false),
    ("float_tolerance 1e-6", b"0x", b"0X", true, true),
    ("float_tolerance 1e-6", b"0", b"0x", false, false),
    ("float_tolerance 1e-6", b"1", b"0x1p", false, false),
    ("float_tolerance 1e-6", b"0x10", b"0X10", true, true),
    ("float_tolerance 1e-6", b"0", b"0x1p-99999", true, false),
    ("float_tolerance 0", b"0", b"0x1p-99999", false, false),
    ("float_tolerance 0", b"0", b"0x0p-99999", true, false),
    ("float_tolerance 0", b"0x1p-99999", b"0x1p-99999", true, true),
    ("float_relative_tolerance 0.1", b"0x1p-99999", b"0x1p-99998", false, false),
    ("float_relative_tolerance 0.1", b"0x1p-99999", b"0x1.08p-99999", true, false),
    ("float_tolerance 1e-6", b"1", b"0x1p99999", false, false),
    ("float_tolerance 1e-6", b"1", b"0x1.00000000000000000000000000000001", true, false),
];

#[test]
fn hand_picked_cases_in_one_piece_and_byte_by_byte() {
    assert!(BOTH.len() >= 60, "{}", BOTH.len());
    for (flags, answer, output, accepted) in BOTH {
        for dialect in [FlagDialect::Legacy, FlagDialect::Modern] {
            expect(flags, answer, output, *accepted, dialect);
        }
    }
}

#[test]
fn the_versions_differ_in_hexadecimal_numbers_only() {
    for (flags, answer, output, legacy, modern) in APART {
        expect(flags, answer, output, *legacy, FlagDialect::Legacy);
        expect(flags, answer, output, *modern, FlagDialect::Modern);
    }
}

fn expect(flags: &str, answer: &[u8], output: &[u8], accepted: bool, dialect: FlagDialect) {
    for size in [1, 2, 3, usize::MAX] {
        let outcome = check_in_pieces(answer, output, options(flags, dialect), &[size]);
        assert_eq!(
            outcome == CheckOutcome::Accepted,
            accepted,
            "{flags:?} {dialect:?}: answer {:?}, output {:?}, pieces of {size}: {outcome:?}",
            answer.escape_ascii().to_string(),
            output.escape_ascii().to_string(),
        );
    }
}
