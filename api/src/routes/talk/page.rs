//! Pages of other origins, which a browser lets open a WebSocket to anybody.

use axum::http::{HeaderMap, header};

use crate::error::{ApiError, ErrorCode};
use crate::settings::{ANY_ORIGIN, ApiConfig};

/// Refuses a page of an origin that is not listed, where no key is asked for: nothing else would keep it out. A page cannot
/// send a key's header, so where there are keys it is nobody.
///
/// # Errors
/// 403.
pub fn refuse_foreign_page(headers: &HeaderMap, config: &ApiConfig) -> Result<(), ApiError> {
    let Some(origin) = headers.get(header::ORIGIN).filter(|_| config.keys.is_empty()) else { return Ok(()) };
    let listed = |known: &String| origin.as_bytes() == known.as_bytes() || known == ANY_ORIGIN;
    if config.cors_origins.iter().any(listed) {
        return Ok(());
    }
    let message = "pages of this origin may not call the service; api.cors_origins lists those that may";
    Err(ApiError::new(ErrorCode::Forbidden, message))
}
