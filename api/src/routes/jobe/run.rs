//! `POST runs`

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Jobe;
use super::answer::{OVERLOADED, told};
use super::error::JobeError;
use super::spec::read;
use crate::error::ApiError;
use crate::intake::{Field, IntakeError};
use crate::principal::Principal;
use crate::routes::door::{Finished, RawBody};
use crate::routes::refusal;

/// Runs a program and waits for it.
pub(super) async fn run(
    State(door): State<Jobe>,
    principal: Principal,
    body: Result<RawBody, ApiError>,
) -> Result<Json<Value>, JobeError> {
    let RawBody(bytes, memory) = body?;
    let request = read(&bytes, &door, &principal.owner)?;
    drop((bytes, memory));
    match door.app.finish(request, &principal).await {
        Finished::Judged(result) => Ok(Json(told(&result))),
        Finished::TooLate | Finished::Refused(IntakeError::TooMany(..) | IntakeError::Full(_)) => {
            Ok(Json(json!({
                "run_id": 0, "outcome": OVERLOADED, "cmpinfo": "", "stdout": "", "stderr": "",
            })))
        }
        Finished::Refused(error) => Err(refusal::answer(error, name).into()),
    }
}

/// What this door calls the parts of a request that it has.
fn name(field: &Field) -> Option<String> {
    Some(match field {
        Field::Language => "language_id".to_owned(),
        Field::Source | Field::FileContent(0) => "sourcecode".to_owned(),
        Field::FileName(0) => "sourcefilename".to_owned(),
        Field::Files => "sourcecode and file_list".to_owned(),
        Field::FileName(k) | Field::FileContent(k) => format!("file_list[{}]", k - 1),
        Field::Stdin => "input".to_owned(),
        Field::Args | Field::Arg(_) => "runargs".to_owned(),
        Field::CompilerOption(k) => format!("compileargs[{k}]"),
        _ => return None,
    })
}
