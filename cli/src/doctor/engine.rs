//! The Docker Engine, as it tells of itself.

use gavel_platform::lifecycle::chain;
use gavel_worker::container::EngineSurvey;
use gavel_worker::settings::SandboxConfig;
use jiff::Timestamp;

use super::finding::Finding;

/// Asks the engine.
pub async fn findings(config: &SandboxConfig) -> Vec<Finding> {
    match EngineSurvey::of(config).await {
        Ok(survey) => weighed(&survey, &config.runtime, Timestamp::now()),
        Err(error) => vec![Finding::fail(
            "Docker Engine",
            chain(&error),
            "start Docker Engine 20.10 or later, let this user reach its socket, or set sandbox.docker",
        )],
    }
}

/// Known weaknesses of the engine's parts that containers can use: mended in this version, and in those that
/// distributions mend themselves under an old number.
const WEAKNESSES: [(&str, &[u32], &str); 2] = [
    ("runc", &[1, 1, 12], "CVE-2024-21626 (leaked descriptors)"),
    (
        "runc",
        &[1, 2, 8],
        "CVE-2025-31133, CVE-2025-52565, CVE-2025-52881 (races of masked paths and of procfs)",
    ),
];

fn weighed(survey: &EngineSurvey, runtime: &str, now: Timestamp) -> Vec<Finding> {
    let EngineSurvey { version, api, kernel, .. } = survey;
    let mut findings = vec![
        Finding::ok("Docker Engine", format!("{version}, API {api}, Linux {kernel}")),
        control_groups(survey),
        filters(survey),
        mandatory_access(survey),
        storage(&survey.storage),
        clock(&survey.time, now),
    ];
    if !runtime.is_empty() {
        let known = survey.runtimes.iter().any(|known| known == runtime);
        let remedy =
            "name one of the engine's runtimes (daemon.json, `runtimes`), or leave sandbox.runtime empty";
        findings.push(Finding::when(known, "runtime", runtime, Finding::fail, remedy));
    }
    findings.extend(weaknesses(&survey.components));
    findings
}

fn control_groups(survey: &EngineSurvey) -> Finding {
    let limits = [("memory", survey.memory_limit), ("swap", survey.swap_limit), ("pids", survey.pids_limit)];
    let missing: Vec<_> =
        limits.into_iter().filter(|(_, there)| *there == Some(false)).map(|(name, _)| name).collect();
    let version = survey.cgroup.map_or("unknown".to_owned(), |version| version.to_string());
    let found = format!("version {version}; no limit of: {}", missing.join(", "));
    match missing[..] {
        [] => Finding::ok(
            "control groups",
            format!("version {version}; memory, swap and processes are limited"),
        ),
        ["swap"] => Finding::warn(
            "control groups",
            found,
            "boot with `swapaccount=1`, or turn swap off: what is swapped out escapes the memory limit",
        ),
        _ => Finding::fail("control groups", found, "enable the controllers of the kernel"),
    }
}

fn filters(survey: &EngineSurvey) -> Finding {
    let there = survey.security.iter().any(|option| option.starts_with("name=seccomp"));
    let remedy = "use an engine and a kernel with seccomp: without it nothing is judged";
    Finding::when(there, "seccomp", if there { "there" } else { "not there" }, Finding::fail, remedy)
}

fn mandatory_access(survey: &EngineSurvey) -> Finding {
    let extra: Vec<_> = ["apparmor", "selinux", "userns", "rootless"]
        .into_iter()
        .filter(|name| survey.security.iter().any(|option| option.starts_with(&format!("name={name}"))))
        .collect();
    let found = if extra.is_empty() { "neither AppArmor nor SELinux".to_owned() } else { extra.join(", ") };
    let remedy = "a second wall behind seccomp: enable AppArmor, SELinux, or userns-remap in daemon.json";
    Finding::when(!extra.is_empty(), "mandatory access control", found, Finding::warn, remedy)
}

fn storage(driver: &str) -> Finding {
    let quick = ["overlay2", "overlayfs", "btrfs", "zfs"].contains(&driver);
    Finding::when(
        quick,
        "storage driver",
        driver,
        Finding::warn,
        "use overlay2: others start containers slowly",
    )
}

/// Further apart than an answer takes.
const MOST_SECONDS: i64 = 5;

