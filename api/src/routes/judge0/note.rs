//! What the door remembers of a submission: whatever Judge0 tells again of a request and Gavel's own form does not hold.

use gavel_model::{DoorNote, Payload, Submission};
use serde::{Deserialize, Serialize};

use super::door::DOOR;
use super::limits::Chosen;

/// The attributes of a submission that are told again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// The number of its language.
    pub language_id: u32,
    /// As it came.
    pub compiler_options: Option<String>,
    /// As it came.
    pub command_line_arguments: Option<String>,
    /// Every limit.
    pub limits: Chosen,
    /// Whether there was a `stdin`.
    pub stdin: bool,
    /// Whether standard error goes to standard output.
    pub redirect_stderr_to_stdout: bool,
    /// Whether `expected_output` was there and empty: then a program that prints nothing is wrong.
    pub expects_nothing: bool,
    /// The zip as it came.
    pub additional_files: Option<Payload>,
    /// As it came.
    pub callback_url: Option<String>,
}

impl Note {
    /// How many times the program is run.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.limits.get("number_of_runs").map_or(1, |runs| *runs as usize).max(1)
    }

    /// As it is kept.
    ///
    /// # Errors
    /// Never for a value of this type, as far as is known.
    pub fn written(&self) -> Result<DoorNote, serde_json::Error> {
        Ok(DoorNote { door: DOOR.to_owned(), text: serde_json::to_string(self)? })
    }

    /// That of a submission; none where it came through another door.
    #[must_use]
    pub fn of(submission: &Submission) -> Option<Self> {
        let note = submission.note.as_ref().filter(|note| note.door == DOOR)?;
        serde_json::from_str(&note.text).ok()
    }
}
