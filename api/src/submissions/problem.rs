//! Work that is a stored problem: which version, and whether the program may be judged by it.

use gavel_model::Work;
use gavel_model::language::{LanguageSpec, Languages};

use crate::error::{ApiError, ErrorCode};
use crate::problems::Reference;
use crate::state::AppState;
use crate::store::ProblemVersion;

const FIELD: &str = "work.problem";

/// What a problem may object to.
pub struct Entry<'a> {
    /// The program's language.
    pub language: &'a LanguageSpec,
    /// `source` or `files`.
    pub field: &'static str,
    /// The size of the source code, in bytes.
    pub size: u64,
}

/// Pins the version that is meant now.
///
/// # Errors
/// When there is none, more than one, or it does not take the program.
pub async fn pin(
    state: &AppState,
    reference: Reference,
    entry: &Entry<'_>,
    all_tests: bool,
) -> Result<Work, ApiError> {
    let Reference { id, sha256_prefix } = reference;
    let pinned = !sha256_prefix.is_empty();
    let mut found = state.problems.versions(&id, &sha256_prefix, 2).await?;
    if pinned && found.len() > 1 {
        let message =
            format!("more than one version of {id:?} begins with {sha256_prefix}; give more digits");
        return Err(ApiError::invalid(FIELD, message));
    }
    if found.is_empty() {
        let message = if pinned {
            format!("there is no version {sha256_prefix} of a problem {id:?}")
        } else {
            format!("there is no problem {id:?}")
        };
        return Err(ApiError::of(FIELD, ErrorCode::UnknownProblem, message));
    }
    let version = found.swap_remove(0);
    check_language(&version, entry.language, &state.languages)?;
    if let Some(max) =
        version.detail.limits.code.map(|kib| kib.saturating_mul(1024)).filter(|max| entry.size > *max)
    {
        return Err(ApiError::too_large(entry.field, entry.size, max, "bytes"));
    }
    // A stated limit travels in the package.
    let derived = version.time_limit_ms.filter(|_| version.detail.limits.time_limit.is_none());
    Ok(Work::Problem { problem: version.problem, sha256: version.sha256, time_limit_ms: derived, all_tests })
}

fn check_language(
    version: &ProblemVersion,
    language: &LanguageSpec,
    languages: &Languages,
) -> Result<(), ApiError> {
    let Some(words) = &version.detail.languages else { return Ok(()) };
    let allowed: Vec<_> = words.iter().filter_map(|word| languages.get(word)).collect();
    // The format's `cpp` is any C++: a variant of an allowed language is allowed.
    let is_allowed = |spec: &LanguageSpec| {
        spec.id == language.id || spec.claims_extensions && spec.image == language.image
    };
    if allowed.iter().any(|spec| is_allowed(spec)) {
        return Ok(());
    }
    let problem = &version.problem;
    let message = if allowed.is_empty() {
        format!("the problem {problem:?} takes only {}, and there is none of these here", words.join(", "))
    } else {
        let ids = allowed.iter().map(|spec| spec.id.as_str()).collect::<Vec<_>>().join(", ");
        format!("the problem {problem:?} does not take {}; it takes: {ids}", language.id)
    };
    Err(ApiError::of("language", ErrorCode::LanguageNotAllowed, message))
}
