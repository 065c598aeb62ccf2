//! `gavel config`

use std::path::Path;
use std::process::ExitCode;

use gavel_common::config::{load, redacted_toml};
use gavel_common::lifecycle::refuse;

use crate::args::ConfigAction;

/// Checks the settings, or prints those in force.
pub fn show(file: Option<&Path>, action: ConfigAction) -> ExitCode {
    let config = match load(file) {
        Ok(config) => config,
        Err(error) => return refuse(&error),
    };
    match (action, redacted_toml(&config)) {
        (ConfigAction::Check, _) => println!("the settings are right"),
        (ConfigAction::Print, Ok(text)) => print!("{text}"),
        (ConfigAction::Print, Err(error)) => return refuse(&error),
    }
    ExitCode::SUCCESS
}
