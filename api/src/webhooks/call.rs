//! One call.

use std::io;
use std::pin::pin;

use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use url::{Position, Url};

use super::Connector;
use crate::store::StoreError;

/// A call that was not answered.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No place to call.
    #[error("the URL names no place")]
    Url,
    /// The name is not known.
    #[error("the name cannot be resolved")]
    Resolve(#[source] io::Error),
    /// It stands for addresses that are not called.
    #[error("the name stands for no public address")]
    Private,
    /// Nobody is there.
    #[error("no connection")]
    Connect(#[source] io::Error),
    /// It is not who it should be.
    #[error("no secure connection")]
    Tls(#[source] io::Error),
    /// It speaks something else, or hung up.
    #[error("no answer")]
    Http(#[source] hyper::Error),
    /// A header cannot be written.
    #[error("the request cannot be written")]
    Write(#[source] axum::http::Error),
    /// What is to be told cannot be read now.
    #[error("the store does not answer")]
    Store(#[source] StoreError),
    /// What was to be told is not there any more.
    #[error("what it tells of is gone")]
    Gone,
    /// What is to be told cannot be written.
    #[error("the body cannot be written")]
    Encode(#[source] serde_json::Error),
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
}

impl Connector {
    /// Sends a JSON text, and tells the status of the answer; what else is in it is not read, nor is it followed anywhere.
    ///
    /// # Errors
    /// [`CallError`].
    pub(super) async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Bytes,
    ) -> Result<StatusCode, CallError> {
        let mut request = Request::builder()
            .method(method)
            .uri(&url[Position::BeforePath..Position::AfterQuery])
            .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("gavel/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(body)).map_err(CallError::Write)?;
        let stream = self.connect(url).await?;
        let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(CallError::Http)?;
        // One future: the connection ends with the call, whatever comes of it.
        let mut answer = pin!(sender.send_request(request));
        let answered = tokio::select! {
            biased;
            answered = &mut answer => answered,
            ended = connection => {
                ended.map_err(CallError::Http)?;
                answer.await
            }
        };
        Ok(answered.map_err(CallError::Http)?.status())
    }
}
