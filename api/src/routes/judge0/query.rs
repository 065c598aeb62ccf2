//! Parameters of a request.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use super::error::Judge0Error;
use super::fields::Fields;

/// The parameters of a query, in their order.
pub struct Pairs(pub Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Pairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // A query that cannot be read has no parameters: nobody refuses one upstream.
        Ok(Self(Query::try_from_uri(&parts.uri).map_or_else(|_| Vec::new(), |Query(pairs)| pairs)))
    }
}

impl Pairs {
    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter is the word `true`; nothing else counts.
    #[must_use]
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// Whether texts are base64.
    #[must_use]
    pub fn base64(&self, implicit: bool) -> bool {
        self.get("base64_encoded").map_or(implicit, |word| word == "true")
    }

    /// Which attributes are asked for.
    ///
    /// # Errors
    /// 400 that names those that do not exist.
    pub fn fields(&self) -> Result<Fields, Judge0Error> {
        Fields::parse(self.get("fields").unwrap_or_default())
    }
}
