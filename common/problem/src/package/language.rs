//! The language of a program by the extensions of its files.

/// A language as this module needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageExtensions {
    /// The language's id.
    pub id: String,
    /// Its extensions, without the dot and in their case: `C` is C++, `c` is C.
    pub extensions: Vec<String>,
}

impl LanguageExtensions {
    /// Languages by id, with the extensions that each claims.
    #[must_use]
    pub fn list<'l>(languages: impl IntoIterator<Item = (&'l str, &'l [String])>) -> Vec<Self> {
        let of =
            |(id, extensions): (&str, &[String])| Self { id: id.to_owned(), extensions: extensions.to_vec() };
        languages.into_iter().map(of).collect()
    }
}

/// The language cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    /// No file has an extension of a known language.
    #[error("no file has the extension of a known language")]
    None,
    /// The files are in several.
    #[error("the files are in several languages: {}", .0.join(", "))]
    Several(Vec<String>),
}

/// The one language of some files. Files of no language, such as headers and data, do not matter.
///
/// # Errors
///
/// [`LanguageError`] if there is none or more than one.
pub fn detect_language<'l, F: AsRef<str>>(
    files: &[F],
    languages: &'l [LanguageExtensions],
) -> Result<&'l str, LanguageError> {
    let ends = |language: &LanguageExtensions| {
        files.iter().any(|file| {
            let name = file.as_ref().rsplit('/').next().unwrap_or_default();
            let stem = |extension: &String| name.strip_suffix(extension.as_str())?.strip_suffix('.');
            language.extensions.iter().any(|extension| stem(extension).is_some_and(|stem| !stem.is_empty()))
        })
    };
    let mut found: Vec<&str> =
        languages.iter().filter(|language| ends(language)).map(|language| language.id.as_str()).collect();
    match found.len() {
        0 => Err(LanguageError::None),
        1 => Ok(found.remove(0)),
        _ => Err(LanguageError::Several(found.into_iter().map(str::to_owned).collect())),
    }
}
