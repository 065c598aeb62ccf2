//! What is told where a submission wanted to be called.

use gavel_model::SubmissionId;

use super::door::Judge0;
use super::error::Judge0Error;
use super::fields::Fields;
use super::note::Note;
use super::view::Form;
use crate::store::StoreError;

impl Judge0 {
    /// The usual attributes of a submission that came through this door, every text as base64, as Judge0 puts them there
    /// (`app/jobs/isolate_job.rb`). Nothing for one that came through another door.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn called(&self, id: SubmissionId) -> Result<Option<Vec<u8>>, StoreError> {
        let store = &self.app.store;
        let Some(submission) = store.submission(id).await? else { return Ok(None) };
        if Note::of(&submission).is_none() {
            return Ok(None);
        }
        let Some(stored) = store.get(id).await? else { return Ok(None) };
        let usual = async {
            let form = Form { fields: Fields::parse("")?, base64: true };
            let shown = self.of(&submission, stored.result, false, &form).await?;
            self.attributes(&shown, &form).await
        };
        // None of the usual attributes is a file of its own, and in base64 each can be told.
        let told: Result<_, Judge0Error> = usual.await;
        Ok(told.ok().and_then(Result::ok).and_then(|told| serde_json::to_vec(&told).ok()))
    }
}
