//! One language: how its programs are compiled and run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::Ids;
use super::last_words::LastWords;
use super::placeholder;
use super::set::LanguageSet;
use crate::source::FileName;

/// Where sources lie in a sandbox.
pub const WORK: &str = "/app/work";

/// How programs of one language are compiled and run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LanguageSpec {
    /// The name in requests and results.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Other names that requests may use.
    pub aliases: Vec<String>,
    /// The smallest named set that it is in.
    pub set: LanguageSet,
    /// Extensions of source files, without the dot.
    pub extensions: Vec<String>,
    /// Whether a file's extension alone means this language (variants such as `cpp17` and second
    /// versions such as `pypy` do not claim it).
    pub claims_extensions: bool,
    /// The file name of a program given as one text; of several files the one that is called so is the entry.
    pub source: String,
    /// Other names of an entry file.
    pub entry: Vec<String>,
    /// Whether an entry file that has an extension must have one of `extensions`: another one gets it appended.
    pub needs_extension: bool,
    /// The images' name: `gavel/<image>-compile` and `gavel/<image>-run`.
    pub image: String,
    /// How much longer its programs may take than a limit says.
    pub time_factor: f64,
    /// The command that tells the compiler's version.
    pub version: Vec<String>,
    /// The version of the compiler or interpreter in numbers, such as `14.2.0`.
    pub release: Option<String>,
    /// What other systems call it.
    pub ids: Ids,
    /// Values of placeholders.
    pub vars: BTreeMap<String, String>,
    /// The compile step, if there is one.
    pub compile: Option<CompileSpec>,
    /// How a program is started.
    pub run: RunSpec,
}

/// Which sandbox a compile step runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CompileWhere {
    /// A sandbox of the image that holds the compiler.
    #[default]
    Compile,
    /// The run sandbox, which is reset before the first test: for checks that execute nothing of the program.
    Run,
}

/// When a compile step is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CompileWhen {
    /// Before the first test.
    #[default]
    Always,
    /// Once a run did not end well: for checks that find nothing but what starting the program finds too.
    Failed,
}

/// The compile step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompileSpec {
    /// Where it runs.
    #[serde(default)]
    pub sandbox: CompileWhere,
    /// When it is made.
    #[serde(default)]
    pub when: CompileWhen,
    /// The command, with placeholders.
    pub argv: Vec<String>,
    /// Its environment; nothing else is in it.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The words that a submission may put in the place of `{options}`, exactly as they stand here.
    #[serde(default)]
    pub allowed_options: Vec<String>,
    /// The folder whose files are the artifact; without one the sources are what is run.
    pub artifact: Option<String>,
    /// CPU time, instead of the worker's default.
    pub cpu_ms: Option<u64>,
    /// Wall-clock time, instead of the worker's default.
    pub wall_ms: Option<u64>,
    /// Memory, instead of the worker's default.
    pub memory_mb: Option<u64>,
    /// Processes, instead of the worker's default.
    pub processes: Option<u64>,
}

/// How a program is started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSpec {
    /// The command, with placeholders; the submission's arguments follow it.
    pub argv: Vec<String>,
    /// Its environment; nothing else is in it.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// What the runtime itself needs beyond the program's limit, in MiB.
    #[serde(default)]
    pub memory_overhead_mb: u64,
    /// Whether a submission may bound the address space of its processes: a program that is told that there is no more memory goes
    /// on, while a runtime that reserves much more than it uses does not even start.
    #[serde(default)]
    pub address_space: bool,
    /// How the runtime ends when an allocation was refused: such an end is `MLE`, for runtimes with a heap limit of
    /// their own fail before the sandbox's limit is met.
    #[serde(default)]
    pub out_of_memory: Vec<LastWords>,
}

/// What placeholders stand for in one submission.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    /// Every file of the submission; the first is the entry.
    pub files: &'a [FileName],
    /// The memory limit, in MiB.
    pub memory_mb: u64,
    /// What the submission adds to the compiler's command.
    pub options: &'a [String],
}

impl LanguageSpec {
    /// The folder that is the artifact, relative to `/tmp`, where the language has one.
    #[must_use]
    pub fn artifact(&self) -> Option<&str> {
        self.compile.as_ref()?.artifact.as_deref()
    }

