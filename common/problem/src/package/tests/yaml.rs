//! The YAML reader: places, spelling, and what it refuses.

use proptest::prelude::*;

use super::super::yaml::{Document, Node, Value, parse};

fn text(text: &str, plain: bool) -> Value {
    Value::Scalar { text: text.to_owned(), plain }
}

#[test]
fn nodes_keep_line_and_spelling() {
    let root = parse("# comment\na: 1.10\nb:\n  - x\n  - '0 100'\nc: {d: ~}\n").unwrap().root.unwrap();
    let Value::Mapping(entries) = &root.value else { panic!() };
    assert_eq!(entries[0].value, Node { line: 2, value: text("1.10", true) });
    let Value::Sequence(items) = &entries[1].value.value else { panic!() };
    assert_eq!((items[1].line, &items[1].value), (5, &text("0 100", false)));
    let Value::Mapping(inner) = &entries[2].value.value else { panic!() };
    assert!(inner[0].value.is_null() && inner[0].line == 6);
    assert_eq!(parse("").unwrap(), Document::default());
    assert_eq!(parse("# nothing\n").unwrap(), Document::default());
}

#[test]
fn anchors_are_copied_and_bombs_are_not() {
    let root = parse("a: &x [1]\nb: *x\n").unwrap().root.unwrap();
    let Value::Mapping(entries) = &root.value else { panic!() };
    assert!(matches!(&entries[1].value.value, Value::Sequence(items) if items.len() == 1));
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for i in 1..10 {
        let refs = vec![format!("*a{}", i - 1); 10].join(",");
        bomb += &format!("a{i}: &a{i} [{refs}]\n");
    }
    let error = parse(&bomb).unwrap_err();
    assert_eq!((error.message.as_str(), error.line), ("more than 100000 values", 5));
}

#[test]
fn aliases_that_multiply_text_are_refused_before_they_are_copied() {
    let bomb = format!("a: &a \"{}\"\nb: [{}]", "x".repeat(500_000), "*a, ".repeat(90_000));
    let error = parse(&bomb).unwrap_err();
    assert_eq!((error.message.as_str(), error.line), ("aliases make more than 8388608 bytes of text", 2));
    let few = format!("a: &a \"{}\"\nb: [{}]", "x".repeat(500_000), "*a, ".repeat(16));
    assert!(parse(&few).is_ok());
}

#[test]
fn of_a_key_given_twice_the_last_value_counts() {
    let document = parse("a: 1\nb: 2\na: {c: 3, c: 4}\nb: 5\nb: 6\n").unwrap();
    let told: Vec<_> = document.repeated.iter().map(|(line, key)| (*line, key.as_str())).collect();
    assert_eq!(told, [(3, "c"), (3, "a"), (4, "b"), (5, "b")]);
    let Some(Value::Mapping(entries)) = document.root.map(|root| root.value) else { panic!() };
    let Value::Mapping(inner) = &entries[0].value.value else { panic!() };
    assert_eq!((entries.len(), &entries[1].value.value), (2, &text("6", true)));
    assert_eq!((inner.len(), &inner[0].value.value), (1, &text("4", true)));
}

#[test]
fn what_no_file_needs_is_refused_with_its_line() {
    for (yaml, line, message) in [
        ("? [a]\n: 1\n", 1, "a key must be a word"),
        ("a: 1\n---\nb: 2\n", 2, "a second document"),
        ("a:\n  - b\n c: 1\n", 3, "not valid YAML"),
        ("a: *nowhere\n", 1, "not valid YAML"),
    ] {
        let error = parse(yaml).unwrap_err();
        assert!(error.line == line && error.message.starts_with(message), "{yaml:?}: {error:?}");
    }
    let deep = "[".repeat(100);
    assert_eq!(parse(&deep).unwrap_err().message, "nested deeper than 32");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[ -~\n\t]{0,80}") {
        drop(parse(&text));
    }

    #[test]
    fn no_yaml_like_text_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "&x ", "*x", "|", ">", "'", "\"", "#", "!t ", "? ", "---\n", "~", "%", "\u{feff}", "é",
    ]), 0..30)) {
        drop(parse(&parts.concat()));
    }
}
