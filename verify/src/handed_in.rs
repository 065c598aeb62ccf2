//! A submission that somebody hands in at a package, without a queue.

use std::sync::Arc;

use gavel_problem::Package;

use gavel_worker::Fault;
use gavel_worker::JudgingHost;
use gavel_worker::compile::Program;
use gavel_worker::judge::{Case, Findings};
use gavel_worker::prepare::entry_first;
use gavel_worker::sandbox::SourceBytes;
use gavel_worker::slots::Slot;

/// A submission.
#[derive(Clone, Debug)]
pub struct HandedIn {
    /// The language's id or alias.
    pub language: String,
    /// Its files.
    pub files: Vec<SourceBytes>,
}

/// Judges a submission at a package, by this time limit.
///
/// # Errors
/// [`Fault`]: nothing that is the submission's own fault.
pub async fn judge_handed_in(
    host: &JudgingHost,
    package: &Package,
    handed: HandedIn,
    time_limit_ms: u64,
    all_tests: bool,
    slot: &Slot,
) -> Result<Findings, Fault> {
    let languages = host.judge.languages();
    let language =
        languages.get(&handed.language).ok_or_else(|| Fault::UnknownLanguage(handed.language.clone()))?;
    let files = entry_first(language, handed.files, None);
    let mut program = Program { language: Arc::clone(language), files, options: Vec::new() };
    host.judge.put_at(package, None, &mut program)?;
    let mut case = Case::of_package(package, program, host.judge.limits(), time_limit_ms);
    case.all_tests = all_tests;
    host.judge.examine(&case, slot, &mut |_| ()).await
}
