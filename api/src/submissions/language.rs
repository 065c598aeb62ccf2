//! Which language a submission is in.

use gavel_model::FileName;
use gavel_model::language::{LanguageSpec, Languages};

use crate::error::{ApiError, ErrorCode};

/// The language named, by id or alias.
///
/// # Errors
/// When there is none of that name; the message says what there is.
pub fn named<'a>(languages: &'a Languages, name: &str, field: &str) -> Result<&'a LanguageSpec, ApiError> {
    languages.get(name).map(AsRef::as_ref).ok_or_else(|| {
        // A name as long as a novel need not be read back.
        let shown: String = name.chars().take(50).collect();
        ApiError::of(
            field,
            ErrorCode::UnknownLanguage,
            format!("there is no language {shown:?}; there is: {}", languages.ids()),
        )
    })
}

/// The language named, or else the one the first telling file extension means.
///
/// # Errors
/// When neither tells a language.
pub fn find<'a>(
    languages: &'a Languages,
    name: Option<&str>,
    files: &[FileName],
) -> Result<&'a LanguageSpec, ApiError> {
    if let Some(name) = name {
        return named(languages, name, "language");
    }
    files.iter().find_map(|file| languages.by_extension(file)).map(AsRef::as_ref).ok_or_else(|| {
        ApiError::invalid(
            "language",
            format!("language is missing, and no file name tells it; there is: {}", languages.ids()),
        )
    })
}
