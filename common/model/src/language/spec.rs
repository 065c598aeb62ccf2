//! One language: how its programs are compiled and run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
    /// Extensions of source files, without the dot.
    pub extensions: Vec<String>,
    /// Whether a file's extension alone means this language (variants such as `cpp17` do not claim it).
    pub claims_extensions: bool,
    /// The file name of a program given as one text.
    pub source: String,
    /// The images' name: `gavel/<image>-compile` and `gavel/<image>-run`.
    pub image: String,
    /// How much longer its programs may take than a limit says.
    pub time_factor: f64,
    /// The command that tells the compiler's version.
    pub version: Vec<String>,
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

/// The compile step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompileSpec {
    /// Where it runs.
    #[serde(default)]
    pub sandbox: CompileWhere,
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
    /// A failed exit whose standard error holds this text is `MLE`: runtimes with a heap limit of their own fail
    /// before the sandbox's limit is met.
    #[serde(default)]
    pub out_of_memory_text: String,
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

    /// The run command of a submission, with its arguments.
    #[must_use]
    pub fn run_argv(&self, values: &Values<'_>, args: &[String]) -> Vec<String> {
        let mut argv = self.expand(&self.run.argv, values);
        argv.extend_from_slice(args);
        argv
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

    fn expand(&self, argv: &[String], values: &Values<'_>) -> Vec<String> {
        let mut expanded = Vec::with_capacity(argv.len());
        for word in argv {
            if word == "{sources}" {
                expanded.extend(values.files.iter().filter(|name| self.is_source(name)).map(in_work));
            } else if word == OPTIONS {
                expanded.extend_from_slice(values.options);
            } else {
                expanded.push(self.fill(word, values));
            }
        }
        expanded
    }

    fn fill(&self, word: &str, values: &Values<'_>) -> String {
        if !word.contains('{') {
            return word.to_owned();
        }
        let entry = values.files.first().map(in_work).unwrap_or_default();
        let mut filled = word.replace("{main}", &entry).replace("{memory_mb}", &values.memory_mb.to_string());
        for (key, value) in &self.vars {
            filled = filled.replace(&format!("{{{key}}}"), value);
        }
        filled
    }
}

/// What the submission adds to the compiler's command, each as a word of its own.
pub(super) const OPTIONS: &str = "{options}";

fn in_work(name: &FileName) -> String {
    format!("{WORK}/{name}")
}
