//! How a batch looks to people: a bar while it is judged, and a table of its results.

use console::Style;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::table::{self, Column};

/// A bar for so many entries.
pub fn bar(entries: u64) -> anyhow::Result<ProgressBar> {
    let template = "{bar:32} {pos}/{len}  {elapsed_precise}  {per_sec}  {msg}";
    Ok(ProgressBar::new(entries).with_style(ProgressStyle::with_template(template)?.progress_chars("█░")))
}

/// How many of each verdict there are, in its colour.
pub fn counted(verdicts: &Value) -> String {
    let each = verdicts.as_object().into_iter().flatten();
    let shown: Vec<String> = each.map(|(verdict, count)| format!("{} {count}", coloured(verdict))).collect();
    shown.join("  ")
}

/// A verdict in its colour, where colours are wanted (<https://no-color.org>).
fn coloured(verdict: &str) -> String {
    let plain = Style::new();
    let colour = match verdict {
        "AC" => plain.green(),
        "JE" => plain.magenta(),
        "CE" | "PA" => plain.yellow(),
        "CANCELED" => plain.dim(),
        _ => plain.red(),
    };
    // The bar is on standard error.
    colour.for_stderr().apply_to(verdict).to_string()
}

/// The results, a row for each entry. Entries that have no name go by their place.
pub fn table(results: &[Value], names: &[String]) -> String {
    let columns = [
        Column::new("entry", 0),
        Column::new("language", 2),
        Column::new("verdict", 0),
        Column::numbers("score", 1),
        Column::numbers("cpu ms", 0),
        Column::numbers("memory MiB", 1),
        Column::new("error", 3),
    ];
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let number = |value: Option<f64>| value.map(|number| format!("{number:.1}")).unwrap_or_default();
    let rows = results.iter().map(|result| {
        let index = result["index"].as_u64().unwrap_or_default();
        let name = usize::try_from(index).ok().and_then(|index| names.get(index).cloned());
        [
            name.unwrap_or_else(|| index.to_string()),
            text(&result["language"]),
            result["verdict"].as_str().unwrap_or("refused").to_owned(),
            result["score"].as_f64().map(|score| score.to_string()).unwrap_or_default(),
            number(result["cpu_ms"].as_f64()),
            number(result["memory_bytes"].as_f64().map(|bytes| bytes / 1_048_576.0)),
            result["error"].as_str().or(result["error"]["message"].as_str()).unwrap_or_default().to_owned(),
        ]
    });
    table::draw(columns, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_tells_what_became_of_an_entry() {
        let results = [
            json!({"index": 0, "language": "c", "verdict": "AC", "cpu_ms": 1.25, "memory_bytes": 1_572_864}),
            json!({"index": 1, "error": {"message": "there is no language \"x\""}}),
        ];
        let drawn = table(&results, &["sum.c".to_owned()]);
        for shown in ["│ sum.c ┆ c        ┆ AC", "1.2 ┆        1.5", "│ 1     ┆          ┆ refused"]
        {
            assert!(drawn.contains(shown), "{shown}:\n{drawn}");
        }
        assert!(drawn.contains("there is no language"), "{drawn}");
    }

    #[test]
    fn verdicts_are_counted_in_words() {
        console::set_colors_enabled_stderr(false);
        assert_eq!(counted(&json!({"AC": 12, "WA": 3})), "AC 12  WA 3");
    }
}
