//! `DELETE /submissions/{token}`

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use serde_json::{Map, Value};

use super::door::Judge0;
use super::error::Judge0Error;
use super::outcome::description;
use super::query::Pairs;
use super::view::Form;
use crate::peer::Peer;
use crate::principal::{Principal, Scopes};
use crate::store::SubmissionState;

/// Forgets a submission that is done, and tells it for the last time, in base64 whatever is asked for.
pub async fn delete(
    State(door): State<Judge0>,
    peer: Option<Extension<Peer>>,
    principal: Principal,
    Path(token): Path<String>,
    headers: HeaderMap,
    query: Pairs,
) -> Result<Json<Map<String, Value>>, Judge0Error> {
    door.admin(peer.map(|Extension(peer)| peer), &headers, &query.0).await?;
    if !door.app.config.judge0.submission_delete {
        return Err(Judge0Error::bad("delete not allowed"));
    }
    let form = Form { base64: true, ..door.form(&query)? };
    let stored = door.stored(&token, &Principal { scopes: Scopes::ALL, ..principal }).await?;
    if !stored.state.is_final() {
        let status = if stored.state == SubmissionState::Judging { 2 } else { 1 };
        let text = description(status);
        return Err(Judge0Error::bad(format!(
            "submission cannot be deleted because its status is {status} ({text})"
        )));
    }
    let id = stored.id;
    let shown = door.shown(stored, &form).await?;
    let attributes = door.attributes(&shown, &form).await?.map_err(|_| Form::not_texts())?;
    if !door.app.store.delete_final(id).await? {
        return Err(Judge0Error::NotFound);
    }
    Ok(Json(attributes))
}
