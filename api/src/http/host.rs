//! Under which names the service may be asked while no key is: a web page whose own name leads to this machine (DNS
//! rebinding) is not let in, since its browser says that name.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::{ApiError, ErrorCode};

/// The longest name that is read back, in characters.
const MAX_NAME: usize = 100;

/// The names under which the service may be asked besides those of the loopback; cloning shares it.
#[derive(Clone)]
pub struct Hosts(Arc<[String]>);

impl Hosts {
    /// These, without their ports.
    #[must_use]
    pub fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    fn allow(&self, host: &str) -> bool {
        let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        address.is_ok_and(|address| address.to_canonical().is_loopback())
            || name == "localhost"
            || name.ends_with(".localhost")
            || self.0.contains(&name)
    }
}

/// Refuses a request that is meant for another host. One that names none came from no browser.
pub async fn check_host(
    State(hosts): State<Hosts>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    for host in named(request.uri(), request.headers()) {
        let authority = host.as_deref().and_then(|host| host.parse::<Authority>().ok());
        if !authority.is_some_and(|authority| hosts.allow(authority.host())) {
            let host: String = host.unwrap_or_default().chars().take(MAX_NAME).collect();
            let message =
                format!("this service is not `{host}`; api.hosts lists under which names it answers");
            return Err(ApiError::new(ErrorCode::WrongHost, message));
        }
    }
    Ok(next.run(request).await)
}

/// Every host that a request names; none for one that is no text.
fn named(uri: &Uri, headers: &HeaderMap) -> Vec<Option<String>> {
    let in_uri = uri.authority().map(|authority| Some(authority.to_string()));
    let said = headers.get_all(header::HOST).iter();
    in_uri.into_iter().chain(said.map(|value| value.to_str().ok().map(str::to_owned))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("localhost" => true)]
    #[test_case("LocalHost." => true)]
    #[test_case("judge.localhost" => true)]
    #[test_case("127.0.0.1" => true)]
    #[test_case("127.8.9.1" => true)]
    #[test_case("[::1]" => true)]
    #[test_case("[::ffff:127.0.0.1]" => true)]
    #[test_case("Judge.example" => true; "a name of the settings")]
    #[test_case("evil.example" => false)]
    #[test_case("localhost.evil.example" => false)]
    #[test_case("127.0.0.1.evil.example" => false)]
    #[test_case("10.0.0.1" => false)]
    #[test_case("" => false; "nothing")]
    fn the_loopback_and_what_is_listed_are_names_of_the_service(host: &str) -> bool {
        Hosts::new(&["judge.example".to_owned()]).allow(host)
    }
}
