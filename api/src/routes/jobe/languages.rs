//! `GET languages`

use axum::Json;
use axum::extract::State;

use super::Jobe;

/// Every language that Jobe has a name for, with its version.
pub(super) async fn list(State(door): State<Jobe>) -> Json<Vec<[String; 2]>> {
    let languages = door.app.languages.iter();
    let mut told: Vec<[String; 2]> = languages
        .filter_map(|spec| Some([spec.ids.jobe.clone()?, spec.release.clone().unwrap_or_default()]))
        .collect();
    told.sort();
    Json(told)
}
