//! Removes blobs that nothing in the store refers to.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use gavel_blobs::{BlobError, BlobStore};
use gavel_model::Digest;
use tokio_util::sync::CancellationToken;

use crate::metrics::ApiMetrics;
use crate::store::{Filter, Store, StoreError, Task};

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(60 * 60);

/// How many submissions or problems are read at a time, and the pause after them.
const PART: u32 = 200;
const PAUSE: Duration = Duration::from_millis(20);

/// How many hexadecimal digits a hash has.
const DIGITS: usize = 64;

/// Removes what nobody needs.
pub struct Collector {
    /// What refers to blobs.
    pub store: Arc<dyn Store>,
    /// The blobs.
    pub blobs: BlobStore,
    /// How long an unused one is kept.
    pub keep: Duration,
    /// What is measured.
    pub metrics: ApiMetrics,
}

/// A fault on the way; what is left is looked at the next time.
#[derive(Debug, thiserror::Error)]
enum CollectError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

impl Collector {
    /// Looks at the start and every hour until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(PERIOD);
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            match shutdown.run_until_cancelled(self.collect()).await {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "blobs that nobody needs stay for now");
                }
                None => return,
            }
        }
    }

    /// Removes what was stored long ago and nothing refers to.
    ///
    /// Whoever accepts something stores its blobs first, which renews those that are there already. So what is accepted while
    /// this looks needs no blob that was not renewed, but for packages of problems that are there before: those are read
    /// first.
    async fn collect(&self) -> Result<(), CollectError> {
        let Some(before) = SystemTime::now().checked_sub(self.keep) else { return Ok(()) };
        let Some(_turn) = self.store.turn(Task::Collect).await? else { return Ok(()) };
        let mut unused: HashMap<Digest, u64> = self.blobs.stored_before(before).await?.into_iter().collect();
        if unused.is_empty() {
            return Ok(());
        }
        self.spare_packages(&mut unused).await?;
        self.spare_submissions(&mut unused).await?;
        let (mut removed, mut bytes) = (0, 0);
        for (digest, size) in unused {
            if self.blobs.remove_stored_before(&digest, before).await? {
                self.metrics.blobs_removed().inc();
                self.metrics.blobs_removed_bytes().inc_by(size);
                (removed, bytes) = (removed + 1, bytes + size);
            }
        }
        if removed > 0 {
            tracing::info!(blobs = removed, size_bytes = bytes, "blobs that nothing refers to are removed");
        }
        Ok(())
    }

    /// Packages of every version of every problem are needed.
    async fn spare_packages(&self, unused: &mut HashMap<Digest, u64>) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let problems = self.store.problems(&after, PART).await?;
            let Some(last) = problems.last() else { return Ok(()) };
            last.problem.clone_into(&mut after);
            for latest in &problems {
                for version in self.store.versions(&latest.problem, "", u32::MAX).await? {
                    unused.remove(&version.sha256);
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Whatever a submission names is needed, whether it is final or not: its packages, its sources, what its door remembers.
    async fn spare_submissions(&self, unused: &mut HashMap<Digest, u64>) -> Result<(), CollectError> {
        let mut filter = Filter { copies: true, ..Filter::default() };
        while !unused.is_empty() {
            let part = self.store.list(&filter, PART).await?;
            let Some(last) = part.last() else { return Ok(()) };
            filter.after = Some(last.submission.id);
            for listed in &part {
                let Some(submission) = self.store.submission(listed.submission.id).await? else { continue };
                let text = serde_json::to_string(&submission).map_err(|error| StoreError::Damaged {
                    what: format!("submission {}", submission.id),
                    source: error.into(),
                })?;
                for digest in named(&text) {
                    unused.remove(&digest);
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

/// Every hash that a text names, in whatever field.
fn named(text: &str) -> impl Iterator<Item = Digest> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit());
    words.filter(|word| word.len() == DIGITS).filter_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_found_wherever_they_stand() {
        let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
        let text =
            format!(r#"{{"a":{{"blob":"{one}","size":3}},"note":"{{\\"x\\":\\"{two}\\"}}","c":"{one}0"}}"#);
        assert_eq!(named(&text).collect::<Vec<_>>(), [one, two]);
    }
}
