//! `GET /submissions`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::door::{DOOR, Judge0};
use super::error::Judge0Error;
use super::query::Pairs;
use crate::peer::Peer;
use crate::principal::Principal;

/// How many are on a page unless another number is asked for.
const USUAL: u64 = 20;

/// The most on a page.
const MOST: u64 = 1_000;

/// Every submission that came through this door, the newest first.
pub async fn list(
    State(door): State<Judge0>,
    peer: Option<Extension<Peer>>,
    principal: Principal,
    headers: HeaderMap,
    query: Pairs,
) -> Result<Json<Value>, Judge0Error> {
    door.admin(peer.map(|Extension(peer)| peer), &headers, &query.0).await?;
    let page = number(&query, "page", 1)?;
    let per_page = number(&query, "per_page", USUAL)?.min(MOST);
    let form = door.form(&query)?;
    let skip = (page - 1).saturating_mul(per_page);
    let found = door.app.store.door_page(DOOR, skip, per_page as u32).await?;
    let mut submissions = Vec::with_capacity(found.ids.len());
    let all = Principal { scopes: crate::principal::Scopes::ALL, ..principal };
    for id in &found.ids {
        let told = door.told(&id.to_string(), &all, &form).await?;
        if !told.is_null() {
            submissions.push(told);
        }
    }
    let pages = found.total.div_ceil(per_page);
    Ok(Json(json!({
        "submissions": submissions,
        "meta": {
            "current_page": page,
            "next_page": (page < pages).then_some(page + 1),
            "prev_page": (page > 1).then(|| page - 1),
            "total_pages": pages,
            "total_count": found.total,
        },
    })))
}

fn number(query: &Pairs, name: &str, usual: u64) -> Result<u64, Judge0Error> {
    let Some(word) = query.get(name) else { return Ok(usual) };
    let number = word.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| Judge0Error::bad(format!("invalid {name}: {word}")))
}
