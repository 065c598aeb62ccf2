//! `gavel examples`: a folder of programs, each judged over HTTP and compared with what its name promises.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gavel_client::{Client, Submitted};
use gavel_model::language::Languages;
use gavel_model::{JudgeResult, Verdict};
use gavel_platform::settings::load;
use serde_json::{Value, json};

use crate::args::ExamplesOptions;
use crate::remote::{connect, ended};
use crate::settings::GavelSettings;
use crate::table::{self, Column};

/// Requests under way at a time: enough to keep every slot busy.
const AT_A_TIME: usize = 16;
/// How long one request waits for a verdict: the most that Gavel waits by default.
const WAIT: Duration = Duration::from_secs(60);
/// Requests for one verdict: others may have to be compiled first.
const WAITS: u32 = 10;

/// Judges all and prints a table; success when every verdict is the promised one.
pub async fn judge(settings: Option<&Path>, options: &ExamplesOptions) -> ExitCode {
    ended(
        judged(settings, options)
            .await
            .map(|right| if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
    )
}

struct Example {
    language: String,
    name: String,
    file: String,
    promised: Verdict,
    source: String,
    input: Arc<str>,
    answer: Arc<str>,
}

impl Example {
    /// Whether it is the program whose figures are comparable between languages.
    fn is_sum(&self) -> bool {
        self.name == "sum" && self.promised == Verdict::Ac
    }
}

async fn judged(settings: Option<&Path>, options: &ExamplesOptions) -> anyhow::Result<bool> {
    let client = connect(settings, &options.server)?;
    let mut examples = find(&options.folder)?;
    let offered = client.languages().await?.into_iter().collect::<BTreeSet<_>>();
    if let Some(choice) = &options.languages {
        let config = load::<GavelSettings>(settings)?.languages;
        let wanted = Languages::load(&config.dir)?.ids_of(choice)?;
        examples.retain(|example| wanted.contains(&example.language));
        complain_of_what_is_missing(&wanted, &offered, &examples)?;
    }
    if options.figures {
        examples.retain(Example::is_sum);
    }
    let (examples, others): (Vec<_>, Vec<_>) =
        examples.into_iter().partition(|example| offered.contains(&example.language));
    let judged: Vec<(Example, JudgeResult)> = stream::iter(examples)
        .map(|example| submit(&client, example, options))
        .buffered(AT_A_TIME)
        .try_collect()
        .await?;
    if options.json {
        for (example, result) in &judged {
            println!("{}", line(example, result));
        }
        return Ok(judged.iter().all(|(example, result)| example.promised == result.verdict));
    }
    if options.figures {
        print!("{}", figures(&judged));
    } else {
        println!("{}", draw(&judged));
    }
    let surprises: Vec<_> =
        judged.iter().filter(|(example, result)| example.promised != result.verdict).collect();
    for (example, result) in &surprises {
        println!(
            "{}/{}: expected {}, got {}",
            example.language, example.file, example.promised, result.verdict
        );
        if let Some(compile) = result.compile.as_ref().filter(|_| result.verdict == Verdict::Ce) {
            println!("{}", compile.output);
        }
    }
    if !others.is_empty() {
        let others: BTreeSet<_> = others.iter().map(|example| example.language.as_str()).collect();
        println!("left out, since this Gavel does not offer them: {}", list(others));
    }
    if !options.figures {
        println!("{} programs, {} as expected", judged.len(), judged.len() - surprises.len());
    }
    Ok(surprises.is_empty())
}

/// A language that was asked for by name must be judged.
fn complain_of_what_is_missing(
    wanted: &BTreeSet<String>,
    offered: &BTreeSet<String>,
    examples: &[Example],
) -> anyhow::Result<()> {
    let missing: Vec<_> = wanted.difference(offered).map(String::as_str).collect();
    if !missing.is_empty() {
        bail!("this Gavel does not offer {}: see its languages.set", list(missing));
    }
    let with: BTreeSet<_> = examples.iter().map(|example| &example.language).collect();
    let without: Vec<_> = wanted.iter().filter(|id| !with.contains(id)).map(String::as_str).collect();
    if !without.is_empty() {
        eprintln!("no programs here in {}", list(without));
    }
    Ok(())
}

fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

fn find(folder: &Path) -> anyhow::Result<Vec<Example>> {
    let mut texts = HashMap::new();
    let mut text = |name: String| -> anyhow::Result<Arc<str>> {
        if let Some(text) = texts.get(&name) {
            return Ok(Arc::clone(text));
        }
        let read: Arc<str> = read(&folder.join(&name))?.into();
        texts.insert(name, Arc::clone(&read));
        Ok(read)
    };
    let mut examples = Vec::new();
    for language in folders(folder)? {
        for path in entries(&language)? {
            let file = name(&path);
            let (promised, rest) =
                file.split_once('-').with_context(|| format!("{file}: no VERDICT- in front"))?;
            let name_of_program = rest.split('.').next().unwrap_or(rest).to_owned();
            let own = folder.join(format!("{name_of_program}.in")).exists();
            let named = |own_suffix: &str, shared: &str| {
                if own { format!("{name_of_program}.{own_suffix}") } else { shared.to_owned() }
            };
            examples.push(Example {
                language: name(&language),
                promised: promised.parse()?,
                source: read(&path)?,
                input: text(named("in", "input.txt"))?,
                answer: text(named("ans", "answer.txt"))?,
                name: name_of_program,
                file,
            });
        }
    }
    if examples.is_empty() {
        bail!("no examples in {}", folder.display());
    }
    Ok(examples)
}

async fn submit(
    client: &Client,
    example: Example,
    options: &ExamplesOptions,
) -> anyhow::Result<(Example, JudgeResult)> {
    let ExamplesOptions { cpu_ms, memory_mb, .. } = options;
    let body = json!({
        "language": example.language,
        "source": example.source,
        "limits": {"cpu_ms": cpu_ms, "wall_ms": cpu_ms * 2, "memory_mb": memory_mb},
        "work": {"kind": "run", "stdin": &*example.input, "expected_output": &*example.answer},
    });
    let what = format!("{}/{}", example.language, example.file);
    let mut told = client.submit(&body, WAIT).await.with_context(|| what.clone())?;
    for _ in 1..WAITS {
        let Submitted::Waiting(id) = told else { break };
        told = client.submission(id, WAIT).await.with_context(|| what.clone())?;
    }
    match told {
        Submitted::Final(result) => Ok((example, *result)),
        Submitted::Waiting(_) => bail!("{what}: no verdict after {} s", u64::from(WAITS) * WAIT.as_secs()),
    }
}

fn line(example: &Example, result: &JudgeResult) -> Value {
    json!({
        "language": example.language, "file": example.file, "expected": example.promised, "verdict": result.verdict,
        "cpu_ms": result.cpu_ms, "memory_bytes": result.memory_bytes, "compiler": result.compiler,
    })
}

/// One line a language, of its program `sum`, with tabs between: id, CPU time in milliseconds, memory in MiB, CPU time of
/// its compilation in milliseconds, and the compiler's version; "-" for what is not there.
fn figures(judged: &[(Example, JudgeResult)]) -> String {
    let mut lines = String::new();
    for (example, result) in judged {
        let (cpu, memory) = result.tests.first().map_or((0.0, 0), |test| (test.cpu_ms, test.memory_bytes));
        let compile = result.compile.as_ref().map(|compile| format!("{:.0}", compile.cpu_ms));
        lines.push_str(&format!(
            "{}\t{cpu:.0}\t{:.1}\t{}\t{}\n",
            example.language,
            memory as f64 / 1048576.0,
            compile.as_deref().unwrap_or("-"),
            result.compiler.as_deref().unwrap_or("-"),
        ));
    }
    lines
}

fn draw(judged: &[(Example, JudgeResult)]) -> String {
    let columns = [
        Column::new("language", 0),
        Column::new("program", 0),
        Column::new("verdict", 0),
        Column::new("", 0),
        Column::new("cpu ms", 0),
        Column::new("wall ms", 1),
        Column::new("memory MiB", 3),
        Column::new("limit", 4),
        Column::new("exit", 2),
    ];
    let rows = judged.iter().map(|(example, result)| {
        let test = result.tests.first();
        let figure =
            |value: Option<f64>, digits: usize| value.map(|v| format!("{v:.digits$}")).unwrap_or_default();
        [
            example.language.clone(),
            example.name.clone(),
            result.verdict.to_string(),
            if result.verdict == example.promised { "✓" } else { "✗" }.to_owned(),
            figure(test.map(|test| test.cpu_ms), 1),
            figure(test.map(|test| test.wall_ms), 1),
            figure(test.map(|test| test.memory_bytes as f64 / 1048576.0), 1),
            test.and_then(|test| test.limit)
                .map(|limit| format!("{limit:?}").to_lowercase())
                .unwrap_or_default(),
            test.map(|test| match (test.exit_code, test.signal) {
                (Some(code), _) => code.to_string(),
                (None, Some(signal)) => format!("signal {signal}"),
                (None, None) => String::new(),
            })
            .unwrap_or_default(),
        ]
    });
    table::draw(columns, rows)
}

fn folders(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listed = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = listed.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}
