//! What can be typed after `gavel`.

#![expect(clippy::doc_markdown, reason = "the comments are what --help prints")]

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use gavel_api::auth::{Owner, Scopes};

use crate::simulate::SimulateOptions;

/// Judges untrusted programs.
#[derive(Debug, Parser)]
#[command(name = "gavel", version, about, after_help = crate::exit::listed())]
pub struct Args {
    /// Settings file; without it gavel.toml, if there is one. The environment (GAVEL__SECTION__KEY) goes before it.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Everything in one process: HTTP service, queue, judge. Submissions are kept in a file.
    Up,
    /// The HTTP service, over RabbitMQ.
    Api,
    /// A judging process, over RabbitMQ. Start as many as there are machines.
    Worker,
    /// Looks whether this machine and its settings are fit, and says what to do where they are not.
    ///
    /// Starts one sandbox and tries out everything that keeps programs in, as a worker does.
    #[command(
        after_help = "Exit code: 0 fit, perhaps with warnings; 1 something must be mended; 64 wrong settings."
    )]
    Doctor(DoctorArgs),
    /// The keys of the HTTP service, in its store.
    ///
    /// Works on the store itself (store.url or store.path), whether the service runs or not: the first key must be made without one. What
    /// is changed holds from the next request on.
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        action: KeysAction,
    },
    /// Prints the completions of a shell, to be sourced or put where the shell looks for them.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Writes pages of the manual, one for each command, such as gavel-submit.1.
    Man {
        /// Where to; made if it is not there.
        folder: PathBuf,
    },
    /// The settings.
    Config {
        /// What to do with them.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Runs every example submission of problem packages and compares with what must become of it.
    ///
    /// Needs Docker and the language images, but no broker and no server.
    #[command(
        after_help = "Exit code: 0 all as expected; 1 a package has mistakes, or a submission did not get \
what it must; 2 nothing can be said of a path or of this machine; 64 wrong settings; 130 interrupted."
    )]
    Verify(VerifyArgs),
    /// Judges submissions at a problem package.
    ///
    /// Needs Docker and the language images, but no broker and no server.
    #[command(
        after_help = "Exit code: 0 all were judged, whatever the verdicts; 1 the package is at fault: it has \
mistakes, or its validator failed (JE); 2 a file or this machine is; 64 wrong settings; 130 interrupted."
    )]
    Judge(JudgeArgs),
    /// Has a running Gavel judge a file of submissions, and writes their results.
    #[command(after_help = "Exit code: 0 every entry was judged, whatever the verdicts; 1 one was refused, \
canceled or ended as JE, or the service could not be asked; 64 wrong settings.")]
    Batch(BatchOptions),
    /// Has a running Gavel judge a folder of example programs and compares the verdicts.
    Examples(ExamplesOptions),
    /// Measures what judging costs on this machine, beside the same commands without a judge.
    ///
    /// Starts a Gavel of its own with its own folder and ports, and ends it. Needs Docker and the language images. Figures
    /// mean something only where nothing else runs.
    Bench(BenchArgs),
    /// Says what a fleet of any size would do with a day's submissions, without running one.
    ///
    /// How long they wait, how many hours of workers it takes by each rule of an autoscaler, and what is full first.
    #[command(after_help = "Exit code: 0 simulated; 2 an option or a file is wrong.")]
    Simulate(SimulateOptions),
    /// Has a running Gavel run a program: input from standard input, output to standard output.
    #[command(after_help = VERDICT_CODES)]
    Run(RunOptions),
    /// Hands a program to a running Gavel, and prints the submission's id.
    #[command(after_help = VERDICT_CODES)]
    Submit(SubmitOptions),
    /// Lists the workers that a running Gavel hears of.
    Workers(ListOptions),
    /// Lists what waits at a running Gavel, by lane.
    Queues(ListOptions),
    /// Tells a worker of a running Gavel to take nothing more; what it has begun it finishes. Asks for an admin key.
    #[command(
        after_help = "Exit code: 0 it drains, or with --wait it is done; 1 it does not say so within 20 s, there is \
no such worker, or the service cannot be asked; 2 the command line is wrong."
    )]
    Drain(DrainOptions),
    /// What a running Gavel gave up: looked at, sent again, thrown away. Asks for an admin key.
    #[command(
        after_help = "Exit code: 0 done; 1 the service cannot be asked or refused, or a letter was not sent again; \
2 the command line is wrong, such as a purge without --yes."
    )]
    Dead {
        /// What to do.
        #[command(subcommand)]
        action: DeadAction,
    },
    /// Shows a running Gavel as it works: lanes, workers, verdicts. Ends with q.
    Top(ServerOptions),
}

