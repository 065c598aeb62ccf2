//! Taking a submission: check, store, publish.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gavel_blobs::{BlobError, BlobStore};
use gavel_broker::Dispatcher;
use gavel_model::language::Languages;
use gavel_model::{
    FileName, Limits, LimitsPolicy, Payload, SourceFile, Submission, SubmissionId, TestCase, Work,
};
use jiff::Timestamp;

use super::check::{Checked, Rules, check};
use super::inline::Packer;
use super::problem::{Entry, pin};
use super::quotas::Quotas;
use super::refusal::{Field, Refusal, Unit};
use super::request::Request;
use super::work::{CheckedTest, CheckedWork, InlineWork};
use crate::principal::Principal;
use crate::published::Published;
use crate::settings::ApiConfig;
use crate::store::{Store, StoreError};
use crate::updates::{Follow, Updates};

/// The largest message (docs/MESSAGES.md: under 1 MiB, with room for what the broker adds).
const MAX_MESSAGE: u64 = 1_000 * 1024;

/// Checks and accepts work; cloning shares it.
#[derive(Clone)]
pub struct Intake {
    /// The service's settings.
    pub config: Arc<ApiConfig>,
    /// Defaults and maxima of limits.
    pub limits: LimitsPolicy,
    /// What can be run.
    pub languages: Languages,
    /// Where submissions are kept, and problems looked up.
    pub store: Arc<dyn Store>,
    /// Where large bytes go.
    pub blobs: BlobStore,
    /// Where submissions are published.
    pub dispatcher: Arc<dyn Dispatcher>,
    /// Takes note of what was published.
    pub published: Published,
    /// Tells what happens to submissions.
    pub updates: Updates,
    /// How much each owner may submit.
    pub quotas: Quotas,
}

/// A submission that was stored; whether it is published already or will be is not the client's concern.
pub struct Accepted {
    /// The submission, as it is published.
    pub submission: Submission,
    /// The limits it runs with, the language's factor included.
    pub run_limits: Limits,
    /// Follows it, since before it was published.
    pub follow: Follow,
}

/// Work that was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Its owner has submitted too much; how long to wait.
    #[error("too much of one owner: {0}")]
    TooMany(&'static str, Duration),
    /// Something about it is not right.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The store does not answer.
    #[error("store")]
    Store(#[from] StoreError),
    /// The blob store does not take a payload.
    #[error("blob store")]
    Blobs(#[source] BlobError),
    /// The language is not set up well.
    #[error("language")]
    Language,
}

impl From<Refusal> for IntakeError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Intake {
    /// Checks a request, stores the submission as its principal's, and publishes it.
    ///
    /// A broker that does not take it is no error: the row stays, and the reconciler publishes it.
    ///
    /// # Errors
    /// When the request is not right, or a store does not answer.
    pub async fn accept(&self, request: Request, principal: &Principal) -> Result<Accepted, IntakeError> {
        self.quotas.may_submit(principal)?;
        let rules = Rules { config: &self.config, limits: &self.limits, languages: &self.languages };
        let checked = check(request, rules)?;
        let time_factor = checked.language.time_factor;
        let submission = self.pack(checked).await?;
        tracing::Span::current().record("submission.id", tracing::field::display(submission.id));
        let size = serde_json::to_vec(&submission).map_or(u64::MAX, |json| json.len() as u64);
        if size > MAX_MESSAGE {
            let (value, max, unit) = (size, MAX_MESSAGE, Unit::MessageBytes);
            return Err(Refusal::TooLarge { field: Field::Work, value, max, unit }.into());
        }
        self.quotas.keep(self.store.as_ref(), &submission, principal).await?;
        let follow = self.updates.follow(submission.id);
        self.publish(&submission).await;
        Ok(Accepted { run_limits: submission.limits.scaled(time_factor), submission, follow })
    }

    /// Publishes a stored submission; what a broker does not take is left to the reconciler.
    pub async fn publish(&self, submission: &Submission) {
        match self.dispatcher.publish(submission).await {
            Ok(()) => self.published.note(submission.id).await,
            Err(error) => {
                tracing::warn!(
                    submission.id = %submission.id,
                    error = &error as &dyn std::error::Error,
                    "not published; the reconciler will try again"
                );
            }
        }
    }

    /// Packs a program that comes with nothing else.
    ///
    /// # Errors
    /// When the blob store does not answer.
    pub async fn pack_files(&self, files: Vec<(FileName, Bytes)>) -> Result<Vec<SourceFile>, BlobError> {
        packed_files(&mut Packer::new(&self.blobs), files).await
    }

    async fn pack(&self, checked: Checked<'_>) -> Result<Submission, IntakeError> {
        let size = checked.files.iter().map(|(_, content)| content.len() as u64).sum();
        let entry = Entry { language: checked.language, field: checked.field, size };
        let mut packer = Packer::new(&self.blobs);
        let (files, work) = match checked.work {
            CheckedWork::Problem { reference, all_tests } => {
                // A program that the problem does not take leaves nothing in the blob store.
                let work = pin(self.store.as_ref(), &self.languages, reference, &entry, all_tests).await?;
                (packed_files(&mut packer, checked.files).await.map_err(IntakeError::Blobs)?, work)
            }
            CheckedWork::Inline(work) => {
                let files = packed_files(&mut packer, checked.files).await.map_err(IntakeError::Blobs)?;
                (files, packed_work(&mut packer, work).await.map_err(IntakeError::Blobs)?)
            }
        };
        Ok(Submission {
            id: SubmissionId::new(),
            lane: checked.lane,
            language: checked.language.id.clone(),
            files,
            args: checked.args,
            compiler_options: checked.compiler_options,
            limits: checked.limits,
            work,
            stdout: checked.stdout,
            created_at: now_in_milliseconds(),
        })
    }
}

async fn packed_work(packer: &mut Packer<'_>, work: InlineWork) -> Result<Work, BlobError> {
    match work {
        InlineWork::Run { stdin, expected_output, checker, file_io } => Ok(Work::Run {
            stdin: packer.pack(stdin).await?,
            expected_output: match expected_output {
                Some(expected) => Some(packer.pack(expected).await?),
                None => None,
            },
            checker,
            file_io,
        }),
        InlineWork::Tests { tests, checker, all_tests, file_io } => {
            let mut cases = Vec::with_capacity(tests.len());
            for CheckedTest { name, input, answer } in tests {
                let input = packer.pack(input).await?;
                cases.push(TestCase { name, input, answer: packer.pack(answer).await? });
            }
            Ok(Work::Tests { tests: cases, checker, all_tests, file_io })
        }
    }
}

async fn packed_files(
    packer: &mut Packer<'_>,
    files: Vec<(FileName, Bytes)>,
) -> Result<Vec<SourceFile>, BlobError> {
    let mut all = Vec::with_capacity(files.len());
    for (name, content) in files {
        let content: Payload = packer.pack(content).await?;
        all.push(SourceFile { name, content });
    }
    Ok(all)
}

/// The time as precise as the store keeps it, so that every answer tells the same.
pub fn now_in_milliseconds() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
