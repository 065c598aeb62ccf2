//! Keys in the places where clients of other systems send them.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::auth::Gate;
use crate::error::{ApiError, ErrorCode};
use crate::peer::Peer;
use crate::principal::{Principal, Scope};
use crate::settings::{ANY_ORIGIN, ApiConfig};

/// The headers in which other systems' clients send a key: Judge0's and Jobe's.
const HEADERS: [&str; 2] = ["x-auth-token", "x-api-key"];

/// Who is let in by a door, and how it words a refusal.
#[derive(Clone)]
pub struct DoorKeys {
    /// Whose keys are.
    pub gate: Gate,
    /// The settings of the service.
    pub config: Arc<ApiConfig>,
    /// The door's own words; whether a key was sent at all is beside the error.
    pub refuse: fn(ApiError, bool) -> Response,
}

impl DoorKeys {
    /// Who sends this key, or none.
    ///
    /// # Errors
    /// When the gate lets nobody in with it.
    pub async fn principal(&self, peer: Option<Peer>, key: Option<&str>) -> Result<Principal, ApiError> {
        self.gate.principal(peer, key).await
    }

    /// Who asks, if they may.
    async fn check(&self, asked: Asked) -> Result<Principal, ApiError> {
        if asked.by_foreign_page {
            let message =
                "pages of this origin may not call the service; api.cors_origins lists those that may";
            return Err(ApiError::new(ErrorCode::Forbidden, message));
        }
        let principal = self.principal(asked.peer, asked.key.as_deref()).await?;
        if !principal.scopes.contains(asked.scope) {
            let message = format!("this key has not the scope `{}`", asked.scope.as_str());
            return Err(ApiError::new(ErrorCode::Forbidden, message));
        }
        Ok(principal)
    }
}

/// What a request says of who asks.
struct Asked {
    /// A page of another origin can send a form, also where nobody allows it to read the answer; where no key is asked
    /// for, only the origin tells.
    by_foreign_page: bool,
    peer: Option<Peer>,
    key: Option<String>,
    scope: Scope,
}

impl Asked {
    fn of(request: &Request, config: &ApiConfig) -> Self {
        let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        let listed =
            |origin: &str| config.cors_origins.iter().any(|known| known == origin || known == ANY_ORIGIN);
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        Self {
            by_foreign_page: config.keys.is_empty() && origin.is_some_and(|origin| !listed(origin)),
            peer: request.extensions().get().copied(),
            key: key(request.headers(), request.uri(), &config.key_header),
            scope: if reads { Scope::Read } else { Scope::Submit },
        }
    }
}

/// Lets a request through that needs no key or has one, with its [`Principal`] as an extension.
pub async fn authenticate(State(door): State<DoorKeys>, mut request: Request, next: Next) -> Response {
    let asked = Asked::of(&request, &door.config);
    let sent = asked.key.is_some();
    match door.check(asked).await {
        Ok(principal) => {
            tracing::Span::current().record("owner", principal.owner.as_str());
            request.extensions_mut().insert(principal);
            next.run(request).await
        }
        Err(error) => (door.refuse)(error, sent),
    }
}

/// The key that is sent, wherever it stands; `Authorization` may have it bare, as Piston's clients send it.
fn key(headers: &HeaderMap, uri: &Uri, own: &str) -> Option<String> {
    let said = |name: &str| headers.get(name)?.to_str().ok().map(|key| key.trim().to_owned());
    let own = Some(own).filter(|name| !name.is_empty());
    own.and_then(said)
        .or_else(|| HEADERS.into_iter().find_map(said))
        .or_else(|| {
            let whole = said(header::AUTHORIZATION.as_str())?;
            Some(match whole.split_once(' ') {
                Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim().to_owned(),
                _ => whole,
            })
        })
        .or_else(|| {
            let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
            pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(HEADERS[0])).map(|(_, key)| key)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(&[("x-auth-token", "a")], "/", "" => Some("a".to_owned()); "judge0")]
    #[test_case(&[("x-api-key", "a")], "/", "" => Some("a".to_owned()); "jobe")]
    #[test_case(&[("authorization", "a")], "/", "" => Some("a".to_owned()); "bare, as piston's clients")]
    #[test_case(&[("authorization", "Bearer a")], "/", "" => Some("a".to_owned()); "as everywhere")]
    #[test_case(&[("x-rapidapi-key", "a"), ("x-auth-token", "b")], "/", "X-RapidAPI-Key" => Some("a".to_owned()); "of the operator's choice")]
    #[test_case(&[], "/x?a=b&X-Auth-Token=c%20d", "" => Some("c d".to_owned()); "a parameter")]
    #[test_case(&[("x-rapidapi-key", "a")], "/", "" => None; "nowhere that counts")]
    fn a_key_is_found_where_clients_put_it(said: &[(&str, &str)], uri: &str, own: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.insert(name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap());
        }
        key(&headers, &uri.parse().unwrap(), own)
    }
}
