//! Which letters a call means.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::letters::{MOST, Selection};

/// Which letters are meant: one of the two fields.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SelectionRequest {
    /// Ids of letters, or of submissions.
    #[schema(max_items = 10000)]
    ids: Option<Vec<String>>,
    /// `true`: every letter.
    all: Option<bool>,
}

impl SelectionRequest {
    /// What it says.
    ///
    /// # Errors
    /// When it says nothing, or both.
    pub fn read(self) -> Result<Selection, ApiError> {
        match (self.ids, self.all.unwrap_or(false)) {
            (None, true) => Ok(Selection::All),
            (Some(ids), false) if ids.is_empty() => Err(ApiError::invalid("ids", "ids is empty")),
            (Some(ids), false) if ids.len() > MOST => {
                Err(ApiError::invalid("ids", format!("ids has {} entries, the maximum is {MOST}", ids.len())))
            }
            (Some(ids), false) => Ok(Selection::Named(ids.into_iter().collect())),
            (Some(_), true) => Err(ApiError::invalid("all", "ids and all are both given; one is needed")),
            (None, false) => Err(ApiError::invalid("ids", "ids is missing, or \"all\": true")),
        }
    }
}
