//! `gavel`: the judge in one binary.

mod args;
mod examples;
mod launch;
mod local;
mod settings;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let settings = args.config.as_deref();
    match args.command {
        Command::Up => launch::up(settings).await,
        Command::Api => launch::api(settings).await,
        Command::Worker => launch::worker(settings).await,
        Command::Config { action } => settings::show(settings, action),
        Command::Verify(options) => local::verify(settings, options).await,
        Command::Judge(options) => local::judge(settings, options).await,
        Command::Examples(options) => examples::judge(settings, &options).await,
    }
}
