//! `GET /submissions/{token}`

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::door::Judge0;
use super::error::Judge0Error;
use super::query::Pairs;
use super::view::Form;
use crate::principal::Principal;

/// What is known of a submission, at every state.
pub async fn get(
    State(door): State<Judge0>,
    principal: Principal,
    Path(token): Path<String>,
    query: Pairs,
) -> Result<Json<Map<String, Value>>, Judge0Error> {
    let form = door.form(&query)?;
    let stored = door.stored(&token, &principal).await?;
    let shown = door.shown(stored, &form).await?;
    let attributes = door.attributes(&shown, &form).await?;
    attributes.map(Json).map_err(|_| Form::not_text(StatusCode::BAD_REQUEST))
}
