//! Flags and JSON.

use super::super::{CheckerOptions, FlagDialect};

fn error(flags: &str, dialect: FlagDialect) -> String {
    let words: Vec<&str> = flags.split_whitespace().collect();
    CheckerOptions::from_flags(&words, dialect).map_or_else(|e| e.to_string(), |_| "fine".to_owned())
}

#[test]
fn wrong_flags_are_told_exactly() {
    for (flags, legacy, modern) in [
        ("", "fine", "fine"),
        ("case_sensitive case_sensitive", "fine", "fine"),
        (
            "Case_Sensitive",
            r#"unknown validator flag "Case_Sensitive""#,
            r#"unknown validator flag "Case_Sensitive""#,
        ),
        ("1e-6", r#"unknown validator flag "1e-6""#, r#"unknown validator flag "1e-6""#),
        (
            "float_tolerance",
            "validator flag float_tolerance needs a number after it",
            "validator flag float_tolerance needs a number after it",
        ),
        (
            "float_tolerance abc",
            r#"validator flag float_tolerance needs a number of at least 0, not "abc""#,
            r#"validator flag float_tolerance needs a number of at least 0, not "abc""#,
        ),
        (
            "float_relative_tolerance -1",
            r#"validator flag float_relative_tolerance needs a number of at least 0, not "-1""#,
            r#"validator flag float_relative_tolerance needs a number of at least 0, not "-1""#,
        ),
        (
            "float_tolerance 1 float_tolerance 2",
            "fine",
            "validator flag float_tolerance is given more than once",
        ),
        (
            "float_tolerance 1 float_relative_tolerance 2",
            "fine",
            "validator flag float_tolerance cannot be combined with float_relative_tolerance",
        ),
        (
            "float_absolute_tolerance 1 float_tolerance 2",
            "fine",
            "validator flag float_tolerance cannot be combined with float_absolute_tolerance",
        ),
        (
            "float_tolerance nan",
            r#"validator flag float_tolerance needs a number of at least 0, not "nan""#,
            r#"validator flag float_tolerance needs a number of at least 0, not "nan""#,
        ),
    ] {
        assert_eq!(error(flags, FlagDialect::Legacy), legacy, "{flags}");
        assert_eq!(error(flags, FlagDialect::Modern), modern, "{flags}");
    }
}

#[test]
fn in_legacy_the_last_tolerance_wins() {
    let words = ["float_tolerance", "1", "float_absolute_tolerance", "2"];
    let options = CheckerOptions::from_flags(&words, FlagDialect::Legacy).unwrap();
    assert_eq!(options.float_absolute_tolerance, Some(2.0));
    assert_eq!(options.float_relative_tolerance, Some(1.0));
}

#[test]
fn json_options_are_lenient_in_fields_and_strict_in_values() {
    let read = |text: &str| serde_json::from_str::<CheckerOptions>(text).map_err(|e| e.to_string());
    assert_eq!(read("{}").unwrap(), CheckerOptions::default());
    let both = read(r#"{"float_tolerance":1e-6}"#).unwrap();
    assert_eq!(both.float_absolute_tolerance, Some(1e-6));
    assert_eq!(both.float_relative_tolerance, Some(1e-6));
    assert_eq!(read(r#"{"tolerance":1}"#).unwrap(), CheckerOptions::default(), "a field of a later version");
    assert!(
        read(r#"{"float_tolerance":-1}"#).unwrap_err().contains("float_tolerance must be a finite number")
    );
    assert!(
        read(r#"{"float_tolerance":1,"float_absolute_tolerance":1}"#)
            .unwrap_err()
            .contains("cannot be combined")
    );
    let written = serde_json::to_string(&both).unwrap();
    assert_eq!(read(&written).unwrap(), both);
}
