//! `gavel verify`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, stream};
use gavel_model::language::Languages;
use gavel_problem::Loaded;
use gavel_verify::{VerifyOptions, VerifyReport, verify as verify_package};
use gavel_worker::JudgingHost;
use tempfile::TempDir;

use super::bar::Bar;
use super::package::{Opened, open};
use super::session::{FINE, PACKAGE, UNABLE, session};
use super::verify_table::tell;
use crate::args::VerifyArgs;

/// Packages under way at a time: the next one fills the slots that the last programs of one leave free.
const AT_A_TIME: usize = 2;

/// A path of the command line.
enum Entry {
    Package { loaded: Box<Loaded>, _unpacked: Option<TempDir> },
    Refused(VerifyReport),
}

/// Verifies packages and tells what it found.
pub async fn verify(settings: Option<&Path>, args: VerifyArgs) -> ExitCode {
    session(settings, async |workshop| {
        let (entries, mut code) = entries(&args, workshop.languages());
        if entries.is_empty() {
            bail!("there is no problem package to verify");
        }
        let programs = |entry: &Entry| match entry {
            Entry::Package { loaded, .. } => loaded.package.submissions.len(),
            Entry::Refused(_) => 0,
        };
        let bar = Arc::new(Bar::new(entries.iter().map(programs).sum()));
        let judgeable = entries.iter().any(|entry| matches!(entry, Entry::Package { .. }));
        let reports = if judgeable {
            workshop.judging(async |host| all(Some(host), entries, &args, &bar).await).await
        } else {
            all(None, entries, &args, &bar).await
        };
        bar.finish();
        let reports = reports?;
        if args.json {
            serde_json::to_writer_pretty(std::io::stdout().lock(), &reports)?;
            println!();
        }
        if code == FINE && reports.iter().any(|report| !report.ok) {
            code = PACKAGE;
        }
        Ok(code)
    })
    .await
}

/// Reads every package; what is none is told of, and the rest is verified all the same.
fn entries(args: &VerifyArgs, languages: &Languages) -> (Vec<Entry>, u8) {
    let (mut entries, mut code) = (Vec::new(), FINE);
    for path in &args.packages {
        match open(path, languages) {
            Ok(Opened::Package { loaded, unpacked }) => {
                entries.push(Entry::Package { loaded, _unpacked: unpacked });
            }
            Ok(Opened::Refused(report)) => entries.push(Entry::Refused(*report)),
            Ok(Opened::Other) => {
                eprintln!("gavel: {} is neither a folder nor a zip file: passed over", path.display());
            }
            Err(error) => {
                eprintln!("gavel: {error:#}");
                code = UNABLE;
            }
        }
    }
    (entries, code)
}

async fn all(
    host: Option<&Arc<JudgingHost>>,
    entries: Vec<Entry>,
    args: &VerifyArgs,
    bar: &Arc<Bar>,
) -> anyhow::Result<Vec<VerifyReport>> {
    let options = VerifyOptions { all_tests: args.all_tests, inputs: true };
    let mut under_way = stream::iter(entries)
        .map(|entry| async move {
            let (loaded, _unpacked) = match entry {
                Entry::Package { loaded, _unpacked } => (loaded, _unpacked),
                Entry::Refused(report) => return Ok(report),
            };
            let name = loaded.package.short_name.clone();
            let host = host.context("there is no host")?;
            verify_package(host, *loaded, options, bar.clone()).await.context(name)
        })
        .buffered(AT_A_TIME);
    let mut reports = Vec::new();
    while let Some(report) = under_way.next().await {
        let report = report?;
        if !args.json {
            bar.print(&tell(&report));
        }
        reports.push(report);
    }
    Ok(reports)
}
