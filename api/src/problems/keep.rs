//! A package that was found good: its blob, its row, and the submission that calibrates it.

use gavel_model::{Lane, LimitsRequest, Submission, SubmissionId, Work};

use super::calibrate::Program;
use super::package::Opened;
use crate::error::{ApiError, ErrorCode};
use crate::http::upload::Received;
use crate::state::AppState;
use crate::store::{ProblemVersion, StoreError};
use crate::submissions::{now_in_milliseconds, pack_files, publish};

/// A version that is kept.
pub struct Kept {
    /// Whether it is new.
    pub new: bool,
    /// The version.
    pub version: ProblemVersion,
}

/// Keeps a package. The store is asked first and told last: while it is down no blob is written, and a row never
/// lacks its blob. A blob whose row could not be written is found again by the next try.
pub async fn keep(
    state: &AppState,
    problem: String,
    received: Received,
    opened: Opened,
) -> Result<Kept, ApiError> {
    let _turn = state.intake.keep().await;
    let Received { file, sha256, size } = received;
    let known = state.problems.versions(&problem, &sha256.to_string(), 1).await?.pop();
    let mut version = ProblemVersion {
        problem,
        sha256,
        size,
        created_at: now_in_milliseconds(),
        detail: opened.detail,
        time_limit_ms: opened.time_limit_ms,
        calibration: None,
    };
    let calibration = match opened.calibration {
        Some(program) if needs_calibration(state, known.as_ref()).await? => {
            Some(submission(state, &version, program).await?)
        }
        _ => None,
    };
    version.calibration = calibration.as_ref().map(|submission| submission.id);
    state.blobs.put_file(&file, &sha256).await.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "the blob store does not take a package");
        ApiError::unavailable("the blob store does not take the package, try again")
    })?;
    let new = state.problems.put_version(&version, calibration.as_ref()).await?;
    tracing::info!(problem.id = version.problem, problem.sha256 = %sha256, new, "a package was uploaded");
    if let Some(submission) = &calibration {
        publish(state, submission).await;
    }
    if new {
        return Ok(Kept { new, version });
    }
    let stored = state.problems.versions(&version.problem, &sha256.to_string(), 1).await?.pop();
    let deleted = || ApiError::new(ErrorCode::UnknownProblem, "the problem was deleted meanwhile");
    Ok(Kept { new, version: stored.ok_or_else(deleted)? })
}

/// Not while the version has a limit already, or a submission is on its way that will bring one.
async fn needs_calibration(state: &AppState, known: Option<&ProblemVersion>) -> Result<bool, StoreError> {
    let Some(known) = known else { return Ok(true) };
    if known.time_limit_ms.is_some() {
        return Ok(false);
    }
    match known.calibration {
        Some(id) => Ok(state.store.get(id).await?.is_none_or(|stored| stored.result.is_some())),
        None => Ok(true),
    }
}

/// An ordinary submission, in the practice lane.
async fn submission(
    state: &AppState,
    version: &ProblemVersion,
    program: Program,
) -> Result<Submission, ApiError> {
    let limits = state.limits.resolve(&LimitsRequest::default()).unwrap_or(state.limits.default);
    Ok(Submission {
        id: SubmissionId::new(),
        lane: Lane::Practice,
        language: program.language,
        files: pack_files(state, program.files).await?,
        args: Vec::new(),
        limits,
        work: Work::Problem {
            problem: version.problem.clone(),
            sha256: version.sha256,
            time_limit_ms: None,
            all_tests: false,
        },
        stdout: false,
        created_at: version.created_at,
    })
}
