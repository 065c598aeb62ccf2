//! The time limit of a package that states none: it follows from its accepted programs.

use gavel_model::{TestReport, Verdict};
use gavel_problem::{Package, Submission, TimeBound, derive_time_limit, glob_matches};

use super::case::Case;
use super::submission::Judge;
use crate::cache::CachedPackage;
use crate::compile::Program;
use crate::fault::Fault;
use crate::prepare::program_of;
use crate::slots::Slot;

impl Judge {
    /// An example submission as a program.
    ///
    /// # Errors
    /// [`Fault::Package`] when its language is not known here.
    pub fn example(&self, package: &Package, example: &Submission) -> Result<Program, Fault> {
        let named = example.language.as_deref().and_then(|id| self.parts.languages.get(id));
        let Some(language) = named else {
            return Err(Fault::Package(format!(
                "submissions/{}: its language is not known here",
                example.name
            )));
        };
        let entry = example.entrypoint.as_deref();
        let mut program = program_of(package, language, &example.folder, &example.files, entry)?;
        self.put_at(package, entry, &mut program)?;
        Ok(program)
    }

    /// The time limit of a cached package, stated or derived; derived once for each package on a worker.
    pub(super) async fn time_limit_ms(&self, cached: &CachedPackage, slot: &Slot) -> Result<u64, Fault> {
        if let Some(seconds) = cached.package.limits.time_limit {
            return Ok(self.parts.limits.time_limit_ms(seconds));
        }
        // Whoever comes while it is being derived waits for the same figure.
        let derived = cached.time_limit_ms.get_or_try_init(|| self.derive(&cached.package, slot)).await;
        derived.copied()
    }

    /// Runs the accepted programs of a package without a limit to speak of, and derives the time limit. Programs in
    /// languages that are not known here do not count.
    ///
    /// # Errors
    /// [`Fault::Package`] when no accepted program can tell.
    pub async fn derive(&self, package: &Package, slot: &Slot) -> Result<u64, Fault> {
        tracing::info!(
            problem.name = package.short_name,
            submissions = package.submissions.len(),
            "a package states no time limit: its accepted programs are run to derive one"
        );
        let mut seconds = Vec::new();
        for example in &package.submissions {
            let bounds = example.expectation.bounds(TimeBound::Lower);
            let known = example.language.as_deref().is_some_and(|id| self.parts.languages.get(id).is_some());
            if bounds.is_empty() || !known {
                continue;
            }
            let program = self.example(package, example)?;
            let factor = program.language.time_factor;
            let mut case =
                Case::of_package(package, program, &self.parts.limits, self.parts.limits.max.cpu_ms);
            case.all_tests = true;
            let findings = self.examine(&case, slot, &mut |_| ()).await?;
            if findings.graded.verdict != Verdict::Ce {
                // The limit is multiplied by the factor again for each language.
                seconds.extend(slowest_seconds(&bounds, &findings.tests).map(|seconds| seconds / factor));
            }
        }
        derive_time_limit(&seconds, &package.limits)
            .map(|seconds| self.parts.limits.time_limit_ms(seconds))
            .ok_or_else(|| {
                Fault::Package(
                    "it states no time limit and has no accepted program to derive one from".to_owned(),
                )
            })
    }
}

/// The slowest of the tests that bound the time limit, in seconds of CPU; tests without a pattern are all.
#[must_use]
pub fn slowest_seconds(bounds: &[Option<&str>], tests: &[TestReport]) -> Option<f64> {
    let counts = |name: &str| {
        bounds.iter().any(|pattern| {
            pattern.is_none_or(|pattern| {
                // Patterns were checked when the package was loaded.
                glob_matches(pattern, name).unwrap_or(false)
            })
        })
    };
    tests.iter().filter(|test| counts(&test.name)).map(|test| test.cpu_ms / 1e3).reduce(f64::max)
}
