//! `gavel examples`: a folder of programs, each judged over HTTP and compared with what its name promises.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gavel_model::{JudgeResult, Verdict};
use gavel_platform::settings::load;
use serde_json::json;

use crate::args::ExamplesOptions;
use crate::settings::GavelSettings;
use crate::table::{self, Column};

/// Requests under way at a time: enough to keep every slot busy.
const AT_A_TIME: usize = 16;
/// How long one program may wait for its verdict, in seconds.
const WAIT_S: u64 = 60;

/// Judges all and prints a table; success when every verdict is the promised one.
pub async fn judge(settings: Option<&Path>, options: &ExamplesOptions) -> ExitCode {
    match judged(settings, options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("gavel: {error:#}");
            ExitCode::FAILURE
        }
    }
}

struct Example {
    language: String,
    name: String,
    file: String,
    promised: Verdict,
    source: String,
}

async fn judged(settings: Option<&Path>, options: &ExamplesOptions) -> anyhow::Result<bool> {
    let url = match &options.url {
        Some(url) => url.clone(),
        None => format!("http://{}", load::<GavelSettings>(settings)?.api.bind),
    };
    let input = read(&options.folder.join("input.txt"))?;
    let answer = read(&options.folder.join("answer.txt"))?;
    let examples = find(&options.folder)?;
    let client = reqwest::Client::builder().timeout(Duration::from_secs(WAIT_S + 10)).build()?;
    let judged: Vec<(Example, JudgeResult)> = stream::iter(examples)
        .map(|example| submit(&client, &url, options.key.as_deref(), example, &input, &answer))
        .buffered(AT_A_TIME)
        .try_collect()
        .await?;
    println!("{}", draw(&judged));
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
    println!("{} programs, {} as expected", judged.len(), judged.len() - surprises.len());
    Ok(surprises.is_empty())
}

fn find(folder: &Path) -> anyhow::Result<Vec<Example>> {
    let mut examples = Vec::new();
    for language in folders(folder)? {
        for path in entries(&language)? {
            let file = name(&path);
            let (promised, rest) =
                file.split_once('-').with_context(|| format!("{file}: no VERDICT- in front"))?;
            examples.push(Example {
                language: name(&language),
                name: rest.split('.').next().unwrap_or(rest).to_owned(),
                promised: promised.parse()?,
                source: read(&path)?,
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
    client: &reqwest::Client,
    url: &str,
    key: Option<&str>,
    example: Example,
    input: &str,
    answer: &str,
) -> anyhow::Result<(Example, JudgeResult)> {
    let body = json!({
        "language": example.language,
        "source": example.source,
        "limits": {"cpu_ms": 1000, "wall_ms": 2000, "memory_mb": 256},
        "work": {"kind": "run", "stdin": input, "expected_output": answer},
    });
    let mut request = client.post(format!("{url}/api/v1/submissions?wait={WAIT_S}")).json(&body);
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    let response = request.send().await.with_context(|| format!("no Gavel at {url}"))?;
    let status = response.status();
    let text = response.text().await?;
    if status != reqwest::StatusCode::OK {
        bail!("{}/{}: {status} {text}", example.language, example.file);
    }
    let result = serde_json::from_str(&text).with_context(|| format!("unexpected answer {text}"))?;
    Ok((example, result))
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
