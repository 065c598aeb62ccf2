//! Which Gavel is asked, and how a command ends.

use std::path::Path;
use std::process::ExitCode;

use gavel_client::Client;
use gavel_platform::settings::load;

use crate::args::ServerOptions;
use crate::settings::GavelSettings;

/// The service at the address that was given, or else in the settings.
///
/// # Errors
/// When the settings are wrong, or the address is none.
pub fn connect(settings: Option<&Path>, server: &ServerOptions) -> anyhow::Result<Client> {
    let url = match &server.url {
        Some(url) => url.clone(),
        None => format!("http://{}", load::<GavelSettings>(settings)?.api.bind),
    };
    Ok(Client::new(&url, server.key.clone().map(Into::into))?)
}

/// The exit code of a command: its own, or 1 after the error was told.
pub fn ended(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("gavel: {error:#}");
        ExitCode::FAILURE
    })
}
