//! A package that is taken: read, and if it is good its blob, its row, and the submission that calibrates it.

use std::path::Path;
use std::sync::Arc;

use gavel_blobs::{BlobError, BlobStore};
use gavel_model::language::Languages;
use gavel_model::{Digest, Lane, LimitsPolicy, LimitsRequest, Submission, SubmissionId, Work};
use gavel_platform::telemetry::trace;
use gavel_problem::Diagnostic;
use tokio::task::JoinError;
use tokio_util::task::TaskTracker;

use super::calibrate::AcceptedProgram;
use super::gate::PackageGate;
use super::open::{OpenError, Opened, PackageRules, open};
use crate::intake::{Intake, now_in_milliseconds};
use crate::settings::ApiConfig;
use crate::store::{ProblemVersion, Store, StoreError};

/// Takes packages; cloning shares it.
#[derive(Clone)]
pub struct Packages {
    /// The service's settings.
    pub config: Arc<ApiConfig>,
    /// Maxima of limits.
    pub limits: LimitsPolicy,
    /// What accepted programs may be written in.
    pub languages: Languages,
    /// Where submissions are kept.
    pub store: Arc<dyn Store>,
    /// Where packages go.
    pub blobs: BlobStore,
    /// Takes calibrations.
    pub intake: Intake,
    /// Which packages are being taken.
    pub gate: PackageGate,
    /// Owns what goes on without its request.
    pub tasks: TaskTracker,
}

/// A package as it was uploaded.
pub struct Zip<F> {
    /// Its file; removed with this value.
    pub file: F,
    /// Its hash.
    pub sha256: Digest,
    /// Its size, in bytes.
    pub size: u64,
}

/// A version that is kept.
pub struct Kept {
    /// Whether it is new.
    pub new: bool,
    /// The version.
    pub version: ProblemVersion,
}

/// A package that was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// It has mistakes.
    #[error("the package has mistakes")]
    Invalid(Vec<Diagnostic>),
    /// It cannot be unpacked or read here.
    #[error("unpacking a package")]
    Unpack(#[source] std::io::Error),
    /// The store does not answer.
    #[error("store")]
    Store(#[from] StoreError),
    /// The blob store does not take it.
    #[error("blob store")]
    Blobs(#[from] BlobError),
    /// The problem was deleted while its package was taken.
    #[error("the problem was deleted meanwhile")]
    Deleted,
    /// A task of it did not end well.
    #[error("taking a package")]
    Broken(#[from] JoinError),
}

impl Packages {
    /// Reads a package and keeps it; goes on when its caller does not.
    ///
    /// # Errors
    /// [`TakeError`]; nothing of the package is kept then, except a blob that the next try finds again.
    pub async fn take<F>(&self, problem: String, zip: Zip<F>) -> Result<Kept, TakeError>
    where
        F: AsRef<Path> + Send + Sync + 'static,
    {
        let this = self.clone();
        let taken = self.tasks.spawn(async move {
            let (zip, opened) = this.open(&problem, zip).await?;
            this.keep(problem, &zip, opened).await
        });
        taken.await?
    }

    async fn open<F>(&self, id: &str, zip: Zip<F>) -> Result<(Zip<F>, Opened), TakeError>
    where
        F: AsRef<Path> + Send + Sync + 'static,
    {
        let permit = self.gate.open().await;
        let rules = PackageRules::new(&self.config, self.limits, self.languages.clone());
        let (incoming, id) = (self.blobs.incoming(), id.to_owned());
        let opening = self.tasks.spawn_blocking(move || {
            let _permit = permit;
            open(zip.file.as_ref(), &incoming, &id, &rules).map(|opened| (zip, opened))
        });
        opening.await?.map_err(|error| match error {
            OpenError::Invalid(diagnostics) => TakeError::Invalid(diagnostics),
            OpenError::Io(source) => TakeError::Unpack(source),
        })
    }

    /// Keeps a package. The store is asked first and told last: while it is down no blob is written, and a row never
    /// lacks its blob. A blob whose row could not be written is found again by the next try.
    async fn keep<F: AsRef<Path>>(
        &self,
        problem: String,
        zip: &Zip<F>,
        opened: Opened,
    ) -> Result<Kept, TakeError> {
        let _turn = self.gate.keep().await;
        let prefix = zip.sha256.to_string();
        let known = self.store.versions(&problem, &prefix, 1).await?.pop();
        let mut version = ProblemVersion {
            problem,
            sha256: zip.sha256,
            size: zip.size,
            created_at: now_in_milliseconds(),
            detail: opened.detail,
            time_limit_ms: opened.time_limit_ms,
            calibration: None,
        };
        let calibration = match opened.calibration {
            Some(program) if self.needs_calibration(known.as_ref()).await? => {
                Some(self.calibration(&version, program).await?)
            }
            _ => None,
        };
        version.calibration = calibration.as_ref().map(|submission| submission.id);
        self.blobs.put_file(zip.file.as_ref(), &zip.sha256).await?;
        let new = self.store.put_version(&version, calibration.as_ref()).await?;
        tracing::info!(problem.id = version.problem, problem.sha256 = %zip.sha256, new, "a package was uploaded");
        if let Some(submission) = &calibration {
            self.intake.room.wait(submission.lane);
        }
        if new {
            return Ok(Kept { new, version });
        }
        let stored = self.store.versions(&version.problem, &prefix, 1).await?.pop();
        Ok(Kept { new, version: stored.ok_or(TakeError::Deleted)? })
    }

    /// Not while the version has a limit already, or a submission is on its way that will bring one.
    async fn needs_calibration(&self, known: Option<&ProblemVersion>) -> Result<bool, StoreError> {
        let Some(known) = known else { return Ok(true) };
        if known.time_limit_ms.is_some() {
            return Ok(false);
        }
        match known.calibration {
            Some(id) => Ok(self.store.get(id).await?.is_none_or(|stored| stored.result.is_some())),
            None => Ok(true),
        }
    }

    /// An ordinary submission, in the practice lane.
    async fn calibration(
        &self,
        version: &ProblemVersion,
        program: AcceptedProgram,
    ) -> Result<Submission, BlobError> {
        let limits = self.limits.resolve(&LimitsRequest::default()).unwrap_or(self.limits.default);
        Ok(Submission {
            id: SubmissionId::new(),
            lane: Lane::Practice,
            language: program.language,
            files: self.intake.pack_files(program.files).await?,
            args: Vec::new(),
            compiler_options: Vec::new(),
            limits,
            address_space_mb: None,
            work: Work::Problem {
                problem: version.problem.clone(),
                sha256: version.sha256,
                time_limit_ms: None,
                all_tests: false,
            },
            stdout: false,
            note: None,
            traceparent: trace::traceparent(),
            created_at: version.created_at,
        })
    }
}
