//! Taking a batch: entry by entry, a part at a time into the store, and none of it or all of it in the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gavel_model::{Lane, Submission};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::accept::{Intake, IntakeError, KeyUse, Prepared};
use super::problem::Versions;
use super::quotas::Quotas;
use super::rejudge::Package;
use super::request::Request;
use crate::callback::CallbackUrl;
use crate::principal::Principal;
use crate::store::{BatchId, Begun, Completion, EntryKind, Made, NewEntry, Reused, Store};

/// How many entries, and about how many bytes of them, are gathered before they are stored.
const PART: (usize, usize) = (512, 1 << 20);

/// How long an entry may wait for others of its part: a batch of which nothing is stored for long counts as abandoned.
const PART_WITHIN: Duration = Duration::from_secs(20);

/// How often it is noted that a batch is still received, and after how long without that nobody does: its process was killed.
const TOUCHED: Duration = Duration::from_secs(2);
const LEFT: Duration = Duration::from_secs(20);

/// A batch that is being received. Dropping it before its end forgets it.
pub struct BatchIntake {
    intake: Intake,
    id: BatchId,
    most_unfinished: Option<u32>,
    callback: Option<CallbackUrl>,
    versions: Versions,
    part: Vec<NewEntry>,
    /// About how many bytes are in `part`.
    size: usize,
    since: Instant,
    next: u32,
    lanes: [bool; Lane::ALL.len()],
    unless_complete: Forget,
    _touching: DropGuard,
}

/// What became of a batch that was to be begun.
pub enum Begin {
    /// It is begun.
    New(Box<BatchIntake>),
    /// The key was used before, for this.
    Before(BatchId, [u8; 32]),
}

impl Intake {
    /// Begins a batch, under its client's key if there is one; a rejudge with what was asked for, in JSON.
    ///
    /// # Errors
    /// When its owner has submitted too much, the key is in use, or the store does not answer.
    pub async fn begin_batch(
        &self,
        principal: &Principal,
        key: Option<&str>,
        rejudge: Option<&str>,
    ) -> Result<Begin, IntakeError> {
        let may = self.quotas.may_submit(principal).and_then(|()| Ok(self.pending.room_for(1)?));
        may.inspect_err(|error| self.count(error))?;
        let most_unfinished = self.quotas.most_batched(principal);
        let id = BatchId::new();
        // Made first: a request that is given up while the store works leaves nothing behind.
        let unless_complete =
            Forget { store: Arc::clone(&self.store), tasks: self.tasks.clone(), batch: Some(id) };
        let reused = key.map(|key| Reused { key, left: LEFT });
        let owner = &principal.owner;
        match self.store.begin_batch(id, owner, reused, most_unfinished, rejudge).await? {
            Begun::New => Ok(Begin::New(Box::new(BatchIntake {
                intake: self.clone(),
                id,
                most_unfinished,
                callback: None,
                versions: Versions::default(),
                part: Vec::new(),
                size: 0,
                since: Instant::now(),
                next: 0,
                lanes: [false; Lane::ALL.len()],
                unless_complete,
                _touching: self.touch(id),
            }))),
            Begun::Before(Made { id, sha256: Some(sha256) }) => Ok(Begin::Before(BatchId(id), sha256)),
            Begun::Before(_) => Err(IntakeError::KeyUsed(KeyUse::InProgress)),
            Begun::TooMany => Err(Quotas::too_many()).inspect_err(|error| self.count(error)),
        }
    }

    /// Notes again and again that a batch is still received, until the guard is dropped.
    fn touch(&self, id: BatchId) -> DropGuard {
        let received = CancellationToken::new();
        let (store, token) = (Arc::clone(&self.store), received.clone());
        self.tasks.spawn(token.run_until_cancelled_owned(async move {
            loop {
                tokio::time::sleep(TOUCHED).await;
                if let Err(error) = store.touch_batch(id).await {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(batch.id = %id, error, "a batch may be taken for one that nobody receives");
                }
            }
        }));
        received.drop_guard()
    }
}

impl BatchIntake {
    /// How many entries it has.
    #[must_use]
    pub const fn entries(&self) -> u32 {
        self.next
    }

