//! Reading settings, and saying everything that is wrong with them at once.

use std::collections::HashMap;
use std::path::Path;

use config::{Environment, File, FileFormat};
use serde_json::Value;

use super::{Mistake, Settings, SettingsError, secret};

/// Loads `gavel.toml` (or the file given, which then must exist) and the process's environment.
///
/// # Errors
/// [`SettingsError`] with every mistake.
pub fn load<S: Settings>(file: Option<&Path>) -> Result<S, SettingsError> {
    load_from(file, variables())
}

/// [`load`] with an environment of the caller's.
///
/// # Errors
/// [`SettingsError`] with every mistake.
pub fn load_from<S: Settings>(
    file: Option<&Path>,
    mut variables: HashMap<String, String>,
) -> Result<S, SettingsError> {
    let source = match file {
        Some(path) => File::from(path).format(FileFormat::Toml).required(true),
        None => File::new("gavel.toml", FileFormat::Toml).required(false),
    };
    let mistakes = secret::read_files::<S>(&mut variables);
    let environment = Environment::default()
        .source(Some(variables))
        .prefix("GAVEL")
        .prefix_separator("__")
        .separator("__")
        .try_parsing(true)
        .list_separator(",")
        .ignore_empty(true);
    let environment = S::LISTS.iter().fold(environment, |all, key| all.with_list_parse_key(key));
    let tree = config::Config::builder().add_source(source).add_source(environment).build()?;
    check(tree.try_deserialize()?, mistakes)
}

/// What of the environment is Gavel's; what is no text is nobody's.
fn variables() -> HashMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("GAVEL__"))
        .collect()
}

/// Turns a tree into settings; a key that is wrong is noted and taken out, so that the next one is seen too.
fn check<S: Settings>(mut tree: Value, mut mistakes: Vec<Mistake>) -> Result<S, SettingsError> {
    loop {
        let mut unknown = Vec::new();
        let mut track = serde_path_to_error::Track::new();
        let mut note = |path: serde_ignored::Path<'_>| unknown.push(path.to_string());
        let outcome: Result<S, _> = serde::Deserialize::deserialize(serde_ignored::Deserializer::new(
            serde_path_to_error::Deserializer::new(&tree, &mut track),
            &mut note,
        ));
        match outcome {
            Ok(settings) => {
                mistakes.extend(
                    unknown.into_iter().map(|key| Mistake { key, problem: "unknown key".to_owned() }),
                );
                settings.check(&mut |holds, key, problem| {
                    if !holds {
                        mistakes.push(Mistake { key: key.to_owned(), problem: problem.to_owned() });
                    }
                });
                return if mistakes.is_empty() {
                    Ok(settings)
                } else {
                    Err(SettingsError::Mistakes(mistakes))
                };
            }
            Err(error) => {
                let key = track.path().to_string();
                mistakes.push(Mistake { key: key.clone(), problem: error.to_string() });
                if !remove(&mut tree, &key) {
                    return Err(SettingsError::Mistakes(mistakes));
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
