//! Reading settings, and saying everything that is wrong with them at once.

use std::path::Path;

use config::{Environment, File, FileFormat};
use serde_json::Value;

use super::Config;

/// One thing wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key, such as `worker.slots`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

/// Settings that cannot be used; the process ends with exit code 64 (`EX_USAGE` of sysexits.h).
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is missing or not TOML.
    #[error("settings cannot be read")]
    Read(#[from] config::ConfigError),
    /// Everything found wrong.
    #[error("settings are wrong:\n{}", list(.0))]
    Mistakes(Vec<Mistake>),
}

fn list(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("  {mistake}")).collect::<Vec<_>>().join("\n")
}

/// Loads `gavel.toml` (or the file given, which then must exist) and the process's environment.
///
/// # Errors
/// [`ConfigError`] with every mistake.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    load_from(file, Environment::default())
}

/// [`load`] with an environment of the caller's.
///
/// # Errors
/// [`ConfigError`] with every mistake.
pub fn load_from(file: Option<&Path>, environment: Environment) -> Result<Config, ConfigError> {
    let source = match file {
        Some(path) => File::from(path).format(FileFormat::Toml).required(true),
        None => File::new("gavel.toml", FileFormat::Toml).required(false),
    };
    let environment = environment
        .prefix("GAVEL")
        .prefix_separator("__")
        .separator("__")
        .try_parsing(true)
        .list_separator(",")
        .with_list_parse_key("api.keys")
        .ignore_empty(true);
    let tree = config::Config::builder().add_source(source).add_source(environment).build()?;
    check(tree.try_deserialize()?)
}

/// Turns a tree into settings; a key that is wrong is noted and taken out, so that the next one is seen too.
fn check(mut tree: Value) -> Result<Config, ConfigError> {
    let mut mistakes = Vec::new();
    loop {
        let mut unknown = Vec::new();
        let mut track = serde_path_to_error::Track::new();
        let mut note = |path: serde_ignored::Path<'_>| unknown.push(path.to_string());
        let outcome: Result<Config, _> = serde::Deserialize::deserialize(serde_ignored::Deserializer::new(
            serde_path_to_error::Deserializer::new(&tree, &mut track),
            &mut note,
        ));
        match outcome {
            Ok(config) => {
                mistakes.extend(
                    unknown.into_iter().map(|key| Mistake { key, problem: "unknown key".to_owned() }),
                );
                mistakes.extend(super::validate(&config));
                return if mistakes.is_empty() { Ok(config) } else { Err(ConfigError::Mistakes(mistakes)) };
            }
            Err(error) => {
                let key = track.path().to_string();
                mistakes.push(Mistake { key: key.clone(), problem: error.to_string() });
                if !remove(&mut tree, &key) {
                    return Err(ConfigError::Mistakes(mistakes));
                }
            }
        }
    }
}

/// Takes the value at a dotted path out of the tree; false when there is none, which would loop for ever.
fn remove(tree: &mut Value, path: &str) -> bool {
    let key = path.split('[').next().unwrap_or_default();
    let (parent, leaf) = key.rsplit_once('.').unwrap_or(("", key));
    let pointer = if parent.is_empty() { String::new() } else { format!("/{}", parent.replace('.', "/")) };
    tree.pointer_mut(&pointer)
        .and_then(Value::as_object_mut)
        .is_some_and(|object| object.remove(leaf).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let map: HashMap<_, _> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Environment::default().source(Some(map))
    }

    #[test]
    fn the_environment_beats_the_defaults() {
        let pairs =
            [("GAVEL__WORKER__SLOTS", "7"), ("GAVEL__API__KEYS", "a,b"), ("GAVEL__WORKER__GRACE", "90s")];
        let config = load_from(None, environment(&pairs)).unwrap();
        assert_eq!((config.worker.slots, config.api.keys.len(), config.worker.grace.as_secs()), (7, 2, 90));
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gavel.toml");
        std::fs::write(
            &file,
            "[worker]\nslots = \"many\"\nslotz = 2\n[api]\nbind = \"nowhere\"\nmax_wait = \"5 parsecs\"\n",
        )
        .unwrap();
        let ConfigError::Mistakes(mistakes) = load_from(Some(&file), environment(&[])).unwrap_err() else {
            panic!("not a list of mistakes");
        };
        let mut keys: Vec<_> = mistakes.iter().map(|m| m.key.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["api.bind", "api.max_wait", "worker.slots", "worker.slotz"], "{mistakes:?}");
    }

    #[test]
    fn a_public_address_without_a_key_is_a_mistake() {
        let error = load_from(None, environment(&[("GAVEL__API__BIND", "0.0.0.0:3000")])).unwrap_err();
        assert!(error.to_string().contains("api.bind"), "{error}");
    }

    #[test]
    fn what_is_printed_holds_no_secret() {
        let pairs = [("GAVEL__BROKER__URL", "amqp://u:hunter2@h"), ("GAVEL__API__KEYS", "hunter3")];
        let printed = super::super::redacted_toml(&load_from(None, environment(&pairs)).unwrap()).unwrap();
        assert!(!printed.contains("hunter"), "{printed}");
        assert!(printed.contains("<redacted>"), "{printed}");
    }

    #[test]
    fn the_defaults_can_be_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gavel.toml");
        std::fs::write(&file, super::super::default_toml().unwrap()).unwrap();
        load_from(Some(&file), environment(&[])).unwrap();
    }
}
