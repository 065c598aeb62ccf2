//! `POST` and `GET /submissions/batch`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::attributes::Given;
use super::door::Judge0;
use super::error::Judge0Error;
use super::query::Pairs;
use super::view::Form;
use crate::error::ApiError;
use crate::principal::Principal;
use crate::routes::door::RawBody;

/// The most submissions of a batch.
pub const MAX_BATCH: usize = 20;

/// Has several programs judged: an answer for each, in their order; 422 only if none is right.
pub async fn create(
    State(door): State<Judge0>,
    principal: Principal,
    query: Pairs,
    body: Result<RawBody, ApiError>,
) -> Result<Response, Judge0Error> {
    let RawBody(bytes, memory) = body?;
    let base64 = query.base64(door.app.config.judge0.implicit_base64);
    let given = Given::read(&bytes, false)?;
    let submissions = match given.get("submissions") {
        Some(Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    };
    check_size(submissions.len())?;
    let mut answers = Vec::with_capacity(submissions.len());
    let mut any = false;
    for one in submissions {
        match door.accept(&Given::of(one), base64, &principal).await {
            Ok(accepted) => {
                any = true;
                answers.push(json!({ "token": accepted.submission.id.to_string() }));
            }
            Err(Judge0Error::Attributes(mistakes)) => answers.push(json!(mistakes)),
            // Those before it are accepted and would be lost to the client; each is told what became of it.
            Err(Judge0Error::Text(_, text)) if any => answers.push(json!({ "error": [text] })),
            Err(error) => return Err(error),
        }
    }
    drop(memory);
    let status = if any { StatusCode::CREATED } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Json(answers)).into_response())
}

/// What is known of several submissions; null for one that is unknown.
pub async fn get(
    State(door): State<Judge0>,
    principal: Principal,
    headers: HeaderMap,
    query: Pairs,
) -> Result<Json<Value>, Judge0Error> {
    let form = door.form(&query)?;
    let said = headers.get("tokens").and_then(|tokens| tokens.to_str().ok());
    let tokens = said.or_else(|| query.get("tokens")).unwrap_or_default();
    let tokens: Vec<&str> = tokens.split(',').map(str::trim).filter(|token| !token.is_empty()).collect();
    check_size(tokens.len())?;
    let mut submissions = Vec::with_capacity(tokens.len());
    for token in tokens {
        submissions.push(door.told(token, &principal, &form).await?);
    }
    Ok(Json(json!({ "submissions": submissions })))
}

impl Judge0 {
    /// What is known of one of several submissions; null if it is unknown.
    ///
    /// # Errors
    /// When a store does not answer, or a text is no UTF-8.
    pub async fn told(&self, token: &str, principal: &Principal, form: &Form) -> Result<Value, Judge0Error> {
        let shown = match self.stored(token, principal).await {
            Ok(stored) => self.shown(stored, form).await,
            Err(error) => Err(error),
        };
        let shown = match shown {
            Ok(shown) => shown,
            Err(Judge0Error::NotFound) => return Ok(Value::Null),
            Err(error) => return Err(error),
        };
        self.attributes(&shown, form).await?.map(Value::Object).map_err(|_| Form::not_texts())
    }
}

fn check_size(count: usize) -> Result<(), Judge0Error> {
    match count {
        0 => Err(Judge0Error::bad("there should be at least one submission in a batch")),
        1..=MAX_BATCH => Ok(()),
        _ => Err(Judge0Error::bad(format!(
            "number of submissions in a batch should be less than or equal to {MAX_BATCH}"
        ))),
    }
}
