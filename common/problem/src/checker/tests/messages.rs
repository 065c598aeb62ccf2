//! What a judge reads, and how much memory and reading it takes to find it out.

use std::io::Read;

use super::super::{CheckError, CheckOutcome, FlagDialect, MAX_FLOAT_TOKEN, TokenChecker, check};
use super::options;

fn message(flags: &str, answer: &[u8], output: &[u8]) -> String {
    match check(answer, output, options(flags, FlagDialect::Modern)).unwrap() {
        CheckOutcome::Accepted => "accepted".to_owned(),
        CheckOutcome::Rejected(rejection) => rejection.to_string(),
    }
}

#[test]
fn a_message_names_token_lines_and_both_sides() {
    for (flags, answer, output, expected) in [
        (
            "",
            "1 2\n3\n",
            "1 2\n\n4\n",
            r#"token 3 on line 3 of the output (line 2 of the answer): expected "3", got "4""#,
        ),
        (
            "",
            "1 2\n",
            "1\n",
            r#"token 2 on line 2 of the output (line 1 of the answer): expected "2", but the output ended"#,
        ),
        (
            "",
            "1\n",
            "1\n2 3\n",
            r#"token 2 on line 2 of the output (line 2 of the answer): expected the end, got "2""#,
        ),
        (
            "float_tolerance 1e-3",
            "1.5\n",
            "1.75\n",
            r#"token 1 on line 1 of the output (line 1 of the answer): expected "1.5", got "1.75": too far apart, by 2.5e-1"#,
        ),
        (
            "float_tolerance 1e-3",
            "1.5\n",
            "a\"b\n",
            r#"token 1 on line 1 of the output (line 1 of the answer): expected a number near "1.5", got "a\"b", which is no number"#,
        ),
        (
            "space_change_sensitive",
            "1 2\n",
            "1\t2\n",
            "token 2 on line 1 of the output (line 1 of the answer): expected a space, got a tab",
        ),
        (
            "space_change_sensitive",
            "1 2\n",
            "1 2",
            "token 3 on line 1 of the output (line 1 of the answer): expected a line feed, got no white space",
        ),
    ] {
        assert_eq!(message(flags, answer.as_bytes(), output.as_bytes()), expected);
    }
}

#[test]
fn long_and_unprintable_tokens_are_cut_and_escaped() {
    let output = [&[0_u8, 0xff][..], &[b'x'; 100_000]].concat();
    let text = message("", b"y", &output);
    assert!(text.contains(r#"got "\x00\xffxxx"#) && text.ends_with(r#"xxx...""#), "{text}");
    assert!(text.len() < 300, "{}", text.len());
    let text = message("", &[b'y'; 100_000], b"z");
    assert!(text.contains(r#"yyy...", got "z""#), "{text}");
}

#[test]
fn a_wrong_token_is_reported_before_the_output_ends() {
    let mut checker = TokenChecker::new(&b"1 2 3"[..], options("", FlagDialect::Modern));
    assert!(checker.push(b"1 ").unwrap().is_none());
    assert!(checker.push(b"9").unwrap().is_none(), "the token may go on");
    assert!(checker.push(b" ").unwrap().is_some());
    assert!(checker.push(b"2 3").unwrap().is_some(), "it stays rejected");
    assert!(matches!(checker.finish().unwrap(), CheckOutcome::Rejected(_)));
}

#[test]
fn tokens_of_megabytes_are_compared_as_they_stream() {
    let long = vec![b'7'; 3 << 20];
    let upper = options("float_tolerance 1e-6", FlagDialect::Modern);
    assert_eq!(check(&long[..], &long, upper).unwrap(), CheckOutcome::Accepted);
    let mut other = long.clone();
    *other.last_mut().unwrap() = b'8';
    assert!(matches!(check(&long[..], &other, upper).unwrap(), CheckOutcome::Rejected(_)));
    other.pop();
    assert!(matches!(check(&long[..], &other, upper).unwrap(), CheckOutcome::Rejected(_)));
}

#[test]
fn a_number_may_be_as_long_as_documented_and_no_longer() {
    let tolerance = options("float_tolerance 1e-6", FlagDialect::Modern);
    let longest = format!("1.{}", "0".repeat(MAX_FLOAT_TOKEN - 2));
    assert_eq!(check(&b"1"[..], longest.as_bytes(), tolerance).unwrap(), CheckOutcome::Accepted);
    assert_eq!(check(longest.as_bytes(), b"1", tolerance).unwrap(), CheckOutcome::Accepted);
    let longer = format!("{longest}0");
    assert!(matches!(check(&b"1"[..], longer.as_bytes(), tolerance).unwrap(), CheckOutcome::Rejected(_)));
    assert!(matches!(check(longer.as_bytes(), b"1", tolerance).unwrap(), CheckOutcome::Rejected(_)));
}

#[test]
fn an_endless_output_stops_at_its_first_wrong_token() {
    let mut checker = TokenChecker::new(&b""[..], options("", FlagDialect::Modern));
    let chunk = vec![b'x'; 1 << 16];
    assert!(checker.push(&chunk).unwrap().is_some());
}

#[test]
fn an_unreadable_answer_is_an_error_and_no_verdict() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("bad disk"))
        }
    }
    let checker = TokenChecker::new(Broken, options("", FlagDialect::Modern));
    assert!(matches!(checker.finish(), Err(CheckError::Answer(_))));
}
