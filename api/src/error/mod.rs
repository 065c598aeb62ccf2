//! The one shape of every error: `{"error":{"code","message","field"}}`.

mod note;

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::StoreError;

pub use note::{NoteSeverity, PackageNote};

/// How long a client should wait before it tries again, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// What went wrong, as a fixed word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The body is not JSON.
    MalformedJson,
    /// A field that does not exist.
    UnknownField,
    /// A field is missing, has the wrong type, or a value it cannot have.
    InvalidField,
    /// No such language.
    UnknownLanguage,
    /// A language that the problem does not take.
    LanguageNotAllowed,
    /// A word for the compiler that the language does not list.
    OptionNotAllowed,
    /// A limit outside its bounds.
    LimitOutOfRange,
    /// A problem package that cannot be judged by; `problems` tells everything that is wrong with it.
    InvalidPackage,
    /// No key, or a wrong one.
    Unauthorized,
    /// The key is right and not good for this.
    Forbidden,
    /// Too many requests of this kind came from one address or with one key; `Retry-After` tells when to try again.
    TooManyRequests,
    /// The request names another host than this one.
    WrongHost,
    /// No such path.
    NotFound,
    /// No such submission.
    UnknownSubmission,
    /// No such batch.
    UnknownBatch,
    /// No such problem.
    UnknownProblem,
    /// No such rejudge.
    UnknownRejudge,
    /// The submission is not judged: there is no result that a rejudge could replace.
    NotDone,
    /// No submission is meant.
    NothingSelected,
    /// Not everything of the rejudge has a verdict.
    RejudgeIncomplete,
    /// It is done, and cannot be canceled or applied any more.
    AlreadyDone,
    /// The `Idempotency-Key` was used for another call or another body, or that one is still being received.
    KeyReused,
    /// No such key.
    UnknownKey,
    /// No such worker.
    UnknownWorker,
    /// No such dead letter.
    UnknownLetter,
    /// The call is a WebSocket, and the request is none for one.
    UpgradeRequired,
    /// The path does not take this method.
    MethodNotAllowed,
    /// The request did not arrive in time.
    RequestTimeout,
    /// Larger than the settings allow.
    TooLarge,
    /// The body is not announced as what the call takes: JSON, or a zip.
    UnsupportedMediaType,
    /// A fault of the service.
    Internal,
    /// No worker takes the language now.
    NoWorker,
    /// The service cannot do it now.
    Unavailable,
}

impl ErrorCode {
    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::MalformedJson
            | Self::UnknownField
            | Self::InvalidField
            | Self::UnknownLanguage
            | Self::LanguageNotAllowed
            | Self::OptionNotAllowed
            | Self::LimitOutOfRange => StatusCode::BAD_REQUEST,
            Self::InvalidPackage => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::NotFound
            | Self::UnknownSubmission
            | Self::UnknownBatch
            | Self::UnknownProblem
            | Self::UnknownRejudge
            | Self::NothingSelected
            | Self::UnknownKey
            | Self::UnknownWorker
            | Self::UnknownLetter => StatusCode::NOT_FOUND,
            Self::AlreadyDone | Self::KeyReused | Self::NotDone | Self::RejudgeIncomplete => {
                StatusCode::CONFLICT
            }
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable | Self::NoWorker => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// A request that was not fulfilled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApiError {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What went wrong, for people.
    pub message: String,
    /// The field of the request that is to blame, such as `limits.cpu_ms`.
    pub field: Option<String>,
    /// Everything that is wrong or odd about a problem package; left out otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<PackageNote>,
    /// When to try again, where that is known; sent as `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// What is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorEnvelope {
    /// The error.
    pub error: ApiError,
}

impl ApiError {
    /// An error that is not about one field.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, problems: Vec::new(), retry_after: None }
    }

    /// An error of one field.
    #[must_use]
    pub fn of(field: impl Into<String>, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(code, message) }
    }

    /// A field with a value it cannot have.
    #[must_use]
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::of(field, ErrorCode::InvalidField, message)
    }

    /// Something that will work after a while.
    #[must_use]
    pub fn too_many(message: impl Into<String>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(ErrorCode::TooManyRequests, message) }
    }

    /// Something that may work later.
    #[must_use]
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unavailable, message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let code = self.code;
        // In whole seconds, and never before it is time.
        let told = self.retry_after.map(|after| HeaderValue::from(after.as_secs() + 1));
        let mut response = (code.status(), Json(ErrorEnvelope { error: self })).into_response();
        let temporary =
            matches!(code, ErrorCode::Unavailable | ErrorCode::NoWorker | ErrorCode::TooManyRequests);
        if let Some(after) = told.or(temporary.then_some(RETRY_AFTER)) {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        if code == ErrorCode::Unauthorized {
            let challenge = HeaderValue::from_static("Bearer realm=\"gavel\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<StoreError> for ApiError {
    /// The place where store errors of requests are handled, and so logged.
    fn from(error: StoreError) -> Self {
        let (kind, temporary) = (error.kind(), error.is_temporary());
        let error: &dyn std::error::Error = &error;
        if temporary {
            tracing::warn!(error, kind, "the store cannot do it now");
            Self::unavailable("the store does not answer, try again")
        } else {
            tracing::error!(error, kind, "the store cannot do it at all");
            Self::new(ErrorCode::Internal, "this cannot be stored or read")
        }
    }
}
