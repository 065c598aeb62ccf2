//! Secrets that are in files: `GAVEL__API__KEYS_FILE=/run/secrets/keys` for `GAVEL__API__KEYS`.

use std::collections::HashMap;
use std::fs;

use super::{Mistake, Settings};

/// What a variable's name ends with whose value is the path of a file.
const SUFFIX: &str = "_FILE";

/// Puts what is in the files in place of the variables that name them; tells what is wrong, without any content.
pub(super) fn read_files<S: Settings>(variables: &mut HashMap<String, String>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for key in S::SECRETS {
        let name = format!("GAVEL__{}", key.to_uppercase().replace('.', "__"));
        let Some(path) = variables.remove(&format!("{name}{SUFFIX}")).filter(|path| !path.is_empty()) else {
            continue;
        };
        let mut mistake = |problem: String| mistakes.push(Mistake { key: (*key).to_owned(), problem });
        if variables.get(&name).is_some_and(|value| !value.is_empty()) {
            mistake(format!("{name} and {name}{SUFFIX} are both set"));
            continue;
        }
        match fs::read_to_string(&path) {
            Ok(text) => drop(variables.insert(name, one_line(&text))),
            Err(error) => mistake(format!("the file {path} of {name}{SUFFIX} cannot be read: {error}")),
        }
    }
    mistakes
}

/// Entries on lines of their own as they are written in a variable; blank lines are nothing.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(",")
}
