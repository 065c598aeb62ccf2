//! Versions and the ranges of them that clients ask for (npm's `SemVer` ranges).

use std::cmp::Ordering;

/// A version of three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u64; 3]);

/// A range of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range(Vec<Vec<Bound>>);

/// One side of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    AtLeast(Version),
    Below(Version),
}

/// A version with parts left open: `3`, `3.x`.
struct Partial {
    numbers: [u64; 3],
    /// How many parts are stated.
    stated: usize,
}

impl Version {
    /// Of two or three numbers with dots between them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let partial = Partial::parse(text)?;
        (partial.stated >= 2).then_some(Self(partial.numbers))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl Range {
    /// Reads a range; none where a text is none, such as `latest`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split("||").map(set).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether a version is in it.
    #[must_use]
    pub fn holds(&self, version: Version) -> bool {
        self.0.iter().any(|bounds| {
            bounds.iter().all(|bound| match bound {
                Bound::AtLeast(least) => version >= *least,
                Bound::Below(most) => version < *most,
            })
        })
    }
}

/// Bounds that hold together.
fn set(text: &str) -> Option<Vec<Bound>> {
    if let Some((from, to)) = text.split_once(" - ") {
        let (from, to) = (Partial::parse(from.trim())?, Partial::parse(to.trim())?);
        return Some([vec![Bound::AtLeast(from.begin())], to.below()].concat());
    }
    let mut bounds = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let version = word.trim_start_matches(['<', '>', '=', '~', '^']);
        let operator = &word[..word.len() - version.len()];
        // `>= 3` is one bound.
        let version = if version.is_empty() { words.next()? } else { version };
        bounds.extend(comparison(operator, &Partial::parse(version)?)?);
    }
    Some(bounds)
}

fn comparison(operator: &str, partial: &Partial) -> Option<Vec<Bound>> {
    let from = Bound::AtLeast(partial.begin());
    Some(match operator {
        "" | "=" => [vec![from], partial.below()].concat(),
        ">=" => vec![from],
        "<" => vec![Bound::Below(partial.begin())],
        "<=" => partial.below(),
        ">" => match partial.below().first() {
            Some(Bound::Below(end)) => vec![Bound::AtLeast(*end)],
            // Beyond everything.
            _ => vec![Bound::Below(Version([0; 3]))],
        },
        "~" => [vec![from], raised(partial, partial.stated.min(2))].concat(),
        "^" => {
            let first = partial.numbers[..partial.stated].iter().position(|number| *number > 0);
            let places = first.map_or(partial.stated, |place| place + 1);
            [vec![from], raised(partial, places)].concat()
        }
        _ => return None,
    })
}

/// Below the next version that differs in the first `places` numbers; none where no number is stated.
fn raised(partial: &Partial, places: usize) -> Vec<Bound> {
    let Some(place) = places.checked_sub(1) else { return Vec::new() };
    let mut next = [0; 3];
    next[..=place].copy_from_slice(&partial.numbers[..=place]);
    next[place] = next[place].saturating_add(1);
    vec![Bound::Below(Version(next))]
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut partial = Self { numbers: [0; 3], stated: 0 };
        let mut open = false;
        for (k, part) in text.split('.').enumerate() {
            let number = partial.numbers.get_mut(k)?;
            if matches!(part, "*" | "x" | "X") {
                open = true;
                continue;
            }
            // Digits alone: a sign is none, and what is marked as a prerelease matches nothing here.
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            *number = part.parse().ok()?;
            if !open {
                partial.stated = k + 1;
            }
        }
        partial.numbers[partial.stated..].fill(0);
        Some(partial)
    }

    const fn begin(&self) -> Version {
        Version(self.numbers)
    }

    /// The end of what it stands for.
    fn below(&self) -> Vec<Bound> {
        raised(self, self.stated)
    }
}

/// The highest first.
#[must_use]
pub fn highest_first<T>(one: &(Version, T), other: &(Version, T)) -> Ordering {
    other.0.cmp(&one.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("*", "3.13.5" => Some(true))]
    #[test_case("", "3.13.5" => Some(true); "nothing is everything")]
    #[test_case("3", "3.13.5" => Some(true))]
    #[test_case("3", "2.7.18" => Some(false))]
    #[test_case("3.x", "3.13.5" => Some(true))]
    #[test_case("3.13.x", "3.13.5" => Some(true))]
    #[test_case("3.12.x", "3.13.5" => Some(false))]
    #[test_case("3.13.5", "3.13.5" => Some(true))]
    #[test_case("3.10.0", "3.13.5" => Some(false))]
    #[test_case("v3.13.5", "3.13.5" => Some(true))]
    #[test_case("=3.13", "3.13.5" => Some(true))]
    #[test_case("^3.9", "3.13.5" => Some(true))]
    #[test_case("^3.14", "3.13.5" => Some(false))]
    #[test_case("^0.2.3", "0.3.0" => Some(false); "caret below 1")]
    #[test_case("^0.2.3", "0.2.9" => Some(true); "caret below 1 holds")]
    #[test_case("~3.13.1", "3.13.5" => Some(true))]
    #[test_case("~3.12.1", "3.13.5" => Some(false))]
    #[test_case("~3", "3.13.5" => Some(true))]
    #[test_case(">=3 <4", "3.13.5" => Some(true))]
    #[test_case(">= 3.0.0 < 3.13", "3.13.5" => Some(false); "blanks behind operators")]
    #[test_case(">3", "3.13.5" => Some(false); "beyond all of 3")]
    #[test_case(">3.12", "3.13.5" => Some(true))]
    #[test_case("<=3.13", "3.13.5" => Some(true))]
    #[test_case("2 || 3", "3.13.5" => Some(true))]
    #[test_case("3.10.0 - 3.13", "3.13.5" => Some(true))]
    #[test_case("3.10.0 - 3.12", "3.13.5" => Some(false))]
    #[test_case("latest", "3.13.5" => None)]
    #[test_case("3.13.5-beta", "3.13.5" => None)]
    #[test_case("1.2.3.4", "3.13.5" => None)]
    #[test_case("+3", "3.13.5" => None)]
    #[test_case("<>3", "3.13.5" => None)]
    fn ranges_are_read_as_npm_does(range: &str, version: &str) -> Option<bool> {
        Some(Range::parse(range)?.holds(Version::parse(version).unwrap()))
    }

    #[test]
    fn a_version_has_three_numbers_and_the_highest_comes_first() {
        assert_eq!(Version::parse("1.24").unwrap().to_string(), "1.24.0");
        let mut all: Vec<_> =
            ["3.9.2", "3.13.5", "3.10.0"].map(|text| (Version::parse(text).unwrap(), ())).into();
        all.sort_by(highest_first);
        assert_eq!(all[0].0.to_string(), "3.13.5");
    }
}
