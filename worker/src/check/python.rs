//! What calls a checker that is a function in Python.

use gavel_model::FileName;

use crate::fault::Fault;
use crate::sandbox::SourceBytes;

/// Plays the part of DMOJ's judge for its checkers.
const CALLER: &str = include_str!("python_check.py");

/// The file that such a checker's program starts from.
pub(super) fn python_check() -> Result<SourceBytes, Fault> {
    let name = FileName::try_from("gavel_python_check.py".to_owned());
    let name = name.map_err(|error| Fault::Package(format!("the caller of a checker in Python: {error}")))?;
    Ok(SourceBytes { name, bytes: bytes::Bytes::from_static(CALLER.as_bytes()) })
}
