//! What `gavel bench` measures.

use clap::{Args as ClapArgs, ValueEnum};

/// What `gavel bench` measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// From a request to its verdict, in each language.
    Latency,
    /// What each further test of a submission costs.
    Tests,
    /// What the compile step costs beside the plain command, in each language that is compiled.
    Compile,
    /// Verdicts a second and CPU time of each, when there is more to judge than cores.
    Throughput,
    /// Submissions taken in a second.
    Accept,
    /// How steady the CPU time of a program is beside a full load, and whether a limit is kept fairly.
    Jitter,
    /// What a container for each submission would cost.
    Reuse,
    /// What API, store and RabbitMQ cost; only when it is named, since it needs the RabbitMQ of the settings.
    Road,
}

impl Measure {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Tests => "tests",
            Self::Compile => "compile",
            Self::Throughput => "throughput",
            Self::Accept => "accept",
            Self::Jitter => "jitter",
            Self::Reuse => "reuse",
            Self::Road => "road",
        }
    }
}

/// Options of `gavel bench`.
#[derive(Debug, ClapArgs)]
pub struct BenchArgs {
    /// What to measure; without it, everything but `road`.
    #[arg(value_name = "MEASURE")]
    measures: Vec<Measure>,
    /// How often each latency is taken; the median counts.
    #[arg(long, default_value_t = 15)]
    pub rounds: usize,
    /// How many submissions make a load.
    #[arg(long, default_value_t = 200)]
    pub submissions: usize,
    /// How many of them are under way at a time.
    #[arg(long, default_value_t = 8)]
    pub clients: usize,
    /// How many workers `road` has.
    #[arg(long, default_value_t = 100)]
    pub workers: usize,
    /// Print one JSON object with the machine and all figures, and nothing else.
    #[arg(long)]
    pub json: bool,
    /// Print the machine and a table in Markdown, for docs/PERFORMANCE.md.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}

impl BenchArgs {
    /// What is to be measured, in order.
    pub fn measures(&self) -> Vec<Measure> {
        match self.measures.as_slice() {
            [] => Measure::value_variants()
                .iter()
                .copied()
                .filter(|measure| *measure != Measure::Road)
                .collect(),
            some => some.to_vec(),
        }
    }
}
