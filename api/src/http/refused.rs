//! How refusals are described, the same for every call.

use utoipa::IntoResponses;

use crate::error::ErrorEnvelope;

/// What any call may be answered with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes what `ApiError` answers")]
pub enum AnyCall {
    /// The request is not right.
    #[response(status = 400)]
    NotRight(ErrorEnvelope),
    /// A key is needed.
    #[response(status = 401)]
    NoKey(ErrorEnvelope),
    /// The key is not good for this.
    #[response(status = 403)]
    NotAllowed(ErrorEnvelope),
    /// Too many requests of this kind came; `Retry-After` tells when to try again.
    #[response(status = 429)]
    TooMany(ErrorEnvelope),
    /// It cannot be done now; `Retry-After` tells when to try again.
    #[response(status = 503)]
    NotNow(ErrorEnvelope),
}

/// What a call with a body may be answered with besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes what `ApiError` answers")]
pub enum BodyCall {
    /// The body did not arrive in time.
    #[response(status = 408)]
    TooSlow(ErrorEnvelope),
    /// Larger than allowed.
    #[response(status = 413)]
    TooLarge(ErrorEnvelope),
    /// The body is not announced as what the call takes.
    #[response(status = 415)]
    WrongType(ErrorEnvelope),
}
