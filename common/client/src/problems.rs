//! Problem packages.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Body, Method};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::{Client, PATIENCE, parse, segment};
use crate::error::{ClientError, PackageNote};

/// How long an upload may take: a package may have a gibibyte, and the service unpacks and reads all of it.
const UPLOAD: Duration = Duration::from_secs(3600);

/// The latest version of a problem, as far as a client reads it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// Its id.
    pub id: String,
    /// The SHA-256 of the zip, in hexadecimal digits.
    pub sha256: String,
    /// The size of the zip, in bytes.
    pub size: u64,
    /// Its title.
    pub name: String,
    /// The format of the package, such as `2025-09`.
    pub format: String,
    /// What kind of problem it is: `pass-fail`, `scoring`, `interactive`, `multi-pass`.
    pub kind: Vec<String>,
    /// How many tests it has.
    pub tests: u64,
    /// The CPU time of a test in milliseconds; none while it is found out.
    pub time_limit_ms: Option<u64>,
    /// `stated`, `derived` or `pending`.
    pub time_limit_source: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// What is odd about the package; only right after its upload.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<PackageNote>,
}

/// A part of the list of problems.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Problems {
    /// The problems, by id.
    pub problems: Vec<Problem>,
    /// What comes after them begins behind this id; none at the end.
    pub next: Option<String>,
}

impl Client {
    /// `GET /api/v1/problems`: problems by id, those behind `after`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn problems(&self, after: Option<&str>) -> Result<Problems, ClientError> {
        let mut request = self.request(Method::GET, "api/v1/problems")?.query(&[("limit", "1000")]);
        if let Some(after) = after {
            request = request.query(&[("after", after)]);
        }
        parse(&self.text(request.timeout(PATIENCE)).await?, self.url())
    }

    /// `GET /api/v1/problems/{id}`: all that the service tells of one.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` where there is none.
    pub async fn problem(&self, id: &str) -> Result<Value, ClientError> {
        let request = self.request(Method::GET, &format!("api/v1/problems/{}", segment(id)))?;
        parse(&self.text(request.timeout(PATIENCE)).await?, self.url())
    }

    /// `PUT /api/v1/problems/{id}`: uploads a zip of so many bytes, which becomes the latest version.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with every mistake where it cannot be judged by.
    pub async fn put_problem(
        &self,
        id: &str,
        zip: impl Into<Body>,
        size: u64,
    ) -> Result<Problem, ClientError> {
        let request = self.request(Method::PUT, &format!("api/v1/problems/{}", segment(id)))?;
        let request = request.header("content-type", "application/zip").header("content-length", size);
        parse(&self.text(request.body(zip).timeout(UPLOAD)).await?, self.url())
    }

    /// `DELETE /api/v1/problems/{id}`: forgets all its versions.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` where there is none.
    pub async fn remove_problem(&self, id: &str) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &format!("api/v1/problems/{}", segment(id)))?;
        self.text(request.timeout(PATIENCE)).await.map(drop)
    }
}
