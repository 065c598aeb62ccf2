//! A package at the machine that judges it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use gavel_problem::{Package, Submission};
use gavel_worker::slots::{Closed, Leased};
use gavel_worker::{Fault, JudgingHost};
use tokio::task::{JoinError, JoinSet};

use crate::progress::{Event, Progress};

/// How thoroughly.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerifyOptions {
    /// Run every test of every submission, also those that no rule needs; see `Scope` for what is left out without.
    pub all_tests: bool,
    /// Hold the tests' inputs against the package's input validators.
    pub inputs: bool,
}

/// A package that could not be verified, through no fault of its own.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A submission could not be judged.
    #[error("submissions/{submission}")]
    Fault {
        /// Which.
        submission: String,
        /// Why.
        source: Box<Fault>,
    },
    /// An input validator could not be run.
    #[error("input validators")]
    Inputs(#[source] Box<Fault>),
    /// The package itself cannot be judged.
    #[error("{0}")]
    Package(String),
    /// The machine stops judging.
    #[error("no slot")]
    Closed(#[from] Closed),
    /// Judging panicked.
    #[error("judging panicked")]
    Panicked(#[from] JoinError),
}

/// A package at a host.
pub(crate) struct Site {
    pub(crate) host: Arc<JudgingHost>,
    pub(crate) package: Arc<Package>,
    pub(crate) progress: Arc<dyn Progress>,
}

impl Site {
    /// Tells whoever watches.
    pub(crate) fn note(&self, event: Event<'_>) {
        self.progress.note(&self.package.short_name, event);
    }

    /// The submission of an index that [`Site::on_slots`] handed out.
    pub(crate) fn example(&self, index: usize) -> &Submission {
        &self.package.submissions[index]
    }

    /// Does something with each of some submissions, each on a slot of its own; stops at the first fault.
    pub(crate) async fn on_slots<T, F>(
        self: &Arc<Self>,
        which: Vec<usize>,
        work: impl Fn(Arc<Self>, usize, Leased) -> F,
    ) -> Result<BTreeMap<usize, T>, VerifyError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Fault>> + Send + 'static,
    {
        let mut tasks = JoinSet::new();
        let mut done = BTreeMap::new();
        for index in which {
            // Waiting here, not in the tasks, keeps the submissions in their order.
            let mut slot = self.host.slots.get().await?;
            slot.begin();
            while let Some(ended) = tasks.try_join_next() {
                let (index, outcome): (usize, Result<T, Fault>) = ended?;
                done.insert(index, self.blame(index, outcome)?);
            }
            let task = work(Arc::clone(self), index, slot);
            tasks.spawn(async move { (index, task.await) });
        }
        while let Some(ended) = tasks.join_next().await {
            let (index, outcome) = ended?;
            done.insert(index, self.blame(index, outcome)?);
        }
        Ok(done)
    }

    fn blame<T>(&self, index: usize, outcome: Result<T, Fault>) -> Result<T, VerifyError> {
        outcome.map_err(|fault| match fault {
            Fault::Package(why) => VerifyError::Package(why),
            fault => {
                VerifyError::Fault { submission: self.example(index).name.clone(), source: Box::new(fault) }
            }
        })
    }
}
