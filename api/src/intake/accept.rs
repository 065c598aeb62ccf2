//! Taking a submission: check, store, publish.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use gavel_blobs::{BlobError, BlobStore};
use gavel_broker::Dispatcher;
use gavel_model::language::Languages;
use gavel_model::{
    FileName, Limits, LimitsPolicy, Payload, SourceFile, Submission, SubmissionId, TestCase, Work,
};
use gavel_platform::telemetry::trace;
use jiff::Timestamp;
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, Span};

use super::check::{Checked, Rules, check};
use super::inline::Packer;
use super::problem::{Entry, Versions};
use super::quotas::Quotas;
use super::refusal::{Field, Refusal, Unit};
use super::request::Request;
use super::work::{CheckedTest, CheckedWork, InlineWork};
use crate::callback::CallbackUrl;
use crate::fleet::Fleet;
use crate::handover::Room;
use crate::metrics::{ApiMetrics, RefusedFor};
use crate::pending::{Full, Pending};
use crate::principal::Principal;
use crate::published::Published;
use crate::settings::{ApiConfig, IfUnavailable};
use crate::store::{Inserted, Made, NewSubmission, Once, Store, StoreError};
use crate::updates::{Follow, Updates};

/// The largest message (docs/MESSAGES.md: under 1 MiB, with room for what the broker adds).
const MAX_MESSAGE: u64 = 1_000 * 1024;

