//! What can be typed after `gavel`.

#![expect(clippy::doc_markdown, reason = "the comments are what --help prints")]

mod bench;
mod local;
mod own;
mod rejudge;
mod remote;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::simulate::SimulateOptions;

pub use bench::*;
pub use local::*;
pub use own::*;
pub use rejudge::*;
pub use remote::*;

use remote::VERDICT_CODES;

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
    /// Has a running Gavel judge many submissions: programs, folders of them, or a file that describes them.
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
    /// The problems of a running Gavel: uploaded, listed, shown, forgotten.
    #[command(
        after_help = "Exit code: 0 done; 1 the service cannot be asked or refused, such as a package with mistakes, each of \
which is told; 2 the command line is wrong, such as an rm without --yes."
    )]
    Problems {
        /// What to do.
        #[command(subcommand)]
        action: ProblemsAction,
    },
    /// Has a running Gavel judge submissions again, shows what would change, and makes it so.
    #[command(
        after_help = "Exit code: 0 all of it has a verdict, and with --apply its results are those of the submissions; 1 \
some of it ended as JE or was canceled, or the service cannot be asked or refused; 2 the command line is wrong."
    )]
    Rejudge {
        /// What to do.
        #[command(subcommand)]
        action: RejudgeAction,
    },
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
