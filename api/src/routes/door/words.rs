//! A line of arguments as a shell would read it.

/// The words of a line: quotes and backslashes as in a POSIX shell, nothing expanded. A quote that is not closed ends
/// with the line.
#[must_use]
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(open), c) if open == c => quote = None,
            (None, '\\') => word.get_or_insert_default().extend(characters.next()),
            (Some('"'), '\\') => {
                let escaped = characters.next_if(|c| "\"\\$`".contains(*c));
                word.get_or_insert_default().push(escaped.unwrap_or('\\'));
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("", &[]; "nothing")]
    #[test_case("  -O2   -g ", &["-O2", "-g"]; "blanks")]
    #[test_case(r#"a "b c" 'd "e'"#, &["a", "b c", "d \"e"]; "quotes")]
    #[test_case(r#"a'b'"c" ''"#, &["abc", ""]; "quotes inside a word and an empty one")]
    #[test_case(r#"a\ b "c\"d\n""#, &["a b", "c\"d\\n"]; "backslashes")]
    #[test_case("'a b", &["a b"]; "a quote that is not closed")]
    #[test_case("a\\", &["a"]; "a backslash at the end")]
    fn a_line_is_read_as_a_shell_does(line: &str, expected: &[&str]) {
        assert_eq!(words(line), expected);
    }
}