    /// Takes an entry as a submission.
    ///
    /// # Errors
    /// [`IntakeError::Refused`] when the request is not right, [`IntakeError::NoWorker`] when nobody could judge it, and then it
    /// is to be given to [`BatchIntake::refuse`]; otherwise when a store does not answer.
    pub async fn add(&mut self, request: Request) -> Result<(), IntakeError> {
        let prepared = self.intake.prepare(request, &mut self.versions).await;
        let prepared = prepared.inspect_err(|error| self.intake.count(error))?;
        let Prepared { submission, callback, .. } = prepared;
        let callback = callback.map(|callback| callback.as_str().to_owned());
        self.lanes[submission.lane as usize] = true;
        let inline: usize = submission.files.iter().map(|file| file.content.size() as usize).sum();
        self.put(EntryKind::Submission(Box::new(submission)), callback, inline).await
    }

    /// Takes a copy of a submission, to be judged in the lane of rejudges.
    ///
    /// # Errors
    /// [`IntakeError::Refused`] when it cannot be judged any more, and then it is to be given to [`BatchIntake::refuse`];
    /// otherwise when the store does not answer.
    pub async fn copy(
        &mut self,
        of: Submission,
        judged_by: Option<&str>,
        package: Package,
    ) -> Result<(), IntakeError> {
        let id = of.id;
        let copy = self.intake.copied(of, judged_by, package, &mut self.versions).await?;
        self.lanes[copy.lane as usize] = true;
        let inline: usize = copy.files.iter().map(|file| file.content.size() as usize).sum();
        self.put(EntryKind::Copy(id, Box::new(copy)), None, inline).await
    }

    /// Takes an entry of which nothing can be made, with the error in JSON, as the client is told.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn refuse(&mut self, error: String) -> Result<(), IntakeError> {
        let size = error.len();
        self.put(EntryKind::Refused(error), None, size).await
    }

    /// Where its client wants to be called when all of it is final.
    ///
    /// # Errors
    /// When that is no place to call.
    pub fn call_back(&mut self, url: &str) -> Result<(), IntakeError> {
        self.callback = Some(self.intake.rules().callback(url)?);
        Ok(())
    }

    /// Makes it whole: from now on it is judged.
    ///
    /// # Errors
    /// When its owner has too many submissions that wait, or the store does not answer. Nothing of it is kept then.
    pub async fn complete(mut self, sha256: Option<[u8; 32]>) -> Result<BatchId, IntakeError> {
        self.store_part().await?;
        let Self { intake, id, most_unfinished, callback, next, lanes, mut unless_complete, .. } = self;
        intake
            .pending
            .room_for(next.into())
            .map_err(IntakeError::from)
            .inspect_err(|error| intake.count(error))?;
        let callback = callback.as_ref().map(CallbackUrl::as_str);
        let completion = Completion { sha256, most_unfinished, callback };
        if !intake.store.complete_batch(id, completion).await? {
            return Err(Quotas::too_many()).inspect_err(|error| intake.count(error));
        }
        intake.pending.add(next.into());
        unless_complete.batch = None;
        for lane in Lane::ALL.into_iter().filter(|lane| lanes[*lane as usize]) {
            intake.room.wait(lane);
        }
        Ok(id)
    }

    async fn put(
        &mut self,
        entry: EntryKind,
        callback: Option<String>,
        size: usize,
    ) -> Result<(), IntakeError> {
        self.part.push(NewEntry { place: self.next, callback, entry });
        self.next += 1;
        self.size += size;
        let (most, bytes) = PART;
        if self.part.len() >= most || self.size >= bytes || self.since.elapsed() >= PART_WITHIN {
            self.store_part().await?;
        }
        Ok(())
    }

    async fn store_part(&mut self) -> Result<(), IntakeError> {
        if !self.part.is_empty() {
            self.intake.store.extend_batch(self.id, &self.part).await?;
        }
        self.part.clear();
        (self.size, self.since) = (0, Instant::now());
        Ok(())
    }
}

/// Forgets a batch that did not become whole.
struct Forget {
    store: Arc<dyn Store>,
    tasks: TaskTracker,
    batch: Option<BatchId>,
}

impl Drop for Forget {
    fn drop(&mut self) {
        let Some(batch) = self.batch else { return };
        let store = Arc::clone(&self.store);
        self.tasks.spawn(async move {
            // Where this fails it is abandoned, and forgotten a while later.
            if let Err(error) = store.drop_batch(batch).await {
                tracing::warn!(batch.id = %batch, error = &error as &dyn std::error::Error, "a batch is left behind");
            }
        });
    }
}
