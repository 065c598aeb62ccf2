//! Taking a submission: check, store, publish.

use bytes::Bytes;
use gavel_blobs::BlobError;
use gavel_model::{FileName, Limits, SourceFile, Submission, SubmissionId, TestCase, Work};
use jiff::Timestamp;

use super::check::{Checked, Rules, check};
use super::inline::Packer;
use super::problem::{Entry, pin};
use super::request::SubmissionRequest;
use super::view::Queued;
use super::work::{CheckedTest, CheckedWork, InlineWork};
use crate::error::ApiError;
use crate::state::AppState;
use crate::waiters::Waiter;

/// The largest message (docs/MESSAGES.md: under 1 MiB, with room for what the broker adds).
const MAX_MESSAGE: u64 = 1_000 * 1024;

/// A submission that was stored; whether it is published already or will be is not the client's concern.
pub struct Accepted {
    /// What the client is told.
    pub queued: Queued,
    /// The limits it runs with.
    pub limits: Limits,
    /// How much longer its language may take.
    pub time_factor: f64,
    /// Waits for its result; registered before the submission was published.
    pub waiter: Waiter,
}

/// Checks a request, stores the submission and publishes it.
///
/// A broker that does not take it is no error: the row stays, and the reconciler publishes it.
///
/// # Errors
/// When the request is not right, or the store does not answer.
pub async fn accept(state: &AppState, request: SubmissionRequest) -> Result<Accepted, ApiError> {
    let rules = Rules { config: &state.config, limits: &state.limits, languages: &state.languages };
    let checked = check(request, rules)?;
    let time_factor = checked.language.time_factor;
    let submission = pack(state, checked).await?;
    tracing::Span::current().record("submission.id", tracing::field::display(submission.id));
    let size = serde_json::to_vec(&submission).map_or(u64::MAX, |json| json.len() as u64);
    if size > MAX_MESSAGE {
        return Err(ApiError::too_large("work", size, MAX_MESSAGE, "bytes as a message"));
    }
    state.store.insert(&submission).await?;
    let waiter = state.waiters.register(submission.id);
    publish(state, &submission).await;
    let queued = Queued::new(submission.id, submission.lane, submission.language, submission.created_at);
    Ok(Accepted { queued, limits: submission.limits, time_factor, waiter })
}

/// Publishes a stored submission; what a broker does not take is left to the reconciler.
pub async fn publish(state: &AppState, submission: &Submission) {
    match state.dispatcher.publish(submission).await {
        Ok(()) => state.published.note(submission.id).await,
        Err(error) => {
            tracing::warn!(
                submission.id = %submission.id,
                error = &error as &dyn std::error::Error,
                "not published; the reconciler will try again"
            );
        }
    }
}

async fn pack(state: &AppState, checked: Checked<'_>) -> Result<Submission, ApiError> {
    let size = checked.files.iter().map(|(_, content)| content.len() as u64).sum();
    let entry = Entry { language: checked.language, field: checked.field, size };
    let mut packer = Packer::new(&state.blobs);
    let (files, work) = match checked.work {
        CheckedWork::Problem { reference, all_tests } => {
            // A program that the problem does not take leaves nothing in the blob store.
            let work = pin(state, reference, &entry, all_tests).await?;
            (packed_files(&mut packer, checked.files).await?, work)
        }
        CheckedWork::Inline(work) => {
            let files = packed_files(&mut packer, checked.files).await?;
            (files, packed_work(&mut packer, work).await?)
        }
    };
    Ok(Submission {
        id: SubmissionId::new(),
        lane: checked.lane,
        language: checked.language.id.clone(),
        files,
        args: checked.args,
        limits: checked.limits,
        work,
        stdout: checked.stdout,
        created_at: now_in_milliseconds(),
    })
}

async fn packed_work(packer: &mut Packer<'_>, work: InlineWork) -> Result<Work, ApiError> {
    match work {
        InlineWork::Run { stdin, expected_output } => Ok(Work::Run {
            stdin: packed(packer, stdin).await?,
            expected_output: match expected_output {
                Some(expected) => Some(packed(packer, expected).await?),
                None => None,
            },
        }),
        InlineWork::Tests { tests, checker, all_tests } => {
            let mut cases = Vec::with_capacity(tests.len());
            for CheckedTest { name, input, answer } in tests {
                let input = packed(packer, input).await?;
                cases.push(TestCase { name, input, answer: packed(packer, answer).await? });
            }
            Ok(Work::Tests { tests: cases, checker, all_tests })
        }
    }
}

/// Packs a program that comes with nothing else.
///
/// # Errors
/// When the blob store does not answer.
pub async fn pack_files(
    state: &AppState,
    files: Vec<(FileName, Bytes)>,
) -> Result<Vec<SourceFile>, ApiError> {
    packed_files(&mut Packer::new(&state.blobs), files).await
}

async fn packed_files(
    packer: &mut Packer<'_>,
    files: Vec<(FileName, Bytes)>,
) -> Result<Vec<SourceFile>, ApiError> {
    let mut all = Vec::with_capacity(files.len());
    for (name, content) in files {
        all.push(SourceFile { name, content: packed(packer, content).await? });
    }
    Ok(all)
}

async fn packed(packer: &mut Packer<'_>, bytes: Bytes) -> Result<gavel_model::Payload, ApiError> {
    packer.pack(bytes).await.map_err(|error: BlobError| {
        tracing::warn!(error = &error as &dyn std::error::Error, "the blob store does not take a payload");
        ApiError::unavailable("the blob store does not answer, try again")
    })
}

/// The time as precise as the store keeps it, so that every answer tells the same.
pub fn now_in_milliseconds() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
