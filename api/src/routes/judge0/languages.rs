//! `GET /languages`, `/languages/all`, `/languages/{id}`

use axum::Json;
use axum::extract::{Path, State};
use gavel_model::language::LanguageSpec;
use serde_json::{Value, json};

use super::door::Judge0;
use super::error::Judge0Error;

/// Every number that means a language here, by the languages' names.
pub async fn list(State(door): State<Judge0>) -> Json<Vec<Value>> {
    Json(numbers(&door).into_iter().map(|(id, spec)| json!({ "id": id, "name": spec.name })).collect())
}

/// The same; Judge0 tells here also of those that are not served any more, of which there are none.
pub async fn all(State(door): State<Judge0>) -> Json<Vec<Value>> {
    let all = numbers(&door).into_iter();
    Json(all.map(|(id, spec)| json!({ "id": id, "name": spec.name, "is_archived": false })).collect())
}

/// One language.
pub async fn get(State(door): State<Judge0>, Path(id): Path<String>) -> Result<Json<Value>, Judge0Error> {
    let id: u32 = id.parse().map_err(|_| Judge0Error::NotFound)?;
    let spec = door.app.languages.by_judge0(id).ok_or(Judge0Error::NotFound)?;
    let compile = spec.compile.as_ref().filter(|_| spec.artifact().is_some());
    Ok(Json(json!({
        "id": id,
        "name": spec.name,
        "is_archived": false,
        "source_file": spec.source,
        "compile_cmd": compile.map(|compile| compile.argv.join(" ").replace("{options}", "%s")),
        "run_cmd": spec.run.argv.join(" "),
    })))
}

fn numbers(door: &Judge0) -> Vec<(u32, &LanguageSpec)> {
    let languages = door.app.languages.iter();
    let mut numbers: Vec<(u32, &LanguageSpec)> =
        languages.flat_map(|spec| spec.ids.judge0.iter().map(move |id| (*id, spec.as_ref()))).collect();
    numbers.sort_by(|(a, one), (b, other)| (&one.name, a).cmp(&(&other.name, b)));
    numbers
}
