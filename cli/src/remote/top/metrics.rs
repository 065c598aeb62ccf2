//! The one metric that the screen shows, from the text format of Prometheus.

use std::collections::BTreeMap;

/// Final results since the service began, by lane and verdict.
pub type Results = BTreeMap<(String, String), f64>;

/// Reads `gavel_results_total`; its languages are added up. Lines that are none of it are passed over.
pub fn results(text: &str) -> Results {
    let mut results = Results::new();
    for line in text.lines() {
        if let Some((lane, verdict, value)) = result(line) {
            *results.entry((lane.to_owned(), verdict.to_owned())).or_default() += value;
        }
    }
    results
}

fn result(line: &str) -> Option<(&str, &str, f64)> {
    let (labels, value) = line.strip_prefix("gavel_results_total{")?.split_once("} ")?;
    let of = |name: &str| {
        // No label of it holds a comma or a quote: lanes, verdicts and languages are words.
        let label = labels.split(',').find_map(|label| label.strip_prefix(name)?.strip_prefix('='))?;
        Some(label.trim_matches('"'))
    };
    Some((of("lane")?, of("verdict")?, value.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_added_up() {
        let text = "# HELP gavel_results_total x\n\
                    gavel_results_total{lane=\"contest\",language=\"c\",verdict=\"AC\"} 3\n\
                    gavel_results_total{lane=\"contest\",language=\"go\",verdict=\"AC\"} 4\n\
                    gavel_results_total{lane=\"contest\",language=\"go\",verdict=\"WA\"} 1\n\
                    gavel_results_duplicate_total 9\n";
        let key = |verdict: &str| ("contest".to_owned(), verdict.to_owned());
        assert_eq!(results(text), Results::from([(key("AC"), 7.0), (key("WA"), 1.0)]));
    }
}
