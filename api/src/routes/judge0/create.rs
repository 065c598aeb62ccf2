//! `POST /submissions`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::attributes::Given;
use super::check::{Checked, check, not_accepted};
use super::door::Judge0;
use super::error::Judge0Error;
use super::query::Pairs;
use super::view::Form;
use crate::error::{ApiError, ErrorCode};
use crate::intake::{Accepted, IntakeError};
use crate::principal::Principal;
use crate::routes::door::RawBody;

/// Has a program judged: 201 with its token, or with `wait=true` with what became of it.
pub async fn create(
    State(door): State<Judge0>,
    principal: Principal,
    mut query: Pairs,
    headers: HeaderMap,
    body: Result<RawBody, ApiError>,
) -> Result<Response, Judge0Error> {
    let RawBody(bytes, memory) = body?;
    let given = Given::read(&bytes, is_form(&headers))?;
    // Rails knows no difference between parameters of the path and of the body, as long as they are texts.
    for name in ["wait", "base64_encoded", "fields"] {
        if query.get(name).is_none()
            && let Some(serde_json::Value::String(word)) = given.get(name)
        {
            query.0.push((name.to_owned(), word.clone()));
        }
    }
    let form = door.form(&query)?;
    let accepted = door.accept(&given, form.base64, &principal).await?;
    drop((given, bytes, memory));
    let Accepted { submission, mut follow, .. } = accepted;
    let token = submission.id.to_string();
    if !query.is_true("wait") {
        return Ok((StatusCode::CREATED, Json(json!({ "token": token }))).into_response());
    }
    let wait = door.app.config.max_wait;
    // It is accepted, whatever the store says now.
    let result = door.app.await_result(&mut follow, submission.id, wait).await.unwrap_or(None);
    let shown = door.of(&submission, result, false, &form).await?;
    Ok(match door.attributes(&shown, &form).await? {
        Ok(attributes) => (StatusCode::CREATED, Json(attributes)).into_response(),
        Err(_) => {
            let Judge0Error::Text(_, error) = Form::not_text(StatusCode::CREATED) else {
                return Err(Judge0Error::NotFound);
            };
            (StatusCode::CREATED, Json(json!({ "token": token, "error": error }))).into_response()
        }
    })
}

impl Judge0 {
    /// In which form attributes are asked for.
    ///
    /// # Errors
    /// 400 that names attributes that do not exist.
    pub fn form(&self, query: &Pairs) -> Result<Form, Judge0Error> {
        let base64 = query.base64(self.app.config.judge0.implicit_base64);
        Ok(Form { fields: query.fields()?, base64 })
    }

    /// Checks attributes and hands them to the intake.
    ///
    /// # Errors
    /// 422 that says what is wrong with them, or 503.
    pub async fn accept(
        &self,
        given: &Given,
        base64: bool,
        principal: &Principal,
    ) -> Result<Accepted, Judge0Error> {
        let Checked { mut request, mut note, zip } =
            check(given, base64, &self.app).map_err(Judge0Error::Attributes)?;
        if let Some(zip) = zip {
            let kept = self.app.intake.pack_bytes(zip).await;
            note.additional_files = Some(kept.map_err(|error| not_accepted(IntakeError::Blobs(error)))?);
        }
        let written = note.written().map_err(|error| {
            tracing::error!(%error, "a note of the judge0 door cannot be written");
            ApiError::new(ErrorCode::Internal, "this submission cannot be kept")
        })?;
        request.note = Some(written);
        self.app.intake.accept(request, principal).await.map_err(not_accepted)
    }
}

/// Whether a body is a form; everything else is read as JSON.
pub fn is_form(headers: &HeaderMap) -> bool {
    let announced = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    announced.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}
