//! A program's files: their names and how many bytes they have.

use bytes::Bytes;
use gavel_model::{Clash, FileName, clash};

use super::refusal::{Field, Refusal};
use crate::settings::ApiConfig;

/// Files of names that may be, no name twice, and no more of anything than allowed.
///
/// # Errors
/// The first thing that is not right.
pub fn check_files(
    files: Vec<(String, Bytes)>,
    config: &ApiConfig,
) -> Result<Vec<(FileName, Bytes)>, Refusal> {
    if files.is_empty() {
        return Err(Refusal::Empty(Field::Files));
    }
    if files.len() > config.max_files {
        return Err(Refusal::too_many_entries(Field::Files, files.len(), config.max_files));
    }
    let mut checked = Vec::with_capacity(files.len());
    for (k, (name, content)) in files.into_iter().enumerate() {
        let name = FileName::try_from(name).map_err(|error| Refusal::FileName(Field::FileName(k), error))?;
        checked.push((name, content));
    }
    check_size(Field::Files, checked.iter().map(|(_, content)| content.len() as u64).sum(), config)?;
    check_names(&checked)?;
    Ok(checked)
}

/// Not more source code than allowed, all files together.
///
/// # Errors
/// When there is more.
pub fn check_size(field: Field, size: u64, config: &ApiConfig) -> Result<(), Refusal> {
    let max = config.max_source_kb.saturating_mul(1024);
    if size > max { Err(Refusal::too_many_bytes(field, size, max)) } else { Ok(()) }
}

/// No name twice, and no file where another file needs a folder.
fn check_names(files: &[(FileName, Bytes)]) -> Result<(), Refusal> {
    match clash(files.iter().map(|(name, _)| name)) {
        None => Ok(()),
        Some(Clash::Twice(k, name)) => Err(Refusal::SameName { field: Field::FileName(k), name }),
        Some(Clash::FileAndFolder(k, folder)) => {
            let name = files[k].0.to_string();
            Err(Refusal::FileAndFolder { field: Field::FileName(k), folder, name })
        }
    }
}
