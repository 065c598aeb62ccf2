//! `Authorization: Bearer KEY`, and what a route asks of it.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::gate::Gate;
use crate::error::{ApiError, ErrorCode};
use crate::principal::{Principal, Scope};

/// Lets a request through that needs no key or has one, with its [`Principal`] as an extension.
pub async fn authenticate(
    State(gate): State<Gate>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let peer = request.extensions().get().copied();
    let principal = gate.principal(peer, key(request.headers())).await?;
    tracing::Span::current().record("owner", principal.owner.as_str());
    request.extensions_mut().insert(principal);
    Ok(next.run(request).await)
}

/// Lets a request through whose key has a scope.
pub async fn require(
    State(scope): State<Scope>,
    principal: Principal,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    principal.must_have(scope)?;
    Ok(next.run(request).await)
}

impl Principal {
    /// For calls that need another scope than those beside them.
    ///
    /// # Errors
    /// When the key has not the scope.
    pub fn must_have(&self, scope: Scope) -> Result<(), ApiError> {
        if self.scopes.contains(scope) {
            return Ok(());
        }
        let message = format!("this key has not the scope `{}`", scope.as_str());
        Err(ApiError::new(ErrorCode::Forbidden, message))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Principal {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let principal = parts.extensions.get::<Self>().cloned();
        principal.ok_or_else(|| ApiError::new(ErrorCode::Unauthorized, "a key is needed"))
    }
}

/// The key that is sent; none where there is none, or several.
fn key(headers: &HeaderMap) -> Option<&str> {
    let mut said = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (said.next(), said.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(&["Bearer a-key"] => Some("a-key".to_owned()))]
    #[test_case(&["bearer  a-key "] => Some("a-key".to_owned()); "as other servers take it")]
    #[test_case(&["Basic a-key"] => None)]
    #[test_case(&["Bearer"] => None)]
    #[test_case(&["a-key"] => None)]
    #[test_case(&[] => None; "none")]
    #[test_case(&["Bearer a-key", "Bearer another-key"] => None; "two")]
    fn one_key_is_read(said: &[&str]) -> Option<String> {
        let lines = said.iter().map(|value| (header::AUTHORIZATION, value.parse().unwrap()));
        let headers = lines.fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        });
        key(&headers).map(str::to_owned)
    }
}
