//! `gavel config`

use crate::rig::{gavel, gavel_with};

/// A settings file in a folder of its own.
fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gavel.toml");
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

const SECRETS: &str = r#"
[api]
keys = ["key-of-4711-of-one", "key-of-4712-of-two"]
[broker]
url = "amqp://gavel:hunter2@broker.example:5672/%2f"
[worker]
slots = 3
cores_per_slot = 1
"#;

#[test]
fn what_is_printed_is_in_force_and_holds_no_secret() {
    let (_folder, path) = file(SECRETS);
    let ended = gavel_with(&["--config", &path, "config", "print"], &[("GAVEL__WORKER__SLOTS", "2")]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for secret in ["key-of-4711-of-one", "key-of-4712-of-two", "hunter2"] {
        assert!(!ended.stdout.contains(secret) && !ended.stderr.contains(secret), "{secret}: {ended:?}");
    }
    let printed: toml::Table = ended.stdout.parse().unwrap();
    assert_eq!(printed["worker"]["slots"].as_integer(), Some(2), "the environment goes before the file");
    assert_eq!(printed["api"]["keys"].as_array().unwrap().len(), 2, "how many there are may be seen");
}

#[test]
fn the_defaults_that_are_printed_are_settings_that_are_right() {
    let printed = gavel(&["config", "print"]);
    assert_eq!(printed.code, 0, "{printed:?}");
    // What stands for a secret is none.
    let text: String = printed
        .stdout
        .lines()
        .filter(|line| !line.starts_with("url = \"<"))
        .fold(String::new(), |text, line| text + line + "\n");
    let (_folder, path) = file(&text);
    let ended = gavel(&["--config", &path, "config", "check"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "the settings are right\n"), "{ended:?}");
    let again = gavel(&["--config", &path, "config", "print"]);
    assert_eq!(again.stdout, printed.stdout);
}

#[test]
fn every_mistake_in_a_file_is_named_and_ends_with_64() {
    let (_folder, path) = file("[worker]\nslots = \"many\"\ncolour = \"red\"\n[api]\nbind = \"nowhere\"\n");
    for action in ["check", "print"] {
        let ended = gavel(&["--config", &path, "config", action]);
        assert_eq!(ended.code, 64, "{ended:?}");
        for mistake in ["worker.slots", "worker.colour", "api.bind"] {
            assert!(ended.stderr.contains(mistake), "{mistake}: {ended:?}");
        }
        assert_eq!(ended.stdout, "", "{ended:?}");
    }
}
