//! `POST /api/v1/batches`

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use sha2::Sha256;

use super::entry;
use super::json::{BatchBody, BatchHead, BatchRequest};
use super::receipt::{BatchReceipt, receipt};
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::body::{media_type, read_json};
use crate::http::lines::Lines;
use crate::http::once;
use crate::http::refused::{AnyCall, BodyCall};
use crate::intake::{BatchIntake, Begin, KeyUse};
use crate::memory::announced;
use crate::principal::Principal;
use crate::routes::refusal;
use crate::routes::v1::names::name;
use crate::state::AppState;
use crate::store::BatchId;

/// What lines of JSON are announced as.
const LINES: [&str; 4] =
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

/// Judge many submissions.
///
/// The answer tells each entry's id, or what is wrong with it, in its place. Either all of the batch is taken or, when the
/// call fails, nothing. With `application/x-ndjson` each line is an entry, of any number up to `api.max_batch`; the first
/// line may be `{"common": {...}, "callback_url": "..."}`.
#[utoipa::path(
    post,
    operation_id = "createBatch",
    path = "/api/v1/batches",
    tag = "batches",
    params(("idempotency-key" = Option<String>, Header, description = "A call that is sent again with the same key counts once")),
    request_body(content((BatchRequest = "application/json"), (String = "application/x-ndjson"))),
    responses(
        (status = 202, description = "Accepted; `Location` tells where the batch is", body = BatchReceipt,
            headers(("location" = String, description = "The batch's path"))),
        (status = 409, description = "The key was used for another body", body = ErrorEnvelope),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    request: Request,
) -> Result<Response, ApiError> {
    let id = if LINES.contains(&media_type(request.headers()).as_str()) {
        of_lines(&state, &principal, request).await?
    } else {
        of_json(&state, &principal, request).await?
    };
    tracing::Span::current().record("batch.id", tracing::field::display(id));
    receipt(state, id).await
}

async fn of_json(state: &AppState, principal: &Principal, request: Request) -> Result<BatchId, ApiError> {
    let (bytes, _memory, once) = read_json(request, state).await?;
    let body = BatchBody::read(&bytes)?;
    let sha256 = once.as_ref().and_then(|once| once.sha256);
    let mut batch = match begin(state, principal, once.as_ref().map(|once| once.key.as_str())).await? {
        Begin::New(batch) => batch,
        Begin::Before(id, before) => return same(id, before, sha256),
    };
    for json in body.submissions {
        take(state, &mut batch, json.get().as_bytes(), &body.head).await?;
    }
    complete(*batch, &body.head, sha256).await
}

async fn of_lines(state: &AppState, principal: &Principal, request: Request) -> Result<BatchId, ApiError> {
    let (parts, body) = request.into_parts();
    let key = once::key(&parts.headers)?;
    let held = state.memory.hold(&axum::http::HeaderMap::new())?;
    let hash: Sha256 = once::begin(&parts);
    let mut lines = Lines::new(body, state.config.max_body(), held, hash);
    let taken = take_lines(state, principal, &mut lines, key.as_deref()).await;
    if taken.is_err() && announced(&parts.headers) != Some(0) && !parts.headers.contains_key(header::EXPECT) {
        lines.discard().await;
    }
    taken
}

async fn take_lines(
    state: &AppState,
    principal: &Principal,
    lines: &mut Lines,
    key: Option<&str>,
) -> Result<BatchId, ApiError> {
    let mut batch = match begin(state, principal, key).await? {
        Begin::New(batch) => batch,
        Begin::Before(id, before) => {
            lines.skip().await?;
            return same(id, before, Some(lines.sha256()));
        }
    };
    let (mut head, mut first) = (BatchHead::default(), true);
    while let Some(line) = lines.next().await? {
        if std::mem::take(&mut first)
            && let Some(said) = BatchHead::of_line(&line)
        {
            head = said?;
            continue;
        }
        take(state, &mut batch, &line, &head).await?;
    }
    complete(*batch, &head, key.map(|_| lines.sha256())).await
}

async fn begin(state: &AppState, principal: &Principal, key: Option<&str>) -> Result<Begin, ApiError> {
    state.intake.begin_batch(principal, key, None).await.map_err(|error| refusal::answer(error, name))
}

async fn take(
    state: &AppState,
    batch: &mut BatchIntake,
    json: &[u8],
    head: &BatchHead,
) -> Result<(), ApiError> {
    let max = state.config.max_batch;
    if batch.entries() >= max {
        let message = format!("the batch has more than {max} entries, which is the maximum");
        return Err(ApiError::of("submissions", ErrorCode::TooLarge, message));
    }
    entry::take(batch, json, head.common.as_ref()).await
}

async fn complete(
    mut batch: BatchIntake,
    head: &BatchHead,
    sha256: Option<[u8; 32]>,
) -> Result<BatchId, ApiError> {
    if batch.entries() == 0 {
        return Err(ApiError::invalid("submissions", "submissions is empty; one entry at least is needed"));
    }
    if let Some(url) = &head.callback_url {
        batch.call_back(url).map_err(|error| refusal::answer(error, name))?;
    }
    batch.complete(sha256).await.map_err(|error| refusal::answer(error, name))
}

/// The batch or rejudge that was made before, if it is the same.
pub fn same(id: BatchId, before: [u8; 32], now: Option<[u8; 32]>) -> Result<BatchId, ApiError> {
    if now == Some(before) { Ok(id) } else { Err(refusal::key_used(KeyUse::Other)) }
}
