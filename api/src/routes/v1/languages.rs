//! `GET /api/v1/languages`

use axum::Json;
use axum::extract::State;
use gavel_model::language::LanguageSpec;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::refused::AnyCall;
use crate::state::AppState;

/// What can be run.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanguageList {
    /// Every language, by id.
    pub languages: Vec<LanguageView>,
}

/// One language.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanguageView {
    /// The name in requests and results.
    #[schema(example = "cpp")]
    pub id: String,
    /// The name for people.
    #[schema(example = "C++20")]
    pub name: String,
    /// Other names that requests may use.
    pub aliases: Vec<String>,
    /// Extensions of its source files, without the dot.
    pub extensions: Vec<String>,
    /// The file name of a program given as one text.
    #[schema(example = "main.cpp")]
    pub source: String,
    /// The words that `compiler_options` of a submission may hold.
    #[schema(example = json!(["-O0", "-g"]))]
    pub compiler_options: Vec<String>,
    /// Whether compiling makes something that is run instead of the sources.
    pub compiled: bool,
    /// Whether `limits.address_space_mb` of a submission goes with it.
    pub address_space: bool,
    /// How much longer its programs may take than a limit says.
    pub time_factor: f64,
}

impl From<&LanguageSpec> for LanguageView {
    fn from(spec: &LanguageSpec) -> Self {
        Self {
            id: spec.id.clone(),
            name: spec.name.clone(),
            aliases: spec.aliases.clone(),
            extensions: spec.extensions.clone(),
            source: spec.source.clone(),
            compiler_options: spec.allowed_options().to_vec(),
            compiled: spec.artifact().is_some(),
            address_space: spec.run.address_space,
            time_factor: spec.time_factor,
        }
    }
}

/// What can be run.
#[utoipa::path(get, operation_id = "listLanguages", path = "/api/v1/languages", tag = "languages",
    responses(
        (status = 200, description = "Every language", body = LanguageList),
        AnyCall,
    ))]
pub async fn list(State(state): State<AppState>) -> Json<LanguageList> {
    Json(LanguageList { languages: state.languages.iter().map(|spec| spec.as_ref().into()).collect() })
}
