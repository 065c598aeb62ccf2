//! A place that a client wants to be called at.

use url::{Host, Url};

use super::is_public;

/// The longest one, in bytes.
const LONGEST: usize = 2_048;

/// An `http` or `https` URL that names a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackUrl(Url);

/// What is no place to be called at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackUrlError {
    /// No URL.
    #[error("it is no URL: {0}")]
    Form(#[from] url::ParseError),
    /// Longer than it may be.
    #[error("it has more than {LONGEST} bytes")]
    TooLong,
    /// Neither `http` nor `https`.
    #[error("it must begin with http:// or https://")]
    Scheme,
    /// A name and password, which belong into no URL.
    #[error("it must not hold a user name or password")]
    Credentials,
    /// An address that is not public.
    #[error("{0} is no public address, and only such are called")]
    Private(String),
}

impl CallbackUrl {
    /// Reads one. What its name stands for is looked at when it is called.
    ///
    /// # Errors
    /// [`CallbackUrlError`]; addresses that are not public are none where those are not allowed.
    pub fn parse(text: &str, allow_private: bool) -> Result<Self, CallbackUrlError> {
        if text.len() > LONGEST {
            return Err(CallbackUrlError::TooLong);
        }
        let url = Url::parse(text)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(CallbackUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(CallbackUrlError::Credentials);
        }
        let private = match url.host() {
            Some(Host::Ipv4(address)) => !is_public(address.into()),
            Some(Host::Ipv6(address)) => !is_public(address.into()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            None => return Err(CallbackUrlError::Form(url::ParseError::EmptyHost)),
        };
        if private && !allow_private {
            return Err(CallbackUrlError::Private(url.host_str().unwrap_or_default().to_owned()));
        }
        Ok(Self(url))
    }

    /// The whole, as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("https://judge.example/done?team=3" => "")]
    #[test_case("http://judge.example:8080" => "")]
    #[test_case("ftp://judge.example" => "it must begin with http:// or https://")]
    #[test_case("judge.example" => "it is no URL: relative URL without a base")]
    #[test_case("http://a:b@judge.example" => "it must not hold a user name or password")]
    #[test_case("http://127.0.0.1:3000/" => "127.0.0.1 is no public address, and only such are called")]
    #[test_case("http://2130706433/" => "127.0.0.1 is no public address, and only such are called"; "in disguise")]
    #[test_case("http://[::1]/" => "[::1] is no public address, and only such are called")]
    #[test_case("http://localhost/" => "localhost is no public address, and only such are called")]
    fn a_place_is_public_and_tells_nothing_secret(text: &str) -> String {
        CallbackUrl::parse(text, false).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn private_places_may_be_allowed() {
        assert!(CallbackUrl::parse("http://127.0.0.1:3000/", true).is_ok());
        assert_eq!(
            CallbackUrl::parse(&format!("http://a/{}", "x".repeat(2_048)), true),
            Err(CallbackUrlError::TooLong)
        );
    }
}
