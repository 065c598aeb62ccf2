//! `gavel doctor`

use gavel_testkit::EngineProxy;
use serde_json::{Value, json};

use crate::rig::{Copy, Ended, gavel_with};

/// The findings of a state, by name.
fn of_state<'a>(found: &'a Value, state: &str) -> Vec<&'a str> {
    let findings = found.as_array().unwrap().iter();
    findings.filter(|one| one["state"] == state).map(|one| one["name"].as_str().unwrap()).collect()
}

fn named<'a>(found: &'a Value, name: &str) -> &'a Value {
    found
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == name)
        .unwrap_or_else(|| panic!("{name}: {found:#}"))
}

fn doctor(args: &[&str], settings: &[(&str, &str)]) -> (Ended, Value) {
    let ended = gavel_with(&[&["doctor", "--json"], args].concat(), settings);
    let found = ended.json();
    assert_eq!(ended.code, i32::from(!of_state(&found, "fail").is_empty()), "{ended:?}");
    for one in found.as_array().unwrap() {
        assert_eq!(one["remedy"].is_string(), one["state"] != "ok", "{one}");
    }
    (ended, found)
}

#[test]
fn a_machine_that_judges_is_fit() {
    let (_, found) = doctor(&[], &[]);
    assert_eq!(of_state(&found, "fail"), [""; 0], "{found:#}");
    let fine = of_state(&found, "ok");
    for name in [
        "Docker Engine",
        "seccomp",
        "language python",
        "protection network",
        "protection memory",
        "store.path",
    ] {
        assert!(fine.contains(&name), "{name}: {found:#}");
    }
    assert!(!fine.contains(&"broker"), "all in one process needs none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protection_that_is_missing_is_told_with_what_to_do() {
    let engine = EngineProxy::lying(|body| body["HostConfig"]["MaskedPaths"] = json!([]));
    let address = engine.address();
    let (_, found) = tokio::task::block_in_place(|| doctor(&[], &[("GAVEL__SANDBOX__DOCKER", &address)]));
    assert_eq!(of_state(&found, "fail"), ["protection masks"], "{found:#}");
    let refused = tokio::task::block_in_place(|| {
        let package = Copy::of("sum", &["accepted/sum.py"]);
        let program = package.path().join("submissions/accepted/sum.py").display().to_string();
        gavel_with(&["judge", &package.arg(), &program], &[("GAVEL__SANDBOX__DOCKER", &address)])
    });
    assert!(refused.code == 2 && refused.stderr.contains("not kept in (masks: "), "{refused:?}");
}

#[test]
fn what_is_not_there_is_told() {
    let nowhere = [
        ("GAVEL__SANDBOX__DOCKER", "unix:///nowhere/docker.sock"),
        ("GAVEL__STORE__PATH", "/proc/none/gavel.db"),
    ];
    let (_, found) = doctor(&[], &nowhere);
    assert_eq!(of_state(&found, "fail"), ["Docker Engine", "sandboxes", "store.path"], "{found:#}");
    let table = gavel_with(&["doctor"], &nowhere);
    assert!(
        table.code == 1 && table.stdout.contains("FAIL") && table.stdout.contains("sandbox.docker"),
        "{table:?}"
    );

    let broker = [("GAVEL__BROKER__URL", "amqp://user:hunter2@127.0.0.1:1/%2f")];
    let (ended, found) = doctor(&["--role", "api"], &broker);
    assert_eq!(of_state(&found, "fail"), ["broker"], "{found:#}");
    let told = named(&found, "broker")["found"].as_str().unwrap();
    assert!(told.contains("amqp://127.0.0.1:1") && !ended.stdout.contains("hunter2"), "{ended:?}");

    let half = [
        ("GAVEL__BROKER__URL", "amqps://127.0.0.1:1/%2f"),
        ("GAVEL__BROKER__CERT_FILE", "/nowhere/cert.pem"),
    ];
    let told = doctor(&["--role", "api"], &half).1;
    let told = named(&told, "broker")["found"].as_str().unwrap().to_owned();
    assert!(told.contains("broker.cert_file and broker.key_file go together"), "{told}");
    let missing =
        [("GAVEL__BROKER__URL", "amqps://127.0.0.1:1/%2f"), ("GAVEL__BROKER__CA_FILE", "/nowhere/ca.pem")];
    let told = doctor(&["--role", "api"], &missing).1;
    let told = named(&told, "broker")["found"].as_str().unwrap().to_owned();
    assert!(told.contains("broker.ca_file (/nowhere/ca.pem)"), "{told}");
}
