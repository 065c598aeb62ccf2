//! A real sandbox, tried out; and the images that there are.

use gavel_model::language::Languages;
use gavel_platform::lifecycle::{Process, chain};
use gavel_worker::canary::{Found, Probe};
use gavel_worker::container::{Engine, EngineParts};
use gavel_worker::toolchain::Toolchains;
use gavel_worker::{Protection, WorkerMetrics};

use super::finding::Finding;
use crate::settings::GavelSettings;

/// Looks for the images, as a worker does, and tries a sandbox.
pub async fn findings(settings: &GavelSettings, process: &Process) -> Vec<Finding> {
    let languages = match settings.languages.load() {
        Ok(languages) => languages,
        Err(error) => {
            let remedy = "set languages.dir to the folder with the language.toml files, and languages.set to what is in it";
            return vec![Finding::fail("languages", chain(&error), remedy)];
        }
    };
    let (engine, toolchains) = match open(settings, &languages, process).await {
        Ok(opened) => opened,
        Err(error) => {
            let remedy = "see what is told of the Docker Engine";
            return vec![Finding::fail("sandboxes", format!("{error:#}"), remedy)];
        }
    };
    let mut findings = images(&languages, &toolchains);
    let specs = toolchains.specs(&languages, &settings.sandbox, &settings.limits.default);
    let Some(probe) = Probe::among(engine, specs.values()) else {
        findings.push(Finding::fail("sandboxes", "no language has its images here", "images/build.sh"));
        return findings;
    };
    match probe.try_out().await {
        Ok(found) => findings.extend(protections(&found)),
        Err(error) => findings.push(Finding::fail(
            "protections",
            format!("a sandbox cannot be tried out: {}", chain(&error)),
            "see whether the engine can start containers: `docker run --rm debian:trixie-slim true`",
        )),
    }
    findings
}

/// Under a name of its own, so that nothing of a worker's that runs beside it is taken for a left-over.
async fn open(
    settings: &GavelSettings,
    languages: &Languages,
    process: &Process,
) -> anyhow::Result<(Engine, Toolchains)> {
    let engine = Engine::connect(EngineParts {
        worker: format!("gavel-doctor-{}", std::process::id()),
        config: settings.sandbox.clone(),
        metrics: WorkerMetrics::register(&process.registry)?,
        tasks: process.tasks.clone(),
        shutdown: process.shutdown.clone(),
    })
    .await?;
    let versions = settings.worker.cache_dir.join("compilers.json");
    let toolchains = Toolchains::find(&engine, languages, &settings.languages.tag, &versions).await?;
    Ok((engine, toolchains))
}

fn images(languages: &Languages, toolchains: &Toolchains) -> Vec<Finding> {
    let image = |id: &str, name: String, folder: &str| match toolchains.get(id) {
        Some(toolchain) => {
            let version = toolchain.version.clone().unwrap_or_else(|| "of an unknown version".to_owned());
            // The beginning of its digest, as `docker images` shows it.
            let image: String = toolchain.run_image.chars().take("sha256:".len() + 12).collect();
            Finding::ok(name, format!("{version}, {image}"))
        }
        None => Finding::warn(name, "no images", format!("images/build.sh {folder}")),
    };
    let of_languages =
        languages.iter().map(|spec| image(&spec.id, format!("language {}", spec.id), &spec.image));
    let of_validator =
        languages.validator().map(|spec| image(&spec.id, "scripted validators".to_owned(), &spec.image));
    of_languages.chain(of_validator).collect()
}

fn protections(found: &Found) -> Vec<Finding> {
    let protection = |protection: Protection| {
        let name = format!("protection {}", protection.as_str());
        match found.absent.iter().find(|absent| absent.protection == protection) {
            Some(absent) => Finding::fail(name, absent.why.clone(), protection.remedy()),
            None => Finding::ok(name, "holds"),
        }
    };
    let unreadable = found.unreadable.iter().map(|counter| {
        let remedy = "enable the kernel's control groups and CONFIG_SCHED_INFO: judging goes on, with less exact figures";
        Finding::warn(format!("counter of {counter}"), "cannot be read in a sandbox", remedy)
    });
    let speed = match found.calibration {
        Some(score) => Finding::ok(
            "speed of a core",
            format!("{score:.2} of the reference (docs/OPERATIONS.md, Calibration)"),
        ),
        None => Finding::warn(
            "speed of a core",
            "it could not be measured",
            "see what is told of the protections",
        ),
    };
    Protection::ALL.into_iter().map(protection).chain(unreadable).chain([speed]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use gavel_worker::canary::Absent;

    #[test]
    fn each_protection_has_a_line_and_a_missing_one_says_what_to_do() {
        let absent =
            vec![Absent { protection: Protection::Network, why: "there is a network: eth0".to_owned() }];
        let told =
            protections(&Found { absent, unreadable: vec!["kills for memory"], calibration: Some(1.0) });
        assert_eq!(told.len(), Protection::ALL.len() + 2);
        let states: Vec<_> = told.iter().filter(|one| one.state != State::Ok).collect();
        assert_eq!((states[0].state, states[0].name.as_str()), (State::Fail, "protection network"));
        assert!(states[0].found.contains("eth0") && states[0].remedy.is_some());
        assert_eq!((states[1].state, states.len()), (State::Warn, 2));
    }
}
