//! A whole package: all its example submissions, on all slots.

use std::sync::Arc;

use gavel_problem::Loaded;
use gavel_worker::{Fault, JudgingHost};

use crate::example::{Judged, judge_example};
use crate::limit::{TimeLimit, find};
use crate::progress::Progress;
use crate::report::VerifyReport;
use crate::site::{Site, VerifyError, VerifyOptions};
use crate::timing::Timing;

/// Judges every example submission of a package, as many at a time as there are slots, and compares.
///
/// A package that is at fault itself, such as one whose validator does not compile, gives a report that says so.
///
/// # Errors
/// [`VerifyError`]: faults of this machine. What still runs is stopped, also when the future is dropped.
pub async fn verify(
    host: &Arc<JudgingHost>,
    loaded: Loaded,
    options: VerifyOptions,
    progress: Arc<dyn Progress>,
) -> Result<VerifyReport, VerifyError> {
    let Loaded { package, warnings } = loaded;
    let site = Arc::new(Site { host: Arc::clone(host), package: Arc::new(package), progress });
    let report = match judge_all(&site, options).await {
        Ok(report) => report,
        Err(VerifyError::Package(why)) => VerifyReport::broken(&site.package.short_name, why),
        Err(error) => return Err(error),
    };
    Ok(VerifyReport { name: site.package.name.clone(), diagnostics: warnings, ..report })
}

async fn judge_all(site: &Arc<Site>, options: VerifyOptions) -> Result<VerifyReport, VerifyError> {
    let package = &site.package;
    let inputs = if options.inputs { refused_inputs(site).await? } else { Vec::new() };
    let TimeLimit { ms, source, runs } = find(site).await?;
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
        ok: inputs.is_empty() && submissions.iter().all(|submission| submission.ok),
        inputs,
        submissions,
    })
}

async fn refused_inputs(site: &Arc<Site>) -> Result<Vec<String>, VerifyError> {
    if site.package.input_validators.is_empty() {
        return Ok(Vec::new());
    }
    let mut slot = site.host.slots.get().await?;
    slot.begin();
    let refused = site.host.judge.refused_inputs(&site.package, &slot).await;
    match refused {
        // One that does not compile; the programs can be judged all the same.
        Err(Fault::Package(why)) => Ok(vec![why]),
        refused => refused.map_err(|fault| VerifyError::Inputs(Box::new(fault))),
    }
}
