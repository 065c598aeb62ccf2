//! `POST /run`: the simple call.

mod explain;

use axum::Json;
use axum::extract::State;
use gavel_model::{JudgeResult, Limits, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::refusal;
use crate::error::ApiError;
use crate::http::body::JsonBody;
use crate::http::query::Params;
use crate::http::refused::{AnyCall, BodyCall};
use crate::intake::{Accepted, Field, Refusal, Request, RequestedProgram, RequestedWork};
use crate::principal::Principal;
use crate::settings::IfUnavailable;
use crate::state::AppState;

/// A program to run once.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"selectedLanguage": "python", "userCode": "print('Hello')"}))]
pub struct RunRequest {
    /// The language's id or one of its aliases.
    #[schema(value_type = String)]
    selected_language: Option<String>,
    /// The program.
    #[schema(value_type = String)]
    user_code: Option<String>,
    /// Its standard input.
    user_input: Option<String>,
    /// What to do where no worker takes the language now; the setting `api.if_unavailable` if left out.
    if_unavailable: Option<IfUnavailable>,
}

/// How much is told.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RunQuery {
    /// Whether the answer has `details`: what the run used, and how it ended.
    details: Option<bool>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
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
    /// What the run used, and how it ended; only with `?details=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<RunDetails>,
}

/// What a run used, and how it ended; null where there was no run.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RunDetails {
    /// CPU time of all processes together, user and system, in milliseconds.
    pub cpu_ms: Option<f64>,
    /// Wall-clock time, in milliseconds.
    pub wall_ms: Option<f64>,
    /// Memory, in bytes.
    pub memory_bytes: Option<u64>,
    /// The exit code; null when a signal ended it.
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

/// Run a program once and wait for what it prints.
///
/// A program that was judged is answered with 200, whatever its verdict.
#[utoipa::path(
    post,
    path = "/run",
    tag = "run",
    params(RunQuery),
    request_body = RunRequest,
    responses(
        (status = 200, description = "Judged", body = RunResponse),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn run(
    State(state): State<AppState>,
    principal: Principal,
    Params(RunQuery { details }): Params<RunQuery>,
    JsonBody(body, memory): JsonBody<RunRequest>,
) -> Result<Json<RunResponse>, ApiError> {
    let request = body.read().map_err(|refusal| refusal::told(&refusal, name))?;
    let accepted =
        state.intake.accept(request, &principal).await.map_err(|error| refusal::answer(error, name))?;
    drop(memory);
    let Accepted { submission, run_limits, mut follow } = accepted;
    match state.await_result(&mut follow, submission.id, state.config.max_wait).await? {
        Some(result) => Ok(Json(RunResponse::new(&result, &run_limits, details.unwrap_or_default()))),
        None => Err(ApiError::unavailable(format!(
            "not judged within {} s; /api/v1/submissions/{} will have the result",
            state.config.max_wait.as_secs_f64(),
            submission.id
        ))),
    }
}

/// What this door calls the parts of a request that it has.
fn name(field: &Field) -> Option<String> {
    let name = match field {
        Field::Language => "selectedLanguage",
        Field::Source => "userCode",
        Field::Stdin => "userInput",
        Field::IfUnavailable => "ifUnavailable",
        _ => return None,
    };
    Some(name.to_owned())
}

impl RunRequest {
    fn read(self) -> Result<Request, Refusal> {
        let language = self.selected_language.ok_or(Refusal::Missing(Field::Language))?;
        let program = RequestedProgram::Text(self.user_code.ok_or(Refusal::Missing(Field::Source))?.into());
        Ok(Request {
            language: Some(language),
            if_unavailable: self.if_unavailable,
            work: RequestedWork::run(self.user_input.unwrap_or_default().into()),
            ..Request::new(program)
        })
    }
}

impl RunResponse {
    fn new(result: &JudgeResult, limits: &Limits, details: bool) -> Self {
        let stdout = result.tests.first().and_then(|test| test.stdout.as_ref());
        let output = stdout.map(gavel_model::Captured::lossy).unwrap_or_default();
        Self {
            success: result.verdict == Verdict::Ac,
            verdict: result.verdict,
            output: without_newline(&output).to_owned(),
            error: explain::explain(result, limits),
            details: details.then(|| RunDetails::new(result)),
        }
    }
}

impl RunDetails {
    fn new(result: &JudgeResult) -> Self {
        let run = result.tests.first();
        Self {
            cpu_ms: run.map(|run| run.cpu_ms),
            wall_ms: run.map(|run| run.wall_ms),
            memory_bytes: run.map(|run| run.memory_bytes),
            exit_code: run.and_then(|run| run.exit_code),
            signal: run.and_then(|run| run.signal),
        }
    }
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
    fn refusals_name_the_fields_of_this_call_wherever_they_stand_in_the_sentence() {
        let known = "c, cpp".to_owned();
        let error = refusal::told(&Refusal::LanguageNotTold { known }, name);
        assert_eq!(error.field.as_deref(), Some("selectedLanguage"));
        assert_eq!(error.message, "selectedLanguage is missing, and no file name tells it; there is: c, cpp");
        let error = refusal::told(&Refusal::Neither(Field::Source, Field::Files), name);
        assert_eq!(error.field.as_deref(), Some("userCode"));
    }
}
