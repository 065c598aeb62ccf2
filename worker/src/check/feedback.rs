//! The feedback folder: what a validator leaves for the judges.

use bytes::Bytes;
use gavel_problem::grade::Points;

use super::protocol::REPORT;
use crate::sandbox::Artifact;

/// How much of a message is kept, in bytes.
const MAX_MESSAGE: usize = 16 * 1024;

/// The files that mean something (Kattis problem package format, "Reporting additional feedback").
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feedback {
    /// `judgemessage.txt`
    pub judge_message: Option<String>,
    /// `teammessage.txt`
    pub team_message: Option<String>,
    /// `score.txt` or `score_multiplier.txt`
    pub points: Option<Points>,
    /// `nextpass.in`
    pub next_pass: Option<Bytes>,
    /// `tout`: what an interactor of testlib reports.
    pub report: Option<Bytes>,
}

/// A feedback folder that breaks the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedbackError {
    /// Not one finite number.
    #[error("{file} must hold one number, it holds {text:?}")]
    Number {
        /// Which file.
        file: &'static str,
        /// Its begin.
        text: String,
    },
    /// Both ways to give points.
    #[error("score.txt and score_multiplier.txt exclude each other")]
    Both,
}

impl Feedback {
    /// Reads the folder as it was fetched.
    ///
    /// # Errors
    /// [`FeedbackError`]: the validator's fault, a judge error.
    pub fn read(folder: &Artifact) -> Result<Self, FeedbackError> {
        let file = |name: &str| {
            let wanted = |path: &str| path.rsplit_once("feedback/").is_some_and(|(_, rest)| rest == name);
            folder.files.iter().find(|file| wanted(&file.path)).map(|file| file.bytes.clone())
        };
        let score = file("score.txt").map(|bytes| number("score.txt", &bytes)).transpose()?;
        let multiplier =
            file("score_multiplier.txt").map(|bytes| number("score_multiplier.txt", &bytes)).transpose()?;
        let points = match (score, multiplier) {
            (Some(_), Some(_)) => return Err(FeedbackError::Both),
            (Some(score), None) => Some(Points::Score(score)),
            (None, Some(multiplier)) => Some(Points::Multiplier(multiplier)),
            (None, None) => None,
        };
        Ok(Self {
            judge_message: file("judgemessage.txt").and_then(|bytes| message(&bytes)),
            team_message: file("teammessage.txt").and_then(|bytes| message(&bytes)),
            points,
            next_pass: file("nextpass.in"),
            report: file(REPORT),
        })
    }
}

fn number(file: &'static str, bytes: &[u8]) -> Result<f64, FeedbackError> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).trim().to_owned();
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(FeedbackError::Number { file, text }),
    }
}

fn message(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_MESSAGE)]).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{ArtifactFile, Place};

    fn folder(files: &[(&str, &'static str)]) -> Artifact {
        let file = |(name, text): &(&str, &'static str)| ArtifactFile {
            root: Place::Tmp,
            path: format!("feedback/{name}"),
            mode: 0o644,
            bytes: Bytes::from_static(text.as_bytes()),
        };
        Artifact { files: files.iter().map(file).collect() }
    }

    #[test]
    fn messages_points_and_the_next_pass_are_read() {
        let feedback = Feedback::read(&folder(&[
            ("judgemessage.txt", "bad\n"),
            ("score.txt", " 1.5\n"),
            ("nextpass.in", "7\n"),
            ("sub/teammessage.txt", "not here"),
        ]))
        .unwrap();
        assert_eq!(feedback.judge_message.as_deref(), Some("bad"));
        assert_eq!(feedback.team_message, None);
        assert_eq!(feedback.points, Some(Points::Score(1.5)));
        assert_eq!(feedback.next_pass.unwrap(), "7\n");
    }

    #[test]
    fn points_that_are_no_number_or_twice_are_refused() {
        assert!(Feedback::read(&folder(&[("score.txt", "nan")])).is_err());
        assert!(Feedback::read(&folder(&[("score.txt", "")])).is_err());
        let both = folder(&[("score.txt", "1"), ("score_multiplier.txt", "1")]);
        assert_eq!(Feedback::read(&both), Err(FeedbackError::Both));
    }
}
