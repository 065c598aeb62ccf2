//! Which languages this worker's images can judge, and with which compilers.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use crate::settings::SandboxConfig;
use futures_util::{StreamExt as _, stream};
use gavel_model::Limits;
use gavel_model::language::{CompileWhere, LanguageSpec, Languages, Values};
use gavel_runner::{Ending, Outcome, Stdout};

use super::starts::Starts;
use crate::container::{ContainerError, Engine, Purpose, SandboxSpec};
use crate::pool::{Kind, Needs};
use crate::sandbox::{Input, Job, Sink};

/// The images of one language, as they are on this machine now.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The image programs run in, by id.
    pub run_image: String,
    /// The image that holds the compiler, where that is another one.
    pub compile_image: Option<String>,
    /// First line of what the compiler says of its version; absent when it says nothing.
    pub version: Option<String>,
}

/// The toolchains of every language that can be judged here, and of scripted validators.
#[derive(Clone, Debug, Default)]
pub struct Toolchains {
    by_language: Arc<BTreeMap<String, Toolchain>>,
    /// The id of scripted validators, which are no language.
    validator: Option<String>,
    /// Image ids that compile, by the name of the images' folder.
    compilers: Arc<BTreeMap<String, String>>,
    starts: Starts,
}

/// Versions asked for at a time.
const PROBES: usize = 2;

impl Toolchains {
    /// Looks for the images of every language; those without are left out, with a warning that says what to do.
    /// Versions are remembered in `memory` by image id, so that a restart asks nothing.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn find(
        engine: &Engine,
        languages: &Languages,
        tag: &str,
        memory: &Path,
    ) -> Result<Self, ContainerError> {
        let mut known: HashMap<String, Option<String>> = tokio::fs::read(memory)
            .await
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let mut found = BTreeMap::new();
        for language in every(languages) {
            if let Some(toolchain) = images(engine, language, tag).await? {
                found.insert(language.id.clone(), toolchain);
            }
        }
        let starts = Starts::default();
        let unknown: HashMap<String, &Arc<LanguageSpec>> = every(languages)
            .filter_map(|language| Some((version_image(found.get(&language.id)?).to_owned(), language)))
            .filter(|(image, _)| !known.contains_key(image))
            .collect();
        let fresh: Vec<_> = stream::iter(unknown)
            .map(|(image, language)| async {
                let version = ask_version(engine, language, &image, &starts).await?;
                Some((image, version))
            })
            .buffer_unordered(PROBES)
            .filter_map(std::future::ready)
            .collect()
            .await;
        known.extend(fresh);
        if let Err(error) = remember(memory, &known) {
            tracing::warn!(%error, "compiler versions could not be remembered");
        }
        for toolchain in found.values_mut() {
            toolchain.version = known.get(version_image(toolchain)).cloned().flatten();
        }
        let compilers = every(languages)
            .filter_map(|language| {
                Some((language.image.clone(), version_image(found.get(&language.id)?).to_owned()))
            })
            .collect();
        let validator = languages.validator().map(|spec| spec.id.clone());
        Ok(Self { by_language: Arc::new(found), validator, compilers: Arc::new(compilers), starts })
    }

    /// The toolchain of a language, if its images are here.
    #[must_use]
    pub fn get(&self, language: &str) -> Option<&Toolchain> {
        self.by_language.get(language)
    }

    /// Which tools can be started.
    #[must_use]
    pub const fn starts(&self) -> &Starts {
        &self.starts
    }

    /// The image that compiles for a folder of images, by id.
    #[must_use]
    pub fn compile_image(&self, image: &str) -> Option<&str> {
        self.compilers.get(image).map(String::as_str)
    }

    /// The ids of all languages that can be judged here.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.by_language.keys().filter(|id| Some(*id) != self.validator.as_ref()).map(String::as_str)
    }

    /// What the compilers and interpreters of those languages say of their versions, as far as they do.
    #[must_use]
    pub fn versions(&self) -> BTreeMap<String, String> {
        let version = |id: &str| Some((id.to_owned(), self.get(id)?.version.clone()?));
        self.languages().filter_map(version).collect()
    }

    /// The sandboxes to keep warm for them.
    #[must_use]
    pub fn specs(
        &self,
        languages: &Languages,
        config: &SandboxConfig,
        limits: &Limits,
    ) -> HashMap<Kind, SandboxSpec> {
        let mut specs = HashMap::new();
        for (language, toolchain) in every(languages).filter_map(|spec| Some((spec, self.get(&spec.id)?))) {
            let kind = |purpose| Kind { image: language.image.clone(), purpose };
            let run = run_needs(language, config, limits.memory_mb, limits.processes);
            specs.insert(kind(Purpose::Run), spec(&toolchain.run_image, Purpose::Run, run, config));
            if let Some(image) = &toolchain.compile_image {
                let needs = compile_needs(language, config);
                specs.insert(kind(Purpose::Compile), spec(image, Purpose::Compile, needs, config));
            }
        }
        specs
    }
}

/// Every language, and what runs scripted validators.
fn every(languages: &Languages) -> impl Iterator<Item = &Arc<LanguageSpec>> {
    languages.iter().chain(languages.validator())
}

