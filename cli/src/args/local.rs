//! What judges without a server.

use std::path::PathBuf;

use clap::Args as ClapArgs;

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
