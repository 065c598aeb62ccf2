//! Which language a submission is in, and what its compiler may be told.

use gavel_model::FileName;
use gavel_model::language::{LanguageSpec, Languages};

use super::refusal::{Field, Refusal};

/// The language named, by id or alias, or else the one the first telling file extension means.
///
/// # Errors
/// When there is none of that name, or nothing tells a language.
pub fn find<'a>(
    languages: &'a Languages,
    name: Option<&str>,
    files: &[FileName],
) -> Result<&'a LanguageSpec, Refusal> {
    let known = || languages.ids();
    match name {
        Some(name) => languages
            .get(name)
            .map(AsRef::as_ref)
            .ok_or_else(|| Refusal::UnknownLanguage { name: name.to_owned(), known: known() }),
        None => files
            .iter()
            .find_map(|file| languages.by_extension(file))
            .map(AsRef::as_ref)
            .ok_or_else(|| Refusal::LanguageNotTold { known: known() }),
    }
}

/// A bound of the address space, for a language whose programs may have one.
///
/// # Errors
/// When they may not.
pub fn check_address_space(language: &LanguageSpec, asked: Option<u64>) -> Result<Option<u64>, Refusal> {
    if asked.is_some() && !language.run.address_space {
        return Err(Refusal::AddressSpace { language: language.id.clone() });
    }
    Ok(asked)
}

/// Words for the compiler: those that the language lists, each once.
///
/// # Errors
/// The first that it does not list.
pub fn check_options(language: &LanguageSpec, options: Vec<String>) -> Result<Vec<String>, Refusal> {
    let allowed = language.allowed_options();
    let mut checked = Vec::new();
    for (k, option) in options.into_iter().enumerate() {
        if !allowed.contains(&option) {
            return Err(Refusal::CompilerOption {
                field: Field::CompilerOption(k),
                option,
                language: language.id.clone(),
                allowed: allowed.to_vec(),
            });
        }
        // Of words that contradict each other the last one counts, so that is the place a repeated one keeps.
        checked.retain(|known| *known != option);
        checked.push(option);
    }
    Ok(checked)
}
