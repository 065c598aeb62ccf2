//! Judging again.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::remote::ListOptions;

/// What to do with a rejudge.
#[derive(Debug, Subcommand)]
pub enum RejudgeAction {
    /// Judge submissions again, and print what would change.
    Start(RejudgeOptions),
    /// Wait until a rejudge is judged, and print what would change, or changed.
    Show {
        /// The rejudge.
        id: String,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
    /// Make the results of a rejudge those of the submissions.
    Apply {
        /// The rejudge.
        id: String,
        /// Also where some of it is not judged, or ended as JE: that keeps the result it had.
        #[arg(long)]
        partial: bool,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
    /// Give a rejudge up: every result stays as it is.
    Cancel {
        /// The rejudge.
        id: String,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
}

/// Options of `gavel rejudge start`.
#[derive(Debug, ClapArgs)]
pub struct RejudgeOptions {
    /// Which submissions.
    #[command(flatten)]
    pub selection: RejudgeSelection,
    /// By which package of its problem each is judged; without it the newest, or the version that --problem names.
    #[arg(long, value_enum)]
    pub package: Option<PackageChoice>,
    /// Apply it as soon as all of it is judged.
    #[arg(long)]
    pub apply: bool,
    /// With --apply, also where some of it ended as JE: that keeps the result it had.
    #[arg(long, requires = "apply")]
    pub partial: bool,
    /// Print the rejudge's id and do not wait.
    #[arg(long, conflicts_with_all = ["apply", "json"])]
    pub detach: bool,
    /// How to ask and to print.
    #[command(flatten)]
    pub options: ListOptions,
}

/// Which submissions are judged again: those for which all of it holds.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = true)]
pub struct RejudgeSelection {
    /// Ids of submissions, and nothing else beside them.
    #[arg(value_name = "ID", conflicts_with_all = ["batch", "problem", "verdict", "language"])]
    pub ids: Vec<String>,
    /// Those of a batch.
    #[arg(long, value_name = "ID")]
    pub batch: Option<String>,
    /// Those judged by a problem: an id, or ID@SHA256 for those whose results are by this version of it.
    #[arg(long, value_name = "ID")]
    pub problem: Option<String>,
    /// Those with one of these verdicts, with commas between: WA,RTE.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',')]
    pub verdict: Vec<String>,
    /// Those in a language.
    #[arg(long)]
    pub language: Option<String>,
}

/// By which package of its problem a submission is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PackageChoice {
    /// The latest that was uploaded.
    Newest,
    /// The one that its result is by.
    Same,
}