fn clock(engine: &str, now: Timestamp) -> Finding {
    let Ok(engine) = engine.parse::<Timestamp>() else {
        return Finding::warn(
            "clock",
            format!("the engine tells {engine:?}"),
            "compare the machines' clocks",
        );
    };
    let apart = (engine.as_second() - now.as_second()).abs();
    let remedy = "keep both machines' clocks by NTP: times in results are of both";
    Finding::when(
        apart <= MOST_SECONDS,
        "clock",
        format!("{apart} s from the engine's"),
        Finding::fail,
        remedy,
    )
}

fn weaknesses(components: &[(String, String)]) -> Vec<Finding> {
    WEAKNESSES
        .into_iter()
        .filter_map(|(part, mended, what)| {
            let (_, version) = components.iter().find(|(name, _)| name == part)?;
            let mended_as = mended.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
            let remedy = format!(
                "use {part} {mended_as} or later, or see that your distribution has mended {version} (its changelog tells)"
            );
            (numbers(version)[..] < *mended).then(|| Finding::warn(what, format!("{part} {version}"), remedy))
        })
        .collect()
}

/// `1.1.5+ds1` is 1, 1, 5.
fn numbers(version: &str) -> Vec<u32> {
    let plain = version.trim_start_matches('v').split(|c: char| c != '.' && !c.is_ascii_digit());
    plain.take(1).flat_map(|plain| plain.split('.')).filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use test_case::test_case;

    fn survey() -> EngineSurvey {
        EngineSurvey {
            version: "29.5.1".to_owned(),
            api: "1.53".to_owned(),
            components: vec![("runc".to_owned(), "1.3.3".to_owned())],
            cgroup: Some(2),
            memory_limit: Some(true),
            swap_limit: Some(true),
            pids_limit: Some(true),
            security: ["name=apparmor", "name=seccomp,profile=builtin"].map(str::to_owned).into(),
            storage: "overlay2".to_owned(),
            runtimes: ["runc".to_owned()].into(),
            kernel: "6.12.0".to_owned(),
            time: "2026-01-02T03:04:05.678Z".to_owned(),
            root: "/var/lib/docker".to_owned(),
        }
    }

    fn bad(survey: &EngineSurvey, runtime: &str) -> Vec<(State, String)> {
        let now = "2026-01-02T03:04:06Z".parse().unwrap();
        let findings = weighed(survey, runtime, now).into_iter();
        findings.filter(|one| one.state != State::Ok).map(|one| (one.state, one.name)).collect()
    }

    #[test]
    fn a_new_engine_with_all_of_it_is_fine() {
        assert_eq!(bad(&survey(), ""), []);
        assert_eq!(bad(&survey(), "runc"), []);
        assert_eq!(bad(&survey(), "runsc"), [(State::Fail, "runtime".to_owned())]);
    }

    #[test_case(|survey| survey.security.clear(), &[(State::Fail, "seccomp"), (State::Warn, "mandatory access control")]; "no seccomp")]
    #[test_case(|survey| survey.swap_limit = Some(false), &[(State::Warn, "control groups")]; "swap is not accounted for")]
    #[test_case(|survey| survey.memory_limit = Some(false), &[(State::Fail, "control groups")]; "memory is not limited")]
    #[test_case(|survey| survey.pids_limit = Some(false), &[(State::Fail, "control groups")]; "processes are not limited")]
    #[test_case(|survey| survey.storage = "vfs".to_owned(), &[(State::Warn, "storage driver")]; "copies of images")]
    #[test_case(|survey| survey.time = "2026-01-02T03:05:05Z".to_owned(), &[(State::Fail, "clock")]; "another time")]
    #[test_case(|survey| survey.time.clear(), &[(State::Warn, "clock")]; "no time")]
    #[test_case(|survey| survey.components[0].1 = "1.2.7".to_owned(), &[(State::Warn, WEAKNESSES[1].2)]; "an old runtime")]
    #[test_case(|survey| survey.components[0].1 = "1.1.5+ds1-1+deb12u1".to_owned(), &[(State::Warn, WEAKNESSES[0].2), (State::Warn, WEAKNESSES[1].2)]; "an older one")]
    fn it_is_told(change: fn(&mut EngineSurvey), wanted: &[(State, &str)]) {
        let mut survey = survey();
        change(&mut survey);
        let told = bad(&survey, "");
        let told: Vec<_> = told.iter().map(|(state, name)| (*state, name.as_str())).collect();
        assert_eq!(told, wanted);
    }
}
