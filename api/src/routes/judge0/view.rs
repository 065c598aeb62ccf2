//! What is told of a submission.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use axum::http::StatusCode;
use gavel_model::{
    Captured, Checker, Encoding, JudgeResult, Payload, Submission, SubmissionId, TestCase, TestReport,
    Verdict, Work,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::base64;
use super::check::MULTI_FILE;
use super::door::Judge0;
use super::error::Judge0Error;
use super::fields::Fields;
use super::limits::limits;
use super::note::Note;
use super::outcome::{compile_output, description, ended, last_run};
use crate::error::ApiError;
use crate::store::{Stored, SubmissionState};

/// How attributes are asked for.
#[derive(Clone, Debug)]
pub struct Form {
    /// Which.
    pub fields: Fields,
    /// Whether texts are base64.
    pub base64: bool,
}

/// A text that is not UTF-8, asked for as it is.
pub struct NotText;

/// A submission as far as the door looks at it.
pub struct Shown {
    id: SubmissionId,
    created_at: Timestamp,
    judging: bool,
    result: Option<JudgeResult>,
    note: Note,
    texts: Option<Texts>,
}

/// What the program came with.
struct Texts {
    source: Vec<u8>,
    stdin: Vec<u8>,
    expected: Option<Vec<u8>>,
}

impl Judge0 {
    /// What the store has of a submission, in the form in which it is asked for.
    ///
    /// # Errors
    /// 404 where it came through another door, 503 when a store does not answer.
    pub async fn shown(&self, stored: Stored, form: &Form) -> Result<Shown, Judge0Error> {
        let submission = self.app.store.submission(stored.id).await?.ok_or(Judge0Error::NotFound)?;
        let judging = stored.state == SubmissionState::Judging;
        self.of(&submission, stored.result, judging, form).await
    }

    /// The same of a submission that is at hand.
    ///
    /// # Errors
    /// As [`Self::shown`].
    pub async fn of(
        &self,
        submission: &Submission,
        result: Option<JudgeResult>,
        judging: bool,
        form: &Form,
    ) -> Result<Shown, Judge0Error> {
        let note = Note::of(submission).ok_or(Judge0Error::NotFound)?;
        let texts = if form.fields.need_texts() { Some(self.texts(submission).await?) } else { None };
        Ok(Shown { id: submission.id, created_at: submission.created_at, judging, result, note, texts })
    }

    async fn texts(&self, submission: &Submission) -> Result<Texts, Judge0Error> {
        let Work::Tests { tests, checker, .. } = &submission.work else { return Err(Judge0Error::NotFound) };
        let Some(TestCase { input, answer, .. }) = tests.first() else { return Err(Judge0Error::NotFound) };
        let source = submission.files.first().map(|file| &file.content);
        Ok(Texts {
            source: self.bytes(source.unwrap_or(&Payload::default())).await?,
            stdin: self.bytes(input).await?,
            expected: match checker {
                Checker::Nothing => None,
                _ => Some(self.bytes(answer).await?),
            },
        })
    }

    async fn bytes(&self, payload: &Payload) -> Result<Vec<u8>, Judge0Error> {
        let bytes = self.app.intake.blobs.unpack(payload).await.map_err(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "a payload cannot be read");
            ApiError::unavailable("the blob store does not answer, try again")
        })?;
        Ok(bytes.to_vec())
    }

    /// The attributes that are asked for.
    ///
    /// # Errors
    /// When one is a text that is no UTF-8 and base64 was not asked for.
    pub async fn attributes(
        &self,
        shown: &Shown,
        form: &Form,
    ) -> Result<Result<Map<String, Value>, NotText>, Judge0Error> {
        let mut all = Map::new();
        for name in form.fields.iter() {
            let value = match name {
                "additional_files" => match &shown.note.additional_files {
                    Some(zip) => Value::String(base64::encode(&self.bytes(zip).await?)),
                    None => Value::Null,
                },
                "language" => {
                    let id = shown.note.language_id;
                    let name = self.app.languages.by_judge0(id).map(|spec| spec.name.clone());
                    json!({ "id": id, "name": name.unwrap_or_default() })
                }
                name => match self.attribute(shown, name, form.base64) {
                    Ok(value) => value,
                    Err(not_text) => return Ok(Err(not_text)),
                },
            };
            all.insert(name.to_owned(), value);
        }
        Ok(Ok(all))
    }

    fn attribute(&self, shown: &Shown, name: &str, base64: bool) -> Result<Value, NotText> {
        let note = &shown.note;
        if let Some(limit) = limits(&self.app.intake.limits).into_iter().find(|limit| limit.name == name) {
            let value = note.limits.get(name).copied().unwrap_or(limit.default);
            let shown = limit.shown(value);
            return Ok(if limit.seconds { Value::String(shown) } else { json!(value as u64) });
        }
        let text = |bytes: Option<&[u8]>| bytes.map_or(Ok(Value::Null), |bytes| told(bytes, base64));
        let result = shown.result.as_ref();
        let ended = result.map(|result| ended(result, note));
        // A program that was not compiled has no run to tell of.
        let run = result.filter(|result| result.verdict != Verdict::Ce).and_then(last_run);
        let runs = result.map(|result| result.tests.as_slice()).unwrap_or_default();
        let printed = |captured: Option<&Captured>| {
            let bytes = captured.map(raw).filter(|bytes| !bytes.is_empty());
            text(bytes.as_deref())
        };
        let status = ended.as_ref().map_or(if shown.judging { 2 } else { 1 }, |ended| ended.status);
        Ok(match name {
            "source_code" => {
                let texts = shown.texts.as_ref().filter(|_| note.language_id != MULTI_FILE);
                text(texts.map(|texts| texts.source.as_slice()))?
            }
            "stdin" => text(shown.texts.as_ref().filter(|_| note.stdin).map(|texts| texts.stdin.as_slice()))?,
            "expected_output" => text(shown.texts.as_ref().and_then(|texts| texts.expected.as_deref()))?,
            "language_id" => json!(note.language_id),
            "compiler_options" => json!(note.compiler_options),
            "command_line_arguments" => json!(note.command_line_arguments),
            "callback_url" => json!(note.callback_url),
            "redirect_stderr_to_stdout" => json!(note.redirect_stderr_to_stdout),
            "enable_per_process_and_thread_time_limit"
            | "enable_per_process_and_thread_memory_limit"
            | "enable_network" => json!(false),
            "stdout" => printed(run.and_then(|run| run.stdout.as_ref()))?,
            "stderr" => printed(run.and_then(|run| run.stderr.as_ref()))?,
            "compile_output" => text(result.and_then(compile_output).as_deref().map(str::as_bytes))?,
            "message" => text(ended.as_ref().and_then(|ended| ended.message.as_deref()).map(str::as_bytes))?,
            "exit_code" => json!(ended.and_then(|ended| ended.exit_code)),
            "status_id" => json!(status),
            "status" => json!({ "id": status, "description": description(status) }),
            "created_at" => json!(date(shown.created_at)),
            "finished_at" => json!(result.map(|result| date(result.finished_at))),
            "token" => json!(shown.id.to_string()),
            "time" => json!(run.map(|_| seconds(mean(runs, |run| run.cpu_ms)))),
            "wall_time" => json!(run.map(|_| seconds(mean(runs, |run| run.wall_ms)))),
            "memory" => json!(run.map(|_| mean(runs, |run| run.memory_bytes as f64) as u64 / 1024)),
            // `exit_signal` is told of what no shell started; here everything is as if from a shell.
            _ => Value::Null,
        })
    }
}