/// Options of `gavel doctor`.
#[derive(Debug, ClapArgs)]
pub struct DoctorArgs {
    /// What the machine is to be: with up there is no broker to look for, with api no sandbox.
    #[arg(long, value_enum, default_value_t = DoctorRole::Up)]
    pub role: DoctorRole,
    /// Print one JSON array with everything that was looked at, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// What a machine is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoctorRole {
    /// Everything in one process.
    Up,
    /// The HTTP service, over RabbitMQ.
    Api,
    /// A judging process, over RabbitMQ.
    Worker,
}

/// What to do with the settings.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigAction {
    /// Say everything that is wrong with them; exit code 64 if anything is.
    Check,
    /// Print those in force, as TOML, without secrets.
    Print,
}

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
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
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
        /// Which Gavel.
        #[command(flatten)]
        server: ServerOptions,
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

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub enum KeysAction {
    /// Make a key and print it. It is printed this once and kept nowhere.
    Create {
        /// Whose requests come with it: lowercase letters, digits and . _ -
        #[arg(long)]
        owner: Owner,
        /// What it is good for, with commas between: read (its owner's submissions, and what can be run), submit, admin
        /// (everything).
        #[arg(long, default_value = "read,submit")]
        scopes: Scopes,
    },
    /// Print every key that was made, without the keys.
    List {
        /// Print one JSON array, and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// Make a key good for nothing.
    Revoke {
        /// Its id, as `list` prints it.
        id: String,
    },
}

/// Options of `gavel batch`.
#[derive(Debug, ClapArgs)]
pub struct BatchOptions {
    /// The submissions: one JSON object a line, as POST /api/v1/submissions takes it. The first line may be
    /// {"common": {...}} with what all have in common.
    pub file: PathBuf,
    /// Where the results go, a line of JSON for each entry; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// What a process ends with that asks for a verdict.
const VERDICT_CODES: &str = "Exit code: 0 AC (or accepted, without --watch); 10 CE, 11 RTE, 12 TLE, 13 MLE, 14 OLE, \
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
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Which Gavel.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// Options of `gavel verify`.
#[derive(Debug, ClapArgs)]
pub struct VerifyArgs {
    /// Packages in the Kattis format: folders or zip files. Other files among them are passed over.
    #[arg(required = true, value_name = "PACKAGE")]
    pub packages: Vec<PathBuf>,
    /// Run every test of every submission; without it, too slow ones and the like are run as far as is needed.
    #[arg(long)]
    pub all_tests: bool,
    /// Print one JSON array with everything that was found, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// Options of `gavel judge`.
#[derive(Debug, ClapArgs)]
pub struct JudgeArgs {
    /// A package in the Kattis format: a folder or a zip file.
    pub package: PathBuf,
    /// Submissions: each a file, or a folder with the files of one program.
    #[arg(required = true, value_name = "SUBMISSION")]
    pub submissions: Vec<PathBuf>,
    /// Their language, by id or alias; without it, the files' extensions tell.
    #[arg(long)]
    pub language: Option<String>,
    /// Run every test, also after the verdict is clear.
    #[arg(long)]
    pub all_tests: bool,
    /// Print one JSON array with everything that was found, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// What `gavel bench` measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// From a request to its verdict, in each language.
    Latency,
    /// What each further test of a submission costs.
    Tests,
    /// Verdicts a second and CPU time of each, when there is more to judge than cores.
    Throughput,
    /// Submissions taken in a second.
    Accept,
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
            Self::Throughput => "throughput",
            Self::Accept => "accept",
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
