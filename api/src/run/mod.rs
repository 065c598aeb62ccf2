//! `POST /run`: the simple call.

mod explain;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use gavel_model::{JudgeResult, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorEnvelope};
use crate::http::body;
use crate::state::AppState;
use crate::submissions::request::{SubmissionRequest, WorkRequest};
use crate::submissions::{Accepted, accept};

/// A program to run once.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(example = json!({"selectedLanguage": "python", "userCode": "print('Hello')"}))]
pub struct RunRequest {
    /// The language's id or one of its aliases.
    pub selected_language: String,
    /// The program.
    pub user_code: String,
    /// Its standard input.
    pub user_input: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"success": true, "verdict": "AC", "output": "Hello", "error": null}))]
pub struct RunResponse {
    /// Whether the verdict is `AC`.
    pub success: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// What the program printed, without the newline at its end.
    pub output: String,
    /// What went wrong: the compiler's text, the program's standard error, or a sentence.
    pub error: Option<String>,
}

/// Run a program once and wait for what it prints.
///
/// A program that was judged is answered with 200, whatever its verdict.
#[utoipa::path(
    post,
    path = "/run",
    tag = "run",
    request_body = RunRequest,
    responses(
        (status = 200, description = "Judged", body = RunResponse),
        (status = 400, description = "The request is not right", body = ErrorEnvelope),
        (status = 401, description = "A key is needed", body = ErrorEnvelope),
        (status = 413, description = "Larger than allowed", body = ErrorEnvelope),
        (status = 415, description = "Not announced as JSON", body = ErrorEnvelope),
        (status = 503, description = "Not judged in time; `Retry-After` tells when to try again",
            body = ErrorEnvelope),
    ),
)]
pub async fn run(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<RunResponse>, ApiError> {
    let request: RunRequest = body::read(&headers, body, state.max_body()).await?;
    let Accepted { queued, limits, time_factor, mut waiter } =
        accept(&state, request.into()).await.map_err(in_words_of_run)?;
    match state.await_result(&mut waiter, queued.id, state.config.max_wait).await? {
        Some(result) => Ok(Json(RunResponse::new(&result, limits.scaled(time_factor)))),
        None => Err(ApiError::unavailable(format!(
            "not judged within {} s; /api/v1/submissions/{} will have the result",
            state.config.max_wait.as_secs_f64(),
            queued.id
        ))),
    }
}

impl From<RunRequest> for SubmissionRequest {
    fn from(request: RunRequest) -> Self {
        Self {
            language: Some(request.selected_language),
            source: Some(request.user_code),
            work: WorkRequest::Run { stdin: request.user_input.unwrap_or_default(), expected_output: None },
            ..Self::default()
        }
    }
}

impl RunResponse {
    fn new(result: &JudgeResult, limits: gavel_model::Limits) -> Self {
        let stdout = result.tests.first().and_then(|test| test.stdout.as_ref());
        let output = stdout.map(gavel_model::Captured::lossy).unwrap_or_default();
        Self {
            success: result.verdict == Verdict::Ac,
            verdict: result.verdict,
            output: without_newline(&output).to_owned(),
            error: explain::explain(result, &limits),
        }
    }
}

/// Names the fields as this call does.
fn in_words_of_run(error: ApiError) -> ApiError {
    let name = match error.field.as_deref() {
        Some("language") => "selectedLanguage",
        Some("source") => "userCode",
        Some("work.stdin") => "userInput",
        _ => return error,
    };
    let old = error.field.as_deref().unwrap_or_default();
    let message = match error.message.strip_prefix(old) {
        Some(rest) => format!("{name}{rest}"),
        None => error.message.clone(),
    };
    ApiError { message, field: Some(name.to_owned()), ..error }
}

/// Without the one newline that ends the last line.
fn without_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("Hello\n", "Hello")]
    #[test_case("Hello\r\n", "Hello")]
    #[test_case("Hello", "Hello")]
    #[test_case("a\n\n", "a\n"; "only one")]
    #[test_case("\n", ""; "nothing but a newline")]
    #[test_case(" a ", " a "; "spaces stay")]
    fn one_newline_is_trimmed(printed: &str, shown: &str) {
        assert_eq!(without_newline(printed), shown);
    }

    #[test]
    fn errors_name_the_fields_of_this_call() {
        let error = in_words_of_run(ApiError::too_large("source", 2, 1, "bytes"));
        assert_eq!(error.field.as_deref(), Some("userCode"));
        assert_eq!(error.message, "userCode has 2 bytes, the maximum is 1");
    }
}
