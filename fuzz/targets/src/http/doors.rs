//! Every call that reads a body.

/// A call.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// What its body is announced as.
    pub media: &'static str,
    /// Whose words it speaks.
    pub(super) form: Form,
}

/// Whose words a call speaks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// Gavel's.
    Own {
        /// Below which path what was accepted can be read.
        kept: Option<&'static str>,
    },
    /// Judge0's.
    Judge0,
    /// Piston's.
    Piston,
    /// Jobe's.
    Jobe,
}

const JSON: &str = "application/json";

const fn own(path: &'static str, media: &'static str, kept: Option<&'static str>) -> Door {
    Door { method: "POST", path, media, form: Form::Own { kept } }
}

const fn other(method: &'static str, path: &'static str, media: &'static str, form: Form) -> Door {
    Door { method, path, media, form }
}

/// All of them; new ones go last, since inputs of the corpus count them.
pub const DOORS: [Door; 17] = [
    own("/api/v1/submissions", JSON, Some("/api/v1/submissions")),
    own("/api/v1/batches", JSON, Some("/api/v1/batches")),
    own("/api/v1/batches", "application/x-ndjson", Some("/api/v1/batches")),
    own("/run", JSON, None),
    own("/api/v1/rejudges", JSON, Some("/api/v1/rejudges")),
    own("/api/v1/batches/01890000-0000-7000-8000-000000000000/rejudge", JSON, None),
    own("/api/v1/rejudges/01890000-0000-7000-8000-000000000000/apply", JSON, None),
    own("/api/v1/keys", JSON, None),
    own("/api/v1/dead/replay", JSON, None),
    own("/api/v1/dead/purge", JSON, None),
    other("PUT", "/api/v1/problems/fuzz", "application/zip", Form::Own { kept: None }),
    other("POST", "/judge0/submissions", JSON, Form::Judge0),
    other("POST", "/judge0/submissions", "application/x-www-form-urlencoded", Form::Judge0),
    other("POST", "/judge0/submissions/batch", JSON, Form::Judge0),
    other("POST", "/piston/api/v2/execute", JSON, Form::Piston),
    other("POST", "/jobe/index.php/restapi/runs", JSON, Form::Jobe),
    other("PUT", "/jobe/index.php/restapi/files/01234567", JSON, Form::Jobe),
];
