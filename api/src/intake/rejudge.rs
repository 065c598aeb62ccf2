//! Judging a submission again: the same program and the same work, by the package that is wanted.

use gavel_model::{Lane, Submission, SubmissionId, Work};
use gavel_platform::telemetry::trace;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accept::{Intake, IntakeError, now_in_milliseconds};
use super::problem::{Entry, Versions};
use super::reference::Reference;
use super::refusal::{Field, Refusal};

/// By which package of its problem a submission is judged again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Package {
    /// The latest that was uploaded.
    Newest,
    /// The one that its result is by.
    Same,
}

impl Intake {
    /// A copy of a submission, under an id of its own and with no door to answer to. `judged_by` is the hash of the package
    /// that its result is by.
    ///
    /// # Errors
    /// When language or problem are not there any more or do not take the program, or the store does not answer.
    pub(super) async fn copied(
        &self,
        of: Submission,
        judged_by: Option<&str>,
        package: Package,
        versions: &mut Versions,
    ) -> Result<Submission, IntakeError> {
        let Some(language) = self.languages.get(&of.language) else {
            let (name, known) = (of.language, self.languages.ids());
            return Err(Refusal::UnknownLanguage { name, known }.into());
        };
        let work = match of.work {
            Work::Problem { problem: id, sha256, all_tests, .. } => {
                let sha256_prefix = match package {
                    Package::Newest => String::new(),
                    Package::Same => judged_by.map_or_else(|| sha256.to_string(), str::to_owned),
                };
                let size = of.files.iter().map(|file| file.content.size()).sum();
                let entry = Entry { language, field: Field::Source, size };
                let reference = Reference { id, sha256_prefix };
                versions.pin(self.store.as_ref(), &self.languages, reference, &entry, all_tests).await?
            }
            work @ (Work::Run { .. } | Work::Tests { .. }) => work,
        };
        let (id, created_at) = (SubmissionId::new(), now_in_milliseconds());
        Ok(Submission {
            id,
            lane: Lane::Rejudge,
            work,
            note: None,
            traceparent: trace::traceparent(),
            created_at,
            ..of
        })
    }
}
