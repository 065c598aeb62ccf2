//! `gavel`: the judge in one binary. It puts the parts together and gives people commands for them.

mod args;
mod batch;
mod bench;
mod doctor;
mod examples;
pub mod exit;
mod keys;
mod launch;
mod local;
mod remote;
mod role;
mod samples;
mod settings;
mod shell;
mod show_settings;
mod simulate;
mod table;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

pub use launch::Metrics;
pub use settings::GavelSettings;

/// Everything that can be typed after `gavel`.
#[must_use]
pub fn command() -> clap::Command {
    <Args as clap::CommandFactory>::command()
}

/// Does what was typed after `gavel`.
pub async fn main() -> ExitCode {
    let args = Args::parse();
    gavel_platform::private::keep_new_files_private();
    let settings = args.config.as_deref();
    match args.command {
        Command::Up => launch::launch(role::Role::Up, settings).await,
        Command::Api => launch::launch(role::Role::Api, settings).await,
        Command::Worker => launch::launch(role::Role::Worker, settings).await,
        Command::Doctor(options) => doctor::look(settings, &options).await,
        Command::Keys { action } => keys::manage(settings, action).await,
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { folder } => shell::man(&folder),
        Command::Config { action } => show_settings::show(settings, action),
        Command::Verify(options) => local::verify(settings, options).await,
        Command::Judge(options) => local::judge(settings, options).await,
        Command::Batch(options) => batch::judge(settings, &options).await,
        Command::Bench(options) => bench::bench(settings, options).await,
        Command::Simulate(options) => simulate::simulate(&options),
        Command::Examples(options) => examples::judge(settings, &options).await,
        Command::Run(options) => remote::run(settings, options).await,
        Command::Submit(options) => remote::submit(settings, options).await,
        Command::Workers(options) => remote::workers(settings, options).await,
        Command::Queues(options) => remote::queues(settings, options).await,
        Command::Drain(options) => remote::drain(settings, options).await,
        Command::Problems { action } => remote::problems(settings, action).await,
        Command::Rejudge { action } => remote::rejudge(settings, action).await,
        Command::Dead { action } => remote::dead(settings, action).await,
        Command::Top(server) => remote::top(settings, server).await,
    }
}