    /// The compile command of a submission.
    #[must_use]
    pub fn compile_argv(&self, values: &Values<'_>) -> Option<Vec<String>> {
        self.compile.as_ref().map(|compile| self.expand(&compile.argv, values))
    }

    /// The environment of the compile command.
    #[must_use]
    pub fn compile_env(&self, values: &Values<'_>) -> BTreeMap<String, String> {
        self.compile.as_ref().map(|compile| self.fill_env(&compile.env, values)).unwrap_or_default()
    }

    /// The run command of a submission, with its arguments.
    #[must_use]
    pub fn run_argv(&self, values: &Values<'_>, args: &[String]) -> Vec<String> {
        let mut argv = self.expand(&self.run.argv, values);
        argv.extend_from_slice(args);
        argv
    }

    /// The environment of the run command.
    #[must_use]
    pub fn run_env(&self, values: &Values<'_>) -> BTreeMap<String, String> {
        self.fill_env(&self.run.env, values)
    }

    /// The words that a submission may add to the compiler's command.
    #[must_use]
    pub fn allowed_options(&self) -> &[String] {
        self.compile.as_ref().map_or(&[], |compile| &compile.allowed_options)
    }

    /// Whether a file is a source of this language, by its extension.
    #[must_use]
    pub fn is_source(&self, name: &FileName) -> bool {
        name.extension().is_some_and(|extension| self.extensions.iter().any(|known| known == extension))
    }

    /// Whether its compile step may wait for a run that did not end well.
    #[must_use]
    pub fn checks_late(&self) -> bool {
        self.compile.as_ref().is_some_and(|compile| compile.when == CompileWhen::Failed)
    }

    /// The first placeholder of its commands and environments that means nothing.
    pub(super) fn unknown_placeholder(&self) -> Option<&str> {
        let compile = self.compile.iter().flat_map(|compile| compile.argv.iter().chain(compile.env.values()));
        let words = compile.chain(&self.run.argv).chain(self.run.env.values());
        let values = Values { files: &[], memory_mb: 0, options: &[] };
        words
            .filter(|word| ![SOURCES, OPTIONS].contains(&word.as_str()))
            .flat_map(|word| placeholder::names(word))
            .find(|name| self.value(name, &values).is_none())
    }

    fn expand(&self, argv: &[String], values: &Values<'_>) -> Vec<String> {
        let mut expanded = Vec::with_capacity(argv.len());
        for word in argv {
            match word.as_str() {
                // The entry is a source whatever its extension: the language was stated.
                SOURCES => {
                    let sources = values.files.iter().enumerate();
                    let sources = sources.filter(|(index, name)| *index == 0 || self.is_source(name));
                    expanded.extend(sources.map(|(_, name)| in_work(name)));
                }
                OPTIONS => expanded.extend_from_slice(values.options),
                word => expanded.push(self.fill(word, values)),
            }
        }
        expanded
    }

    fn fill_env(&self, env: &BTreeMap<String, String>, values: &Values<'_>) -> BTreeMap<String, String> {
        env.iter().map(|(key, value)| (key.clone(), self.fill(value, values))).collect()
    }

    fn fill(&self, word: &str, values: &Values<'_>) -> String {
        placeholder::fill(word, |name| self.value(name, values))
    }

    fn value(&self, name: &str, values: &Values<'_>) -> Option<String> {
        match name {
            "main" => Some(values.files.first().map(in_work).unwrap_or_default()),
            _ if name.starts_with(MEMORY) => {
                let share = match name.strip_prefix(MEMORY)? {
                    "" => 1.0,
                    rest => rest.strip_prefix('*')?.parse::<f64>().ok()?,
                };
                Some(((values.memory_mb as f64 * share) as u64).to_string())
            }
            _ => self.vars.get(name).cloned(),
        }
    }
}

/// Every source, each as a word of its own.
const SOURCES: &str = "{sources}";
/// What the submission adds to the compiler's command, each as a word of its own.
pub(super) const OPTIONS: &str = "{options}";
/// The memory limit in MiB; `memory_mb*0.9` is nine tenths of it.
const MEMORY: &str = "memory_mb";

fn in_work(name: &FileName) -> String {
    format!("{WORK}/{name}")
}
