//! Placeholders in commands and environments: `{main}`, `{memory_mb*0.9}`.

/// What may stand between the braces; anything else is text.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_*.".contains(c))
}

/// Every placeholder of a word, without its braces.
pub(super) fn names(word: &str) -> impl Iterator<Item = &str> {
    word.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| is_name(name))
}

/// The word with its placeholders replaced; one that has no value stays as it is.
pub(super) fn fill(word: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(word.len());
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}').filter(|(name, _)| is_name(name));
        match named.and_then(|(name, behind)| Some((value(name)?, behind))) {
            Some((value, behind)) => {
                filled.push_str(&value);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn filled(word: &str) -> String {
        fill(word, |name| match name {
            "main" => Some("/app/work/{memory_mb}.py".to_owned()),
            "memory_mb" => Some("64".to_owned()),
            _ => None,
        })
    }

    #[test_case("", "")]
    #[test_case("-Xmx{memory_mb}m", "-Xmx64m")]
    #[test_case("{memory_mb}{memory_mb}", "6464")]
    #[test_case("{print $1}", "{print $1}"; "braces of another tool")]
    #[test_case("{other} {memory_mb}", "{other} 64"; "a name without a value")]
    #[test_case("{{memory_mb}", "{64"; "two braces")]
    #[test_case("{memory_mb", "{memory_mb"; "no end")]
    #[test_case("{main}", "/app/work/{memory_mb}.py"; "a value is not looked at again")]
    fn placeholders_become_values(word: &str, expected: &str) {
        assert_eq!(filled(word), expected);
    }

    #[test]
    fn names_are_those_between_braces() {
        assert_eq!(names("{a}-{b_c*0.5} {print $1} {A} {").collect::<Vec<_>>(), ["a", "b_c*0.5"]);
    }
}
