//! Which of the languages that there are an installation has.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::registry::{LanguageError, Languages};
use super::set::LanguageSet;

/// The words of a choice: names of sets and of languages, with blanks or commas between.
pub(super) fn words(choice: &str) -> impl Iterator<Item = &str> {
    choice.split([' ', ',']).filter(|word| !word.is_empty())
}

impl Languages {
    /// The ids that a choice means, such as `core kotlin`: every language of the named sets, and those named themselves
    /// by id or alias.
    ///
    /// # Errors
    /// [`LanguageError::Choice`] for a word that names neither.
    pub fn ids_of(&self, choice: &str) -> Result<BTreeSet<String>, LanguageError> {
        let mut ids = BTreeSet::new();
        for word in words(choice) {
            if let Some(set) = LanguageSet::named(word) {
                ids.extend(self.iter().filter(|spec| spec.set <= set).map(|spec| spec.id.clone()));
            } else if let Some(spec) = self.get(word) {
                ids.insert(spec.id.clone());
            } else {
                return Err(LanguageError::Choice { word: word.to_owned(), ids: self.ids() });
            }
        }
        Ok(ids)
    }

    /// Only those that a choice names; what runs scripted validators stays.
    pub(super) fn chosen(self, choice: &str, folder: &Path) -> Result<Self, LanguageError> {
        let ids = self.ids_of(choice)?;
        if ids.is_empty() {
            return Err(LanguageError::None(folder.to_owned()));
        }
        let by_id = self.by_id.iter().filter(|(id, _)| ids.contains(*id));
        let by_id = Arc::new(by_id.map(|(id, spec)| (id.clone(), Arc::clone(spec))).collect());
        Ok(Self { by_id, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::super::LanguagesConfig;
    use super::*;
    use test_case::test_case;

    fn chosen(choice: &str) -> Result<String, LanguageError> {
        let folder = tempfile::tempdir().unwrap();
        for (id, set) in [("c", ""), ("kotlin", "set = \"extended\""), ("tcl", "set = \"all\"")] {
            write(folder.path(), id, set);
        }
        write(folder.path(), "scripts", "role = \"validator\"");
        let config =
            LanguagesConfig { dir: folder.path().to_owned(), set: choice.to_owned(), ..Default::default() };
        let languages = config.load()?;
        assert!(languages.validator().is_some(), "what runs validators is in every set");
        Ok(languages.ids())
    }

    fn write(folder: &Path, id: &str, more: &str) {
        let text = format!(
            "id = \"{id}\"\nname = \"{id}\"\naliases = [\"{id}-alias\"]\n{more}\nextensions = [\"{id}\"]\n\
            source = \"main\"\nimage = \"{id}\"\nversion = [\"true\"]\n[run]\nargv = [\"true\"]\n"
        );
        std::fs::create_dir(folder.join(id)).unwrap();
        std::fs::write(folder.join(id).join("language.toml"), text).unwrap();
    }

    #[test_case("core", "c")]
    #[test_case("extended", "c, kotlin")]
    #[test_case("all", "c, kotlin, tcl")]
    #[test_case("core tcl", "c, tcl"; "a set and a language")]
    #[test_case("core,TCL-alias", "c, tcl"; "commas, and an alias")]
    #[test_case("kotlin", "kotlin"; "one language")]
    fn a_choice_is_sets_and_languages(choice: &str, ids: &str) {
        assert_eq!(chosen(choice).unwrap(), ids);
    }

    #[test]
    fn a_word_that_names_nothing_is_refused_with_what_there_is() {
        let said = chosen("core cobol").unwrap_err().to_string();
        assert!(said.contains("\"cobol\"") && said.contains("c, kotlin, tcl"), "{said}");
        assert!(matches!(chosen(" , ").unwrap_err(), LanguageError::None(_)));
    }
}
