//! Dead letters, for an administrator: what there is, sent again, thrown away.
//!
//! `crate::dead` gave the submissions of this service their final `JE` when they died. What is final is never judged
//! again, so what is sent again is what platforms published themselves, results that could not be read, and what died
//! while the store was down.

use std::collections::{HashMap, HashSet};

use gavel_broker::{BrokerError, Fate, KeptLetter};
use gavel_model::{SubmissionId, Verdict};

use crate::metrics::LetterFate;
use crate::state::AppState;
use crate::store::StoreError;

/// How many letters one call looks at.
pub const MOST: usize = 10_000;

/// A letter, and what became of its submission.
pub struct Letter {
    /// The letter; in a list without its body.
    pub kept: KeptLetter,
    /// The size of its body, in bytes.
    pub size: u64,
    /// The final verdict of its submission, where this service has one.
    pub verdict: Option<Verdict>,
}

/// Which letters are meant.
pub enum Selection {
    /// Every one.
    All,
    /// Those with these ids, of letters or submissions.
    Named(HashSet<String>),
}

/// Why a letter was not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// Its submission has its final result, and keeps it.
    Final,
    /// Another letter of the same submission was sent again by this call.
    Twice,
    /// It came to the dead letters from none of Gavel's queues.
    NoOrigin,
    /// The broker did not take it.
    NotTaken,
}

/// What became of letters that were to be sent again.
#[derive(Default)]
pub struct Replayed {
    /// Those that were.
    pub replayed: Vec<(String, Option<SubmissionId>)>,
    /// Those that stay.
    pub skipped: Vec<(String, Option<SubmissionId>, Skipped)>,
    /// Whether there are more letters than one call looks at.
    pub more: bool,
}

/// A fault on the way.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The broker does not answer.
    #[error("broker")]
    Broker(#[from] BrokerError),
    /// The store does not.
    #[error("store")]
    Store(#[from] StoreError),
}

impl Selection {
    fn has(&self, letter: &KeptLetter) -> bool {
        match self {
            Self::All => true,
            Self::Named(ids) => {
                ids.contains(&letter.id) || letter.submission.is_some_and(|id| ids.contains(&id.to_string()))
            }
        }
    }
}

impl AppState {
    /// The oldest letters, without what they say, and whether there are more.
    ///
    /// # Errors
    /// When broker or store do not answer.
    pub async fn letters(&self, limit: usize) -> Result<(Vec<Letter>, bool), LetterError> {
        let mut letters = Vec::new();
        let mut look = |kept: &KeptLetter| {
            let size = kept.body.len() as u64;
            let KeptLetter { id, submission, origin, reason, died_at, body: _ } = kept;
            let (id, reason, body) = (id.clone(), reason.clone(), Vec::new());
            let kept =
                KeptLetter { id, submission: *submission, origin: *origin, reason, died_at: *died_at, body };
            letters.push(Letter { kept, size, verdict: None });
            Fate::Keep
        };
        let more = self.dispatcher.walk_dead(limit, &mut look).await?.more;
        for letter in &mut letters {
            letter.verdict = self.final_verdict(letter.kept.submission).await?;
        }
        Ok((letters, more))
    }

    /// The first letter of an id, its own or its submission's.
    ///
    /// # Errors
    /// When broker or store do not answer.
    pub async fn letter(&self, id: &str) -> Result<Option<Letter>, LetterError> {
        let named = Selection::Named(HashSet::from([id.to_owned()]));
        let mut found = None;
        let mut look = |letter: &KeptLetter| {
            if found.is_none() && named.has(letter) {
                found = Some(letter.clone());
            }
            Fate::Keep
        };
        self.dispatcher.walk_dead(MOST, &mut look).await?;
        let Some(kept) = found else { return Ok(None) };
        let (size, verdict) = (kept.body.len() as u64, self.final_verdict(kept.submission).await?);
        Ok(Some(Letter { kept, size, verdict }))
    }

    /// Sends letters again, but for those whose submission is final.
    ///
    /// # Errors
    /// When broker or store do not answer; some may be sent then.
    pub async fn replay_dead(&self, wanted: &Selection) -> Result<Replayed, LetterError> {
        let mut submissions = HashSet::new();
        let mut look = |letter: &KeptLetter| {
            submissions.extend(letter.submission.filter(|_| wanted.has(letter)));
            Fate::Keep
        };
        let walk = self.dispatcher.walk_dead(MOST, &mut look).await?;
        let mut done = Replayed { more: walk.more, ..Replayed::default() };
        let mut is_final = HashSet::new();
        for id in submissions {
            if self.final_verdict(Some(id)).await?.is_some() {
                is_final.insert(id);
            }
        }
        let (mut sent, mut of) = (HashSet::new(), HashMap::new());
        let mut decide = |letter: &KeptLetter| {
            if !wanted.has(letter) {
                return Fate::Keep;
            }
            let skipped = match letter.submission {
                _ if letter.origin.is_none() => Some(Skipped::NoOrigin),
                Some(id) if is_final.contains(&id) => Some(Skipped::Final),
                Some(id) if !sent.insert(id) => Some(Skipped::Twice),
                _ => None,
            };
            if let Some(why) = skipped {
                done.skipped.push((letter.id.clone(), letter.submission, why));
                return Fate::Keep;
            }
            of.insert(letter.id.clone(), letter.submission);
            Fate::Replay
        };
        let walk = self.dispatcher.walk_dead(MOST, &mut decide).await?;
        let owner = |id: &String| of.get(id).copied().flatten();
        done.replayed = walk.replayed.into_iter().map(|id| (id.clone(), owner(&id))).collect();
        for (id, error) in walk.failed {
            tracing::warn!(letter = id, error = &error as &dyn std::error::Error, "a dead letter stays dead");
            let submission = owner(&id);
            done.skipped.push((id, submission, Skipped::NotTaken));
        }
        self.metrics.dead_letters(LetterFate::Replayed).inc_by(done.replayed.len() as u64);
        tracing::info!(
            replayed = done.replayed.len(),
            skipped = done.skipped.len(),
            "dead letters sent again"
        );
        Ok(done)
    }

    /// Throws letters away; tells how many, and whether there are more than one call looks at.
    ///
    /// # Errors
    /// When the broker does not answer; some may be gone then.
    pub async fn purge_dead(&self, wanted: &Selection) -> Result<(u32, bool), LetterError> {
        let mut decide = |letter: &KeptLetter| if wanted.has(letter) { Fate::Purge } else { Fate::Keep };
        let walk = self.dispatcher.walk_dead(MOST, &mut decide).await?;
        self.metrics.dead_letters(LetterFate::Purged).inc_by(u64::from(walk.purged));
        tracing::info!(purged = walk.purged, "dead letters thrown away");
        Ok((walk.purged, walk.more))
    }

    async fn final_verdict(&self, id: Option<SubmissionId>) -> Result<Option<Verdict>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        let result = self.store.get(id).await?.and_then(|stored| stored.result);
        Ok(result.map(|result| result.verdict))
    }
}