/// Written aside and renamed: another worker may share the folder.
fn remember(memory: &Path, known: &HashMap<String, Option<String>>) -> std::io::Result<()> {
    let folder = memory.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, known)?;
    file.persist(memory).map_err(|error| error.error)?;
    Ok(())
}

/// What a program with these limits needs of its sandbox.
#[must_use]
pub fn run_needs(language: &LanguageSpec, config: &SandboxConfig, memory_mb: u64, processes: u64) -> Needs {
    Needs { memory_mb: memory_mb + language.run.memory_overhead_mb + config.overhead_mb, processes }
}

/// What the compiler needs of its sandbox.
#[must_use]
pub fn compile_needs(language: &LanguageSpec, config: &SandboxConfig) -> Needs {
    let compile = language.compile.as_ref();
    Needs {
        memory_mb: compile.and_then(|c| c.memory_mb).unwrap_or(config.compile.memory_mb) + config.overhead_mb,
        processes: compile.and_then(|c| c.processes).unwrap_or(config.compile.processes),
    }
}

fn spec(image: &str, purpose: Purpose, needs: Needs, config: &SandboxConfig) -> SandboxSpec {
    SandboxSpec {
        image: image.to_owned(),
        purpose,
        memory_mb: needs.memory_mb,
        processes: needs.processes,
        tmp_mb: match purpose {
            Purpose::Compile => config.compile_tmp_mb,
            Purpose::Run => config.tmp_mb,
        },
        work_mb: config.work_mb,
        pipes: None,
        shows_runner: false,
    }
}

fn version_image(toolchain: &Toolchain) -> &str {
    toolchain.compile_image.as_deref().unwrap_or(&toolchain.run_image)
}

async fn images(
    engine: &Engine,
    language: &LanguageSpec,
    tag: &str,
) -> Result<Option<Toolchain>, ContainerError> {
    let name = |purpose: Purpose| format!("gavel/{}-{}:{tag}", language.image, purpose.as_str());
    let own_compiler =
        language.compile.as_ref().is_some_and(|compile| compile.sandbox == CompileWhere::Compile);
    let run = engine.image_id(&name(Purpose::Run)).await?;
    let compile = if own_compiler { engine.image_id(&name(Purpose::Compile)).await? } else { None };
    match (run, compile) {
        (Some(run_image), compile_image) if compile_image.is_some() == own_compiler => {
            Ok(Some(Toolchain { run_image, compile_image, version: None }))
        }
        _ => {
            tracing::warn!(
                language = language.id,
                "no images: images/build.sh {} makes them",
                language.image
            );
            Ok(None)
        }
    }
}

/// What the compiler says of its version; nothing when it could not be asked and is to be asked again.
async fn ask_version(
    engine: &Engine,
    language: &LanguageSpec,
    image: &str,
    starts: &Starts,
) -> Option<Option<String>> {
    let unknown = |error: &(dyn std::error::Error + 'static)| {
        tracing::warn!(language = language.id, error, "the compiler's version is unknown");
    };
    let (outcome, line) = match version(engine, language, image).await {
        Ok(asked) => asked,
        Err(error) => {
            unknown(&error);
            return None;
        }
    };
    // Only what judging starts too can be found to work again.
    let tools = [language.compile.as_ref().map(|compile| &compile.argv), Some(&language.run.argv)];
    let judges = tools.into_iter().flatten().any(|argv| argv.first() == language.version.first());
    let heard = if judges { starts.clone() } else { Starts::default() };
    match heard.check(&language.id, &language.version, &outcome.ending) {
        Ok(()) => Some(line),
        Err(fault) => {
            unknown(&fault);
            None
        }
    }
}

async fn version(
    engine: &Engine,
    language: &LanguageSpec,
    image: &str,
) -> Result<(Outcome, Option<String>), ContainerError> {
    let config = engine.config();
    let mut sandbox =
        engine.start(&spec(image, Purpose::Compile, compile_needs(language, config), config)).await?;
    let values = Values { files: &[], memory_mb: config.compile.memory_mb, options: &[] };
    let job = Job {
        argv: language.version.clone(),
        env: match &language.compile {
            Some(_) => language.compile_env(&values),
            None => language.run_env(&values),
        },
        cwd: "/tmp",
        stdout: Stdout::Stream,
        cpu: std::time::Duration::from_secs(10),
        wall: std::time::Duration::from_secs(20),
        memory: u64::MAX,
        stdout_limit: 64 * 1024,
        stderr_limit: 64 * 1024,
        stderr_forward: 64 * 1024,
        stack: u64::MAX,
        address_space: None,
        file: u64::MAX,
        cores: Vec::new(),
    };
    let mut said = Said::default();
    let outcome = sandbox.run(&job, &Input::Empty, &mut said).await?;
    if outcome.ending != Ending::Code(0) {
        return Ok((outcome, None));
    }
    // `java -version` of old spoke on standard error only.
    let text = if said.out.is_empty() { said.err } else { said.out };
    Ok((outcome, String::from_utf8_lossy(&text).lines().next().map(str::to_owned)))
}

#[derive(Default)]
struct Said {
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Sink for Said {
    fn stdout(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.err.extend_from_slice(bytes);
    }
}
