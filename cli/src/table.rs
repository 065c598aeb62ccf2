//! Tables that fit the terminal they are shown on.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use console::{Term, measure_text_width};

/// The width where there is no terminal: what a log or a mail shows without breaking lines.
const WITHOUT_TERMINAL: usize = 80;

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    header: &'static str,
    /// Which columns go first where there is no room for all; 0 is kept.
    rank: u8,
    numbers: bool,
    cells: Vec<String>,
}

impl Column {
    /// A column of words.
    pub const fn new(header: &'static str, rank: u8) -> Self {
        Self { header, rank, numbers: false, cells: Vec::new() }
    }

    /// A column of numbers: they stand below each other.
    pub const fn numbers(header: &'static str, rank: u8) -> Self {
        Self { header, rank, numbers: true, cells: Vec::new() }
    }

    /// The width with the space beside it and one line.
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| measure_text_width(cell));
        cells.max().unwrap_or_default().max(measure_text_width(self.header)) + 3
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Draws rows as wide as standard output is.
pub fn draw<const N: usize>(columns: [Column; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let width = Term::stdout().size_checked().map_or(WITHOUT_TERMINAL, |(_, columns)| usize::from(columns));
    draw_within(width, columns, rows)
}

/// Leaves out columns that say nothing, then those of the highest rank until the rest has room; what still has none is
/// wrapped.
fn draw_within<const N: usize>(
    width: usize,
    columns: [Column; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut columns = Vec::from(columns);
    let mut count = 0;
    for row in rows {
        count += 1;
        columns.iter_mut().zip(row).for_each(|(column, cell)| column.cells.push(cell));
    }
    columns.retain(|column| !column.is_empty());
    while columns.iter().map(Column::width).sum::<usize>() + 1 > width {
        let Some(rank) = columns.iter().map(|column| column.rank).max().filter(|rank| *rank > 0) else {
            break;
        };
        columns.retain(|column| column.rank != rank);
    }
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|column| column.header));
    for row in 0..count {
        table.add_row(columns.iter().map(|column| column.cells[row].as_str()));
    }
    for (index, _) in columns.iter().enumerate().filter(|(_, column)| column.numbers) {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> [Column; 5] {
        [
            Column::new("submission", 0),
            Column::new("expected", 1),
            Column::numbers("cpu ms", 0),
            Column::numbers("memory MiB", 2),
            Column::numbers("score", 0),
        ]
    }

    fn rows() -> Vec<[String; 5]> {
        let row = |name: &str, expected: &str| [name, expected, "12", "8.5", ""].map(str::to_owned);
        vec![
            row("accepted/sum.cpp", "AC"),
            row("time_limit_exceeded/quadratic_in_the_number_of_lines.py", "some TLE, else AC/WA"),
        ]
    }

    fn widest(table: &str) -> usize {
        table.lines().map(measure_text_width).max().unwrap()
    }

    #[test]
    fn with_room_for_all_nothing_is_left_out_but_what_is_empty() {
        let table = draw_within(200, columns(), rows());
        for shown in ["submission", "expected", "cpu ms", "memory MiB", "some TLE, else AC/WA", "8.5"] {
            assert!(table.contains(shown), "{shown}:\n{table}");
        }
        assert!(!table.contains("score"), "{table}");
        assert!(table.contains("┆     12 ┆"), "numbers stand to the right:\n{table}");
    }

    #[test]
    fn every_width_is_kept_and_what_matters_least_goes_first() {
        for width in 40..130 {
            let table = draw_within(width, columns(), rows());
            assert!(widest(&table) <= width, "{width}:\n{table}");
            assert!(table.contains("cpu ms"), "{width}:\n{table}");
            assert!(!table.contains("memory MiB") || table.contains("expected"), "{width}:\n{table}");
        }
        let table = draw_within(80, columns(), rows());
        assert!(
            table.contains("quadratic_in_the_number_of_lines.py") && !table.contains("expected"),
            "{table}"
        );
    }

    #[test]
    fn what_has_no_room_is_wrapped_and_not_cut() {
        let table = draw_within(40, columns(), rows());
        let first_column = table.lines().filter_map(|line| line.strip_prefix('│')?.split('┆').next());
        let names: String = first_column.map(str::trim).collect();
        assert!(names.contains("time_limit_exceeded/quadratic_in_the_number_of_lines.py"), "{table}");
    }
}
