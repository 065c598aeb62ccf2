//! Patterns and constants.

use proptest::prelude::*;

use super::super::{glob_matches, substitute_constants};

#[test]
fn patterns_match_as_the_format_says() {
    for (pattern, path, expected) in [
        ("accepted", "accepted/a.py", true),
        ("accepted/*", "accepted/a.py", true),
        ("accepted/", "accepted/a.py", true),
        ("*", "accepted/a.py", true),
        ("acc", "accepted/a.py", false),
        ("a.py", "accepted/a.py", false),
        ("*/a.py", "accepted/a.py", true),
        ("*/*/*", "accepted/a.py", false),
        ("accepted/*.{py,cpp}", "accepted/a.cpp", true),
        ("accepted/*.{py,cpp}", "accepted/a.c", false),
        ("{accepted,wrong_answer}/a*", "wrong_answer/abc", true),
        ("{a,b{c,d}}", "bd/x", true),
        ("{a,b{c,d}}", "b/x", false),
        ("{accepted/a,rejected/b}.py", "rejected/b.py", true),
        ("secret/*-easy", "secret/01-easy", true),
        ("secret/*-easy", "secret/group/01-easy", false),
        ("s*t*e/x", "sample_test_one/x", true),
        ("a*b*c", "abcb", false),
        ("", "x", false),
    ] {
        assert_eq!(glob_matches(pattern, path), Ok(expected), "{pattern} {path}");
    }
    assert!(glob_matches("{a", "a").is_err() && glob_matches("a}", "a").is_err());
    assert!(glob_matches(&"{a,b}".repeat(20), "a").is_err());
}

#[test]
fn constants_replace_only_what_is_defined() {
    let constants = [("n".to_owned(), "5".to_owned()), ("m".to_owned(), "{{n}}".to_owned())].into();
    for (text, expected) in [
        ("n = {{n}};", "n = 5;"),
        ("{{m}}{{n}}", "{{n}}5"),
        ("{{x}} {{n", "{{x}} {{n"),
        ("{{{n}}}", "{5}"),
        ("", ""),
    ] {
        assert_eq!(substitute_constants(text, &constants), expected);
    }
}

proptest! {
    #[test]
    fn a_path_matches_itself_and_any_part_starred(parts in prop::collection::vec("[a-z.]{1,6}", 1..4), star in 0_usize..4) {
        let path = parts.join("/");
        prop_assert_eq!(glob_matches(&path, &path), Ok(true));
        let mut starred = parts.clone();
        let place = star % starred.len();
        let half = starred[place].len() / 2;
        starred[place].replace_range(half.., "*");
        prop_assert_eq!(glob_matches(&starred.join("/"), &path), Ok(true));
    }

    #[test]
    fn no_text_makes_a_pattern_or_a_constant_panic(text in "[{}*,a/]{0,30}", path in "[a/]{0,10}") {
        drop(glob_matches(&text, &path));
        prop_assert!(substitute_constants(&text, &[("a".to_owned(), "b".to_owned())].into()).len() <= text.len());
    }
}
