//! `gavel doctor`: whether this machine and its settings are fit for what they are to do, and what to do where not.

mod engine;
mod finding;
mod host;
mod places;
mod sandbox;

use std::path::Path;
use std::process::ExitCode;

use gavel_platform::lifecycle::{Process, refuse};
use gavel_platform::settings::load;

use crate::args::DoctorArgs;
use crate::role::Role;
use crate::settings::GavelSettings;
use crate::table::{self, Column};
use finding::{Finding, State};

/// Something must be mended before this machine is fit.
const UNFIT: u8 = 1;

/// Looks at everything and tells.
pub async fn look(file: Option<&Path>, args: &DoctorArgs) -> ExitCode {
    let mut settings: GavelSettings = match load(file) {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    settings.log.filter = "off".to_owned();
    let process = match Process::begin(&settings.log) {
        Ok(process) => process,
        Err(code) => return code,
    };
    let mut findings = Vec::new();
    let body = async {
        process.shutdown.run_until_cancelled(examine(&settings, args.role, &process, &mut findings)).await;
        Ok::<(), std::convert::Infallible>(())
    };
    let ended = process.clone().run(body).await;
    if ended != ExitCode::SUCCESS {
        return ended;
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&findings).unwrap_or_default());
    } else {
        println!("{}", draw(&findings));
    }
    if findings.iter().any(|finding| finding.state == State::Fail) { ExitCode::from(UNFIT) } else { ended }
}

async fn examine(settings: &GavelSettings, role: Role, process: &Process, findings: &mut Vec<Finding>) {
    if role != Role::Api {
        findings.extend(host::findings(settings.worker.slots, settings.worker.cores_per_slot));
        findings.extend(engine::findings(&settings.sandbox).await);
        findings.extend(sandbox::findings(settings, process).await);
    }
    findings.extend(places::folders(settings, role));
    if role != Role::Worker && settings.store.is_shared() {
        findings.push(places::postgres(settings).await);
    }
    if role != Role::Up {
        findings.push(places::broker(settings).await);
    }
}

fn draw(findings: &[Finding]) -> String {
    let columns =
        [Column::new("", 0), Column::new("what", 0), Column::new("found", 0), Column::new("to do", 0)];
    let rows = findings.iter().map(|finding| {
        let remedy = finding.remedy.clone().unwrap_or_default();
        [finding.state.as_str().to_owned(), finding.name.clone(), finding.found.clone(), remedy]
    });
    table::draw(columns, rows)
}
