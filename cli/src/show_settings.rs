//! `gavel config`

use std::path::Path;
use std::process::ExitCode;

use gavel_platform::lifecycle::refuse;
use gavel_platform::settings::{load, redacted_toml};

use crate::args::ConfigAction;
use crate::settings::GavelSettings;

/// Checks the settings, or prints those in force.
pub fn show(file: Option<&Path>, action: ConfigAction) -> ExitCode {
    let settings: GavelSettings = match load(file) {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    match (action, redacted_toml(&settings)) {
        (ConfigAction::Check, _) => println!("the settings are right"),
        (ConfigAction::Print, Ok(text)) => print!("{text}"),
        (ConfigAction::Print, Err(error)) => return refuse(&error),
    }
    ExitCode::SUCCESS
}
