//! What asks a running Gavel.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

/// Options of `gavel drain`.
#[derive(Debug, ClapArgs)]
pub struct DrainOptions {
    /// The worker's name, as `gavel workers` prints it.
    pub worker: String,
    /// Have it take submissions again.
    #[arg(long)]
    pub undo: bool,
    /// Wait until it has finished everything, or is gone.
    #[arg(long, conflicts_with = "undo")]
    pub wait: bool,
    /// How to ask and to print.
    #[command(flatten)]
    pub options: ListOptions,
}

/// What to do with problems.
#[derive(Debug, Subcommand)]
pub enum ProblemsAction {
    /// Upload a package, which becomes the latest version of its problem.
    Put {
        /// The package: a folder or a zip, in the format of Kattis, Polygon or DMOJ.
        package: PathBuf,
        /// The problem's id; the package's name if left out.
        #[arg(long)]
        id: Option<String>,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
    /// List the latest version of each.
    List(ListOptions),
    /// Print one with its versions, as JSON.
    Show {
        /// Its id.
        id: String,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
    /// Forget all versions of one. What was accepted before is judged all the same.
    Rm {
        /// Its id.
        id: String,
        /// It is gone then.
        #[arg(long)]
        yes: bool,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
}

/// What to do with dead letters.
#[derive(Debug, Subcommand)]
pub enum DeadAction {
    /// List them, the oldest first.
    List {
        /// How many, 1000 at most.
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
    /// Print one with what it says, as JSON.
    Show {
        /// Its id, or its submission's.
        id: String,
        /// How to ask and to print.
        #[command(flatten)]
        options: ListOptions,
    },
    /// Send letters to where they died, as new. What has its final result is not judged again: its letter stays.
    Replay(DeadSelection),
    /// Throw letters away, for good.
    Purge {
        /// Which.
        #[command(flatten)]
        selection: DeadSelection,
        /// They are gone then.
        #[arg(long)]
        yes: bool,
    },
}

/// Which dead letters.
#[derive(Debug, ClapArgs)]
pub struct DeadSelection {
    /// Ids of letters, or of submissions.
    #[arg(required_unless_present = "all", value_name = "ID")]
    pub ids: Vec<String>,
    /// Every letter.
    #[arg(long, conflicts_with = "ids")]
    pub all: bool,
    /// How to ask and to print.
    #[command(flatten)]
    pub options: ListOptions,
}

/// Options of `gavel batch`.
#[derive(Debug, ClapArgs)]
pub struct BatchOptions {
    /// Programs, and folders that are searched for them; or one file of submissions (.jsonl, .ndjson, .json): one JSON object
    /// a line, as POST /api/v1/submissions takes it, the first of which may be {"common": {...}} with what all have in
    /// common.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The problem to judge programs at: an id, or ID@SHA256; without it they are run with empty input.
    #[arg(long)]
    pub problem: Option<String>,
    /// Their language, by id or alias; without it, each file's extension tells.
    #[arg(long)]
    pub language: Option<String>,
    /// Their lane: contest, practice or rejudge.
    #[arg(long)]
    pub lane: Option<String>,
    /// Print the results as a table for people instead of JSON.
    #[arg(long)]
    pub watch: bool,
    /// Print the results as JSON, a line for each entry, which is done in any case without --watch and --results.
    #[arg(long, conflicts_with = "watch")]
    pub json: bool,
    /// Where the results go too, a line of JSON for each entry; standard output has none then.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// What a process ends with that asks for a verdict.
pub(super) const VERDICT_CODES: &str = "Exit code: 0 AC (or accepted, without --watch); 10 CE, 11 RTE, 12 TLE, 13 MLE, 14 OLE, \
15 WA, 16 PA, 17 CANCELED, 20 JE; 1 the service cannot be asked or refused; 2 the command line is wrong.";

/// Which running Gavel.
#[derive(Debug, ClapArgs)]
pub struct ServerOptions {
    /// Where Gavel listens; without it the address in the settings.
    #[arg(long, env = "GAVEL_URL")]
    pub url: Option<String>,
    /// The key to send, if one is asked for.
    #[arg(long, env = "GAVEL_KEY", hide_env_values = true)]
    pub key: Option<String>,
}

/// Options of `gavel examples`.
#[derive(Debug, ClapArgs)]
pub struct ExamplesOptions {
    /// The folder: LANGUAGE/VERDICT-NAME.EXTENSION, input.txt and answer.txt; a program NAME gets NAME.in and NAME.ans
    /// instead, if they are there.
    pub folder: PathBuf,
    /// Those that must be judged: sets of languages (core, extended, all) and languages, with blanks or commas between;
    /// without it, all that are offered.
    #[arg(long, value_name = "SETS")]
    pub languages: Option<String>,
    /// CPU time that each may take, in milliseconds; twice as much of wall-clock time.
    #[arg(long, default_value_t = 1000)]
    pub cpu_ms: u64,
    /// Memory that each may use, in MiB.
    #[arg(long, default_value_t = 256)]
    pub memory_mb: u64,
    /// Print a line of JSON for each program instead of the table.
    #[arg(long, conflicts_with = "figures")]
    pub json: bool,
    /// Print, in place of the table, what each language's program `sum` took: id, CPU ms, memory MiB, compile CPU ms,
    /// compiler.
    #[arg(long)]
    pub figures: bool,
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// A program and what it may use.
#[derive(Debug, ClapArgs)]
pub struct ProgramOptions {
    /// The source file.
    pub file: PathBuf,
    /// Its language, by id or alias; without it, the file's extension tells.
    #[arg(long)]
    pub language: Option<String>,
    /// CPU time of a test, in milliseconds.
    #[arg(long, value_name = "MS")]
    pub cpu_ms: Option<u64>,
    /// Memory, in MiB.
    #[arg(long, value_name = "MIB")]
    pub memory_mb: Option<u64>,
}

/// Options of `gavel run`.
#[derive(Debug, ClapArgs)]
pub struct RunOptions {
    /// The program.
    #[command(flatten)]
    pub program: ProgramOptions,
    /// Its arguments, after `--`.
    #[arg(last = true)]
    pub args: Vec<String>,
    /// Print the whole result as JSON instead of the program's output.
    #[arg(long)]
    pub json: bool,
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// Options of `gavel submit`.
#[derive(Debug, ClapArgs)]
pub struct SubmitOptions {
    /// The program.
    #[command(flatten)]
    pub program: ProgramOptions,
    /// The problem to judge it at: an id, or ID@SHA256; without it the program is run with empty input.
    #[arg(long)]
    pub problem: Option<String>,
    /// Its lane: contest, practice or rejudge.
    #[arg(long)]
    pub lane: Option<String>,
    /// Show each step, wait for the verdict, and print the tests.
    #[arg(long)]
    pub watch: bool,
    /// Print JSON: what was accepted, or with --watch the result.
    #[arg(long)]
    pub json: bool,
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// Options of a command that lists.
#[derive(Debug, ClapArgs)]
pub struct ListOptions {
    /// Print JSON, and nothing else.
    #[arg(long)]
    pub json: bool,
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
}
