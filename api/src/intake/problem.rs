//! Work that is a stored problem: which version, and whether the program may be judged by it.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};

use gavel_model::Work;
use gavel_model::language::{LanguageSpec, Languages};

use super::accept::IntakeError;
use super::reference::Reference;
use super::refusal::{Field, Refusal};
use crate::store::{ProblemVersion, Store};

/// What a problem may object to.
pub struct Entry<'a> {
    /// The program's language.
    pub language: &'a LanguageSpec,
    /// [`Field::Source`] or [`Field::Files`].
    pub field: Field,
    /// The size of the source code, in bytes.
    pub size: u64,
}

/// Versions of problems that were looked up, so that all submissions that came together are judged by the same.
#[derive(Default)]
pub struct Versions(HashMap<(String, String), ProblemVersion>);

/// How many versions are remembered.
const MOST: usize = 100;

impl Versions {
    /// Pins the version that is meant now.
    ///
    /// # Errors
    /// When there is none, more than one, or it does not take the program.
    pub async fn pin(
        &mut self,
        store: &dyn Store,
        languages: &Languages,
        reference: Reference,
        entry: &Entry<'_>,
        all_tests: bool,
    ) -> Result<Work, IntakeError> {
        let Reference { id, sha256_prefix: prefix } = reference;
        let key = (id, prefix);
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.0.clear();
        }
        let version = match self.0.entry(key) {
            Occupied(known) => known.into_mut(),
            Vacant(place) => {
                let (problem, prefix) = place.key();
                let found = look_up(store, problem.clone(), prefix.clone()).await?;
                place.insert(found)
            }
        };
        check_language(version, entry.language, languages)?;
        let max = version.detail.limits.code.map(|kib| kib.saturating_mul(1024));
        if let Some(max) = max.filter(|max| entry.size > *max) {
            return Err(Refusal::too_many_bytes(entry.field.clone(), entry.size, max).into());
        }
        // A stated limit travels in the package.
        let time_limit_ms = version.time_limit_ms.filter(|_| version.detail.limits.time_limit.is_none());
        let (problem, sha256) = (version.problem.clone(), version.sha256);
        Ok(Work::Problem { problem, sha256, time_limit_ms, all_tests })
    }
}

async fn look_up(store: &dyn Store, problem: String, prefix: String) -> Result<ProblemVersion, IntakeError> {
    let pinned = !prefix.is_empty();
    let mut found = store.versions(&problem, &prefix, 2).await?;
    if pinned && found.len() > 1 {
        return Err(Refusal::SeveralVersions { problem, prefix }.into());
    }
    if found.is_empty() {
        let refusal = if pinned {
            Refusal::UnknownVersion { problem, prefix }
        } else {
            Refusal::UnknownProblem(problem)
        };
        return Err(refusal.into());
    }
    Ok(found.swap_remove(0))
}

fn check_language(
    version: &ProblemVersion,
    language: &LanguageSpec,
    languages: &Languages,
) -> Result<(), Refusal> {
    let Some(words) = &version.detail.languages else { return Ok(()) };
    let allowed: Vec<_> = words.iter().filter_map(|word| languages.get(word)).collect();
    // The format's `cpp` is any C++: a variant of an allowed language is allowed.
    let is_allowed = |spec: &LanguageSpec| {
        spec.id == language.id || spec.claims_extensions && spec.image == language.image
    };
    if allowed.iter().any(|spec| is_allowed(spec)) {
        return Ok(());
    }
    Err(Refusal::LanguageNotAllowed {
        problem: version.problem.clone(),
        language: language.id.clone(),
        allowed: allowed.iter().map(|spec| spec.id.clone()).collect(),
        words: words.clone(),
    })
}
