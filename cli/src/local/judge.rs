//! `gavel judge`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, stream};
use gavel_model::{CompileReport, GroupReport, TestReport, Timings, Verdict};
use gavel_platform::lifecycle::chain;
use gavel_problem::{Loaded, Package};
use gavel_verify::{HandedIn, LimitSource, VerifyError, judge_handed_in, time_limit};
use gavel_worker::Fault;
use gavel_worker::JudgingHost;
use gavel_worker::judge::Findings;
use serde::Serialize;
use tokio::task::JoinSet;

use super::bar::Bar;
use super::figures::{compiler_said, ending, message, mib, ms, score, seconds};
use super::package::{Opened, name, open};
use super::session::{FINE, PACKAGE, session};
use super::submission::read;
use crate::args::JudgeArgs;
use crate::table::{Column, draw};

/// One judged submission, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Judged {
    submission: String,
    language: String,
    verdict: Verdict,
    score: Option<f64>,
    max_score: Option<f64>,
    time_limit_ms: u64,
    source: LimitSource,
    error: Option<String>,
    compile: Option<CompileReport>,
    groups: Vec<GroupReport>,
    tests: Vec<TestReport>,
    timings: Timings,
}

/// A submission and its name, as typed.
type Named = (String, HandedIn);

/// Judges submissions and tells what became of them.
pub async fn judge(settings: Option<&Path>, args: JudgeArgs) -> ExitCode {
    session(settings, async |workshop| {
        let (loaded, _unpacked) = match open(&args.package, workshop.languages())? {
            Opened::Package { loaded, unpacked } => (*loaded, unpacked),
            Opened::Refused(report) => {
                eprintln!("{}", super::verify_table::tell(&report));
                return Ok(PACKAGE);
            }
            Opened::Other => bail!("{} is neither a folder nor a zip file", args.package.display()),
        };
        let mut submissions = Vec::with_capacity(args.submissions.len());
        for path in &args.submissions {
            let handed = read(path, args.language.as_deref(), workshop.languages())?;
            note_language(&loaded, path, &handed.language);
            submissions.push((path.display().to_string(), handed));
        }
        let package = Arc::new(loaded.package);
        workshop.judging(async |host| all(host, &package, submissions, &args).await).await
    })
    .await
}

fn note_language(loaded: &Loaded, path: &Path, language: &str) {
    if let Some(allowed) = &loaded.package.languages
        && !allowed.iter().any(|id| id == language)
    {
        eprintln!("gavel: {}: the package does not allow {language}", path.display());
    }
}

async fn all(
    host: &Arc<JudgingHost>,
    package: &Arc<Package>,
    submissions: Vec<Named>,
    args: &JudgeArgs,
) -> anyhow::Result<u8> {
    let bar = Arc::new(Bar::new(0));
    let limit = time_limit(host, package, bar.clone()).await;
    bar.finish();
    let limit = match limit {
        Ok(limit) => limit,
        Err(VerifyError::Package(why)) => return Ok(at_fault(args, &why)),
        Err(error) => return Err(error.into()),
    };
    let mut under_way = stream::iter(submissions)
        .map(|named| one(host, package, named, limit, args.all_tests))
        .buffered(host.slots.count());
    let mut judged = Vec::new();
    while let Some(outcome) = under_way.next().await {
        match outcome {
            Ok(one) => {
                if !args.json {
                    println!("{}", tell(&one));
                }
                judged.push(one);
            }
            Err(error) => match error.downcast::<Fault>() {
                Ok(Fault::Package(why)) => return Ok(at_fault(args, &why)),
                Ok(fault) => bail!(chain(&fault)),
                Err(error) => return Err(error),
            },
        }
    }
    if args.json {
        serde_json::to_writer_pretty(std::io::stdout().lock(), &judged)?;
        println!();
    }
    Ok(if judged.iter().any(|one| one.verdict == Verdict::Je) { PACKAGE } else { FINE })
}

fn at_fault(args: &JudgeArgs, why: &str) -> u8 {
    eprintln!("gavel: {}: {why}", name(&args.package));
    PACKAGE
}

async fn one(
    host: &Arc<JudgingHost>,
    package: &Arc<Package>,
    (submission, handed): Named,
    (time_limit_ms, source): (u64, LimitSource),
    all_tests: bool,
) -> anyhow::Result<Judged> {
    let mut slot = host.slots.get().await?;
    slot.begin();
    let language = handed.language.clone();
    // A task of its own: comparing outputs keeps a core busy. It ends with the set.
    let mut task = JoinSet::new();
    let (host, package) = (Arc::clone(host), Arc::clone(package));
    task.spawn(
        async move { judge_handed_in(&host, &package, handed, time_limit_ms, all_tests, &slot).await },
    );
    let judged = task.join_next().await.context("nothing was judged")?;
    let Findings { compile, tests, graded, timings } = judged.context("judging panicked")??;
    Ok(Judged {
        submission,
        language,
        verdict: graded.verdict,
        score: graded.score,
        max_score: graded.max_score,
        time_limit_ms,
        source,
        error: graded.error,
        compile,
        groups: graded.groups,
        tests,
        timings,
    })
}

const fn columns() -> [Column; 8] {
    [
        Column::new("test", 0),
        Column::new("verdict", 0),
        Column::numbers("cpu ms", 0),
        Column::numbers("wall ms", 2),
        Column::numbers("memory MiB", 3),
        Column::numbers("score", 0),
        Column::new("ended by", 1),
        Column::new("checker", 0),
    ]
}

fn tell(judged: &Judged) -> String {
    let mut lines = vec![format!("{} ({})", judged.submission, judged.language)];
    if !judged.tests.is_empty() {
        let rows = judged.tests.iter().map(|test| {
            [
                test.name.clone(),
                test.verdict.to_string(),
                ms(Some(test.cpu_ms)),
                ms(Some(test.wall_ms)),
                mib(Some(test.memory_bytes)),
                score(test.score, None),
                ending(test),
                message(test.checker_message.as_deref()),
            ]
        });
        lines.push(draw(columns(), rows));
    }
    for group in judged.groups.iter().filter(|group| group.score.is_some()) {
        let name = if group.name.is_empty() { "all" } else { &group.name };
        let verdict = group.verdict.map_or("not run", |verdict| verdict.as_str());
        lines.push(format!("  {name}: {verdict}, score {}", score(group.score, group.max_score)));
    }
    if judged.verdict == Verdict::Ce
        && let Some(compile) = &judged.compile
    {
        lines.push(compiler_said(&compile.output));
    }
    lines.extend(judged.error.iter().map(|error| format!("  {error}")));
    let points = match judged.score {
        Some(_) => format!(", score {}", score(judged.score, judged.max_score)),
        None => String::new(),
    };
    let (limit, source) = (seconds(judged.time_limit_ms), judged.source.as_str());
    lines.push(format!("{}{points}, time limit {limit} ({source})\n", judged.verdict));
    lines.join("\n")
}
