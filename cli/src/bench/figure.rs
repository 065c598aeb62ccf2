//! What was measured, as a table or as JSON.

use serde::Serialize;

use crate::table::{self, Column};

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// Which measure it is of.
    pub measure: &'static str,
    /// What was measured.
    pub what: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// The same with bare commands in the same run, if it has a counterpart.
    pub bare: Option<f64>,
}

impl Figure {
    /// A figure without a counterpart.
    pub fn new(measure: &'static str, what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { measure, what: what.into(), value, unit, bare: None }
    }

    /// The same beside bare commands.
    pub fn beside(self, bare: f64) -> Self {
        Self { bare: Some(bare), ..self }
    }

    /// How many times the bare figure it is.
    fn ratio(&self) -> Option<f64> {
        self.bare.filter(|bare| *bare > 0.0).map(|bare| self.value / bare)
    }
}

/// Everything, with the machine it was measured on.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    version: &'static str,
    date: String,
    processor: String,
    cores: usize,
    kernel: String,
    /// Processes that wanted a core when it ended: more than a few, and something else ran beside it.
    load: String,
    figures: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    figure: &'a Figure,
    ratio: Option<f64>,
}

/// The figures of this machine.
pub fn report(figures: &[Figure]) -> Report<'_> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processor = read("/proc/cpuinfo");
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    Report {
        version: env!("CARGO_PKG_VERSION"),
        date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
        processor: processor.map(|(_, name)| name.trim().to_owned()).unwrap_or_default(),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        load: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
        figures: figures.iter().map(|figure| Row { figure, ratio: figure.ratio() }).collect(),
    }
}

impl Report<'_> {
    /// The machine in a sentence, and the figures as rows, with the command that prints each.
    pub fn markdown(&self) -> String {
        let Self { version, date, processor, cores, kernel, load, .. } = self;
        let mut lines = vec![
            format!(
                "Gavel {version}, {date}: {processor}, {cores} cores, Linux {kernel}; load at the end {load}."
            ),
            String::new(),
            "| what | figure | bare | times bare | printed by |".to_owned(),
            "|---|---|---|---|---|".to_owned(),
        ];
        lines.extend(self.figures.iter().map(|Row { figure, ratio }| {
            let Figure { measure, what, value, unit, bare } = figure;
            let bare = bare.map(|bare| format!("{} {unit}", number(bare))).unwrap_or_default();
            let ratio = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
            let value = format!("{} {unit}", number(*value));
            format!("| {what} | {} | {} | {ratio} | `gavel bench {measure}` |", value.trim(), bare.trim())
        }));
        lines.join("\n")
    }
}

/// Three digits that mean something.
fn number(value: f64) -> String {
    match value.abs() {
        small if small < 10.0 => format!("{value:.3}"),
        middle if middle < 1000.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// A table for people.
pub fn draw(figures: &[Figure]) -> String {
    let columns = [
        Column::new("measure", 1),
        Column::new("what", 0),
        Column::numbers("figure", 0),
        Column::new("of", 0),
        Column::numbers("bare", 0),
        Column::numbers("times", 0),
    ];
    let rows = figures.iter().map(|figure| {
        [
            figure.measure.to_owned(),
            figure.what.clone(),
            number(figure.value),
            figure.unit.to_owned(),
            figure.bare.map(number).unwrap_or_default(),
            figure.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
        ]
    });
    table::draw(columns, rows)
}
