//! Programs whose answer is known: whether each language is still judged as it should be.

use std::fs;
use std::path::{Path, PathBuf};

use gavel_model::language::LanguageSpec;
use gavel_model::{
    Checker, FileIo, FileName, Lane, Limits, Payload, SourceFile, Submission, SubmissionId, Verdict, Work,
};

use crate::judge::Judge;
use crate::slots::Slots;

/// One that failed for a moment's reasons is right the second time.
const TRIES: u32 = 2;
/// What the names of right programs begin with, as in `examples/`.
const RIGHT: &str = "AC-";

/// The right programs of a folder: `LANGUAGE/AC-NAME.EXTENSION`, with `input.txt` and `answer.txt` beside the languages.
pub(crate) struct KnownAnswers {
    folder: PathBuf,
}

impl KnownAnswers {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Judges one program of each language that has one, each on a slot that it waits for; the first that is not
    /// accepted, with what became of it.
    pub(crate) async fn wrong(&self, judge: &Judge, slots: &Slots, languages: &[String]) -> Option<Wrong> {
        for language in languages {
            let Some(spec) = judge.languages().get(language) else { continue };
            match self.submission(spec) {
                Ok(Some(submission)) => {
                    if let Some(wrong) = tried(&submission, judge, slots).await {
                        return Some(wrong);
                    }
                }
                Ok(None) => {}
                Err(error) => {
                    let folder = self.folder.display();
                    tracing::warn!(%folder, language, %error, "no program with a known answer can be read");
                }
            }
        }
        None
    }

    fn submission(&self, language: &LanguageSpec) -> std::io::Result<Option<Submission>> {
        let folder = self.folder.join(&language.id);
        if !folder.is_dir() {
            return Ok(None);
        }
        let right = fs::read_dir(folder)?
            .filter_map(Result::ok)
            .find(|entry| entry.file_name().to_string_lossy().starts_with(RIGHT));
        let Some(program) = right else { return Ok(None) };
        let text = |path: PathBuf| fs::read(path).map(|bytes| Payload::inline(&bytes));
        let name = FileName::try_from(language.source.clone()).map_err(std::io::Error::other)?;
        Ok(Some(Submission {
            id: SubmissionId::new(),
            lane: Lane::Practice,
            language: language.id.clone(),
            files: vec![SourceFile { name, content: text(program.path())? }],
            args: Vec::new(),
            compiler_options: Vec::new(),
            limits: Limits::DEFAULT,
            address_space_mb: None,
            work: Work::Run {
                stdin: text(self.folder.join("input.txt"))?,
                expected_output: Some(text(self.folder.join("answer.txt"))?),
                checker: Checker::default(),
                file_io: FileIo::default(),
            },
            stdout: false,
            note: None,
            traceparent: None,
            created_at: jiff::Timestamp::now(),
        }))
    }
}

/// A program that is right and was not accepted.
pub(crate) enum Wrong {
    /// It has another verdict: what, of which language.
    Verdict(String),
    /// There is none: why.
    NotJudged(String),
}

/// What became of a program that is right, unless it was accepted.
async fn tried(submission: &Submission, judge: &Judge, slots: &Slots) -> Option<Wrong> {
    let language = &submission.language;
    let mut wrong = None;
    for attempt in 1..=TRIES {
        // The worker ends.
        let slot = slots.get_from_waiting().await.ok()?;
        wrong = match judge.judge(submission, attempt, &slot, &mut |_| ()).await {
            Ok(result) if result.verdict == Verdict::Ac => return None,
            Ok(result) => {
                let verdict = result.verdict.as_str();
                Some(Wrong::Verdict(format!("a right program in {language} is {verdict}")))
            }
            Err(fault) => {
                let why = gavel_platform::lifecycle::chain(&fault);
                Some(Wrong::NotJudged(format!("a right program in {language} cannot be judged: {why}")))
            }
        };
    }
    wrong
}
