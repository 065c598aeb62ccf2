//! Keys: `Authorization: Bearer KEY`.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::keys::Keys;
use super::principal::{Owner, Principal, Scopes};
use crate::error::{ApiError, ErrorCode};

/// Lets a request through that needs no key or has one, with its [`Principal`] as an extension.
pub async fn authenticate(
    State(keys): State<Keys>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let principal = principal(&keys, request.headers())?;
    tracing::Span::current().record("owner", principal.owner.as_str());
    request.extensions_mut().insert(principal);
    Ok(next.run(request).await)
}

fn principal(keys: &Keys, headers: &HeaderMap) -> Result<Principal, ApiError> {
    if keys.is_empty() {
        return Ok(Principal { owner: Owner::anonymous(), scopes: Scopes::ALL });
    }
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim())
        .ok_or_else(|| {
            ApiError::new(ErrorCode::Unauthorized, "a key is needed: `Authorization: Bearer KEY`")
        })?;
    keys.principal(key).ok_or_else(|| ApiError::new(ErrorCode::Unauthorized, "this key is not known"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_keys_everybody_is_the_same_owner() {
        let who = principal(&Keys::new(&[]), &HeaderMap::new()).unwrap();
        assert_eq!(who, Principal { owner: Owner::anonymous(), scopes: Scopes::ALL });
    }

    #[test]
    fn with_keys_each_is_an_owner_and_nobody_is_anonymous() {
        let keys = Keys::new(&["the-first-key-of-two".into(), "the-second-key-of-two".into()]);
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            principal(&keys, &headers)
        };
        let first = with("Bearer the-first-key-of-two").unwrap().owner;
        assert_ne!(first, with("bearer the-second-key-of-two").unwrap().owner);
        assert!(first.as_str().starts_with("key:"), "{first}");
        assert!(with("Basic the-first-key-of-two").is_err());
        assert!(principal(&keys, &HeaderMap::new()).is_err());
    }
}