impl Form {
    /// The answer where a text of one submission cannot be told.
    #[must_use]
    pub fn not_text(status: StatusCode) -> Judge0Error {
        let text = "some attributes for this submission cannot be converted to UTF-8, use base64_encoded=true query parameter";
        Judge0Error::Text(status, text.to_owned())
    }

    /// The same of several.
    #[must_use]
    pub fn not_texts() -> Judge0Error {
        Judge0Error::bad(
            "some attributes for one or more submissions cannot be converted to UTF-8, use base64_encoded=true query \
             parameter",
        )
    }
}

fn told(bytes: &[u8], base64: bool) -> Result<Value, NotText> {
    if base64 {
        return Ok(Value::String(base64::encode(bytes)));
    }
    std::str::from_utf8(bytes).map(|text| Value::String(text.to_owned())).map_err(|_| NotText)
}

/// The mean of a figure over all runs.
fn mean(runs: &[TestReport], figure: impl Fn(&TestReport) -> f64) -> f64 {
    runs.iter().map(figure).sum::<f64>() / runs.len().max(1) as f64
}

/// What a program printed, as far as it is kept.
fn raw(captured: &Captured) -> Vec<u8> {
    match captured.encoding {
        Encoding::Utf8 => captured.data.clone().into_bytes(),
        Encoding::Base64 => STANDARD.decode(&captured.data).unwrap_or_default(),
    }
}

/// Seconds with up to three decimals and at least one, as a decimal number is written in Ruby.
fn seconds(ms: f64) -> String {
    let seconds = (ms.round() / 1e3).max(0.0);
    format!("{seconds:?}")
}

/// With milliseconds: the official SDK does not read a date without a fraction.
fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(12.4 => "0.012")]
    #[test_case(0.2 => "0.0")]
    #[test_case(100.0 => "0.1")]
    #[test_case(5_000.0 => "5.0")]
    #[test_case(1_234.5 => "1.235")]
    fn times_are_texts_in_seconds(ms: f64) -> String {
        seconds(ms)
    }

    #[test]
    fn dates_have_milliseconds() {
        let at = Timestamp::from_millisecond(1_473_589_175_120).unwrap();
        assert_eq!(date(at), "2016-09-11T10:19:35.120Z");
    }
}
