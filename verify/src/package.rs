//! A whole package: all its example submissions, on all slots.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use gavel_problem::{Loaded, Package, Submission};
use tokio::task::{JoinError, JoinSet};

use crate::example::{Judged, judge_example};
use crate::limit::{Known, find};
use crate::progress::{Event, Progress};
use crate::report::VerifyReport;
use crate::timing::Timing;
use gavel_worker::Fault;
use gavel_worker::Station;
use gavel_worker::slots::{Closed, Leased};

/// How thoroughly.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerifyOptions {
    /// Run every test of every submission, also those that no rule needs; see `Scope` for what is left out without.
    pub all_tests: bool,
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
    /// The package itself cannot be judged.
    #[error("{0}")]
    Package(String),
    /// The station closes.
    #[error("no slot")]
    Closed(#[from] Closed),
    /// Judging panicked.
    #[error("judging panicked")]
    Panicked(#[from] JoinError),
}

/// A package at a station.
pub(crate) struct Site {
    pub(crate) station: Arc<Station>,
    pub(crate) package: Arc<Package>,
    pub(crate) progress: Arc<dyn Progress>,
}

/// Judges every example submission of a package, as many at a time as there are slots, and compares.
///
/// A package that is at fault itself, such as one whose validator does not compile, gives a report that says so.
///
/// # Errors
/// [`VerifyError`]: faults of this machine. What still runs is stopped, also when the future is dropped.
pub async fn verify(
    station: &Arc<Station>,
    loaded: Loaded,
    options: VerifyOptions,
    progress: Arc<dyn Progress>,
) -> Result<VerifyReport, VerifyError> {
    let Loaded { package, warnings } = loaded;
    let site = Arc::new(Site { station: Arc::clone(station), package: Arc::new(package), progress });
    let report = match judge_all(&site, options).await {
        Ok(report) => report,
        Err(VerifyError::Package(why)) => VerifyReport::broken(&site.package.short_name, why),
        Err(error) => return Err(error),
    };
    Ok(VerifyReport { name: site.package.name.clone(), diagnostics: warnings, ..report })
}

async fn judge_all(site: &Arc<Site>, options: VerifyOptions) -> Result<VerifyReport, VerifyError> {
    let package = &site.package;
    let Known { ms, source, runs } = find(site).await?;
    let runs = Arc::new(runs);
    let all: Vec<usize> = (0..package.submissions.len()).collect();
    let judged = site
        .on_slots(all, move |site, index, slot| {
            let runs = Arc::clone(&runs);
            async move { judge_example(&site, index, ms, options, runs.get(&index), &slot).await }
        })
        .await?;
    let mut timing = Timing::default();
    let mut submissions = Vec::with_capacity(judged.len());
    for Judged { report, times } in judged.into_values() {
        timing.add(times);
        submissions.push(report);
    }
    Ok(VerifyReport {
        package: package.short_name.clone(),
        name: None,
        time_limit_ms: Some(ms),
        source: Some(source),
        suggested_time_limit_ms: timing.suggested_ms(&package.limits),
        timing: timing.problems(ms, &package.limits),
        diagnostics: Vec::new(),
        error: None,
        ok: submissions.iter().all(|submission| submission.ok),
        submissions,
    })
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
            let slot = self.station.slots.get().await?;
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
