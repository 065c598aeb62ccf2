//! What can be typed after `gavel`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

/// Judges untrusted programs.
#[derive(Debug, Parser)]
#[command(name = "gavel", version, about)]
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
    /// The settings.
    Config {
        /// What to do with them.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Has a running Gavel judge a folder of example programs and compares the verdicts.
    Examples(ExamplesOptions),
}

/// What to do with the settings.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigAction {
    /// Say everything that is wrong with them; exit code 64 if anything is.
    Check,
    /// Print those in force, as TOML, without secrets.
    Print,
}

/// Options of `gavel examples`.
#[derive(Debug, ClapArgs)]
pub struct ExamplesOptions {
    /// The folder: LANGUAGE/VERDICT-NAME.EXTENSION, input.txt and answer.txt.
    pub folder: PathBuf,
    /// Where Gavel listens; without it the address in the settings.
    #[arg(long)]
    pub url: Option<String>,
    /// The key to send, if one is asked for.
    #[arg(long, env = "GAVEL_KEY", hide_env_values = true)]
    pub key: Option<String>,
}
