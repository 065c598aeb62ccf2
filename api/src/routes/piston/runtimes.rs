//! `GET runtimes`, and which runtime a client means.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use gavel_model::language::{LanguageSpec, Languages};
use serde_json::{Value, json};

use super::error::PistonError;
use super::version::{Range, Version, highest_first};
use crate::state::AppState;

/// One language in one version.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// Piston's name of it.
    pub name: String,
    /// The whole version.
    pub version: Version,
    /// How it is compiled and run.
    pub spec: Arc<LanguageSpec>,
}

impl Runtime {
    fn of(spec: &Arc<LanguageSpec>) -> Option<Self> {
        let name = spec.ids.piston.first()?.clone();
        let version = Version::parse(spec.release.as_deref()?)?;
        Some(Self { name, version, spec: Arc::clone(spec) })
    }

    /// The newest runtime of a language, by name or alias, whose version is in a range.
    ///
    /// # Errors
    /// 400 in Piston's words.
    pub fn find(
        languages: &Languages,
        name: &str,
        range: &str,
        any_version: bool,
    ) -> Result<Self, PistonError> {
        let mut found: Vec<_> = languages
            .by_piston(name)
            .filter_map(Self::of)
            .map(|runtime| (runtime.version, runtime))
            .collect();
        found.sort_by(highest_first);
        let wanted = Range::parse(range);
        let holds = |version: Version| wanted.as_ref().is_some_and(|range| range.holds(version));
        let place = found.iter().position(|(version, _)| holds(*version));
        let place = place.or_else(|| (any_version && !found.is_empty()).then_some(0));
        match place {
            Some(place) => Ok(found.swap_remove(place).1),
            None => {
                let sent: String = format!("{name}-{range}").chars().take(200).collect();
                Err(PistonError::bad(format!("{sent} runtime is unknown")))
            }
        }
    }

    /// Every runtime, by name.
    #[must_use]
    pub fn all(languages: &Languages) -> Vec<Self> {
        let mut all: Vec<Self> = languages.iter().filter_map(Self::of).collect();
        all.sort_by(|one, other| (&one.name, one.version).cmp(&(&other.name, other.version)));
        all
    }
}

/// Every language in every version.
pub async fn list(State(state): State<AppState>) -> Json<Vec<Value>> {
    let all = Runtime::all(&state.languages).into_iter();
    Json(
        all.map(|runtime| {
            json!({
                "language": runtime.name,
                "version": runtime.version.to_string(),
                "aliases": runtime.spec.ids.piston[1..],
            })
        })
        .collect(),
    )
}