/// Checks and accepts work; cloning shares it.
#[derive(Clone)]
pub struct Intake {
    /// The service's settings.
    pub config: Arc<ApiConfig>,
    /// Whether private addresses may be called.
    pub call_private: bool,
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
    /// Which languages workers take.
    pub fleet: Fleet,
    /// How much is in flight, and may be.
    pub pending: Pending,
    /// Counts what is turned away.
    pub metrics: ApiMetrics,
    /// How much room the queues have.
    pub room: Room,
    /// Takes note of what was published.
    pub published: Published,
    /// Tells what happens to submissions.
    pub updates: Updates,
    /// How much each owner may submit.
    pub quotas: Quotas,
    /// Owns what goes on without its request.
    pub tasks: TaskTracker,
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

/// A submission that may be stored.
pub(super) struct Prepared {
    pub submission: Submission,
    /// The limits of a run, the language's factor included.
    pub run_limits: Limits,
    pub callback: Option<CallbackUrl>,
}

/// What became of a call that counts once.
pub enum Acceptance {
    /// It was accepted now.
    New(Box<Accepted>),
    /// It was accepted before.
    Before(SubmissionId),
}

/// Work that was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Its owner has submitted too much; how long to wait.
    #[error("too much of one owner: {0}")]
    TooMany(&'static str, Duration),
    /// As much is in flight as may be.
    #[error(transparent)]
    Full(#[from] Full),
    /// No worker takes its language now.
    #[error("no worker takes {language}")]
    NoWorker {
        /// The language's id.
        language: String,
        /// Those that are taken.
        others: Vec<String>,
    },
    /// The key of the call was used for another one, or that one is still being received.
    #[error("the key was used before")]
    KeyUsed(KeyUse),
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

/// What a client's key was used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// Another call, or another body.
    Other,
    /// A call whose body is still being received.
    InProgress,
}

impl IntakeError {
    /// Which label it is counted under, where it is turned away though nothing is wrong with it.
    const fn turned_away(&self) -> Option<RefusedFor> {
        match self {
            Self::TooMany(..) => Some(RefusedFor::Owner),
            Self::Full(_) => Some(RefusedFor::Pending),
            Self::NoWorker { .. } => Some(RefusedFor::NoWorker),
            _ => None,
        }
    }
}

impl From<Refusal> for IntakeError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Intake {
    /// Checks a request, stores the submission as its principal's, and publishes it.
    ///
    /// A broker that does not take it is no error: the row stays, and is handed over later. So it is where a lane has no
    /// room, or others wait.
    ///
    /// # Errors
    /// When the request is not right, or a store does not answer.
    pub async fn accept(&self, request: Request, principal: &Principal) -> Result<Accepted, IntakeError> {
        match self.accept_once(request, principal, None).await? {
            Acceptance::New(accepted) => Ok(*accepted),
            // Without a key there is nothing that it was accepted under before.
            Acceptance::Before(_) => Err(IntakeError::KeyUsed(KeyUse::Other)),
        }
    }

    /// [`Intake::accept`], under a key of the client, which it is accepted under once.
    ///
    /// # Errors
    /// As [`Intake::accept`], and when the key was used for something else.
    pub async fn accept_once(
        &self,
        request: Request,
        principal: &Principal,
        once: Option<&Once>,
    ) -> Result<Acceptance, IntakeError> {
        let taken_in = self.taken_in(request, principal, once).instrument(tracing::info_span!("accept"));
        let acceptance = taken_in.await.inspect_err(|error| self.count(error))?;
        if let Acceptance::New(accepted) = &acceptance {
            Span::current().record("submission.id", tracing::field::display(accepted.submission.id));
        }
        Ok(acceptance)
    }

    /// Counts what is turned away.
    pub(super) fn count(&self, error: &IntakeError) {
        if let Some(reason) = error.turned_away() {
            self.metrics.refused(reason).inc();
        }
    }

    async fn taken_in(
        &self,
        request: Request,
        principal: &Principal,
        once: Option<&Once>,
    ) -> Result<Acceptance, IntakeError> {
        self.quotas.may_submit(principal)?;
        self.pending.room_for(1)?;
        let Prepared { submission, run_limits, callback } =
            self.prepare(request, &mut Versions::default()).await?;
        let entered = self.room.enter(submission.lane);
        // What is published here and now is nobody else's to hand over until then.
        let ready_after = if entered { self.config.republish_after } else { Duration::ZERO };
        let most_unfinished = self.quotas.most_unfinished(principal);
        let owner = Some(&principal.owner);
        let callback = callback.as_ref().map(CallbackUrl::as_str);
        let new =
            NewSubmission { submission: &submission, owner, most_unfinished, ready_after, once, callback };
        let inserted = self.store.insert_new(new).instrument(tracing::info_span!("store")).await;
        if entered && !matches!(inserted, Ok(Inserted::Kept)) {
            self.room.leave(submission.lane);
        }
        match inserted? {
            Inserted::Kept => self.pending.add(1),
            Inserted::TooMany => return Err(Quotas::too_many()),
            Inserted::Before(made) => return before(&made, once).map(Acceptance::Before),
        }
        let follow = self.updates.follow(submission.id);
        if entered {
            self.publish(&submission).await;
        } else {
            self.room.wait(submission.lane);
        }
        Ok(Acceptance::New(Box::new(Accepted { run_limits, submission, follow })))
    }

    /// Checks a request and packs its bytes.
    ///
    /// # Errors
    /// When the request is not right, or a store does not answer.
    pub(super) async fn prepare(
        &self,
        request: Request,
        versions: &mut Versions,
    ) -> Result<Prepared, IntakeError> {
        let checked = check(request, self.rules())?;
        if checked.if_unavailable == IfUnavailable::Refuse
            && let Some(others) = self.fleet.lacks(&checked.language.id, Instant::now())
        {
            return Err(IntakeError::NoWorker { language: checked.language.id.clone(), others });
        }
        let callback = checked.callback.clone();
        let time_factor = checked.language.time_factor;
        let submission = self.pack(checked, versions).await?;
        let size = serde_json::to_vec(&submission).map_or(u64::MAX, |json| json.len() as u64);
        if size > MAX_MESSAGE {
            let (value, max, unit) = (size, MAX_MESSAGE, Unit::MessageBytes);
            return Err(Refusal::TooLarge { field: Field::Work, value, max, unit }.into());
        }
        let run_limits = submission.limits.scaled(time_factor);
        Ok(Prepared { submission, run_limits, callback })
    }

    /// What requests are measured by.
    pub(super) fn rules(&self) -> Rules<'_> {
        let (config, limits, languages) = (&self.config, &self.limits, &self.languages);
        Rules { config, limits, languages, call_private: self.call_private }
    }

    /// Publishes a submission that has its place; what a broker does not take is handed over later.
    async fn publish(&self, submission: &Submission) {
        match self.dispatcher.publish(submission).await {
            Ok(()) => self.published.note(submission.id).await,
            Err(error) => {
                self.room.leave(submission.lane);
                tracing::warn!(
                    submission.id = %submission.id,
                    error = &error as &dyn std::error::Error,
                    "not published; it will be handed over later"
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

    /// Keeps some bytes for as long as the submission whose note names them.
    ///
    /// # Errors
    /// When the blob store does not answer.
    pub async fn pack_bytes(&self, bytes: Bytes) -> Result<Payload, BlobError> {
        Packer::new(&self.blobs).pack(bytes).await
    }

    async fn pack(&self, checked: Checked<'_>, versions: &mut Versions) -> Result<Submission, IntakeError> {
        let size = checked.files.iter().map(|(_, content)| content.len() as u64).sum();
        let entry = Entry { language: checked.language, field: checked.field, size };
        let mut packer = Packer::new(&self.blobs);
        let (files, work) = match checked.work {
            CheckedWork::Problem { reference, all_tests } => {
                // A program that the problem does not take leaves nothing in the blob store.
                let store = self.store.as_ref();
                let work = versions.pin(store, &self.languages, reference, &entry, all_tests).await?;
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
            address_space_mb: checked.address_space_mb,
            work,
            stdout: checked.stdout,
            note: checked.note,
            traceparent: trace::traceparent(),
            created_at: now_in_milliseconds(),
        })
    }
}

/// What was accepted before, if it is the same.
fn before(made: &Made, once: Option<&Once>) -> Result<SubmissionId, IntakeError> {
    match (made.sha256, once.and_then(|once| once.sha256)) {
        (Some(before), Some(now)) if before == now => Ok(SubmissionId(made.id)),
        (None, _) => Err(IntakeError::KeyUsed(KeyUse::InProgress)),
        _ => Err(IntakeError::KeyUsed(KeyUse::Other)),
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
