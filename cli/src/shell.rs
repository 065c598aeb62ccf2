//! What shells and manuals are told of the command line.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Args;
use crate::remote::ended;

/// Prints the completions of a shell.
pub fn completions(shell: Shell) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "gavel", &mut script);
    // In one piece, so that a pipe that is closed early is an error like any other.
    ended(written(&script).context("standard output"))
}

/// Writes a page of the manual for each command into a folder.
pub fn man(folder: &Path) -> ExitCode {
    ended(paged(folder).with_context(|| format!("cannot write into {}", folder.display())))
}

fn written(script: &[u8]) -> anyhow::Result<ExitCode> {
    use std::io::Write as _;
    std::io::stdout().write_all(script)?;
    Ok(ExitCode::SUCCESS)
}

fn paged(folder: &Path) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Args::command(), folder)?;
    Ok(ExitCode::SUCCESS)
}
