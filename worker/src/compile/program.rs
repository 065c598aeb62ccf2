//! A program as it was handed in.

use std::collections::BTreeMap;
use std::sync::Arc;

use gavel_model::language::{CompileSpec, LanguageSpec, Values};
use gavel_model::{FileName, Limits};

use crate::sandbox::SourceBytes;
use crate::settings::CompileConfig;

/// Where sources lie, before their names.
const WORK: &str = "/app/work/";

/// Source files and their language: a submission's, a checker's or an interactor's.
#[derive(Clone, Debug)]
pub struct Program {
    /// How it is compiled and run.
    pub language: Arc<LanguageSpec>,
    /// The files; the first is the entry.
    pub files: Vec<SourceBytes>,
    /// Words for the compiler's command, of those that the language allows.
    pub options: Vec<String>,
}

impl Program {
    /// The command that compiles it.
    #[must_use]
    pub fn compile_argv(&self, memory_mb: u64) -> Option<Vec<String>> {
        self.language.compile_argv(&self.values(&self.names(), memory_mb))
    }

    /// The environment of that command.
    #[must_use]
    pub fn compile_env(&self, memory_mb: u64) -> BTreeMap<String, String> {
        self.language.compile_env(&self.values(&self.names(), memory_mb))
    }

    /// The command that runs it.
    #[must_use]
    pub fn run_argv(&self, memory_mb: u64, args: &[String]) -> Vec<String> {
        self.language.run_argv(&self.values(&self.names(), memory_mb), args)
    }

    /// The environment of that command.
    #[must_use]
    pub fn run_env(&self, memory_mb: u64) -> BTreeMap<String, String> {
        self.language.run_env(&self.values(&self.names(), memory_mb))
    }

    /// The files that are no sources: they lie beside the program when it runs.
    #[must_use]
    pub fn data(&self) -> Vec<SourceBytes> {
        let data = self.files.iter().skip(1).filter(|file| !self.language.is_source(&file.name));
        data.cloned().collect()
    }

    /// Its compile step, if a run that ends well says as much as the step would, so that it can wait for one that does
    /// not.
    ///
    /// It must be a check of nothing but the entry, with no less time and memory than a run has. And the entry must be
    /// the text that it is called: an interpreter takes some other files for something else, a zip archive with a
    /// main module or bytecode for example, none of which is without a NUL.
    #[must_use]
    pub fn late_check(&self, limits: &Limits, config: &CompileConfig) -> Option<&CompileSpec> {
        let compile = self.language.compile.as_ref().filter(|_| self.language.checks_late())?;
        let (entry, others) = self.files.split_first()?;
        let run = limits.scaled(self.language.time_factor);
        let argv = self.compile_argv(0).unwrap_or_default();
        let checked =
            |file: &SourceBytes| argv.iter().any(|word| word.strip_prefix(WORK) == Some(file.name.as_str()));
        let is_enough = self.language.is_source(&entry.name)
            && !entry.bytes.contains(&0)
            && !others.iter().any(checked)
            && compile.cpu_ms.unwrap_or(config.cpu_ms) >= run.cpu_ms
            && compile.memory_mb.unwrap_or(config.memory_mb) >= limits.memory_mb;
        is_enough.then_some(compile)
    }

    fn values<'a>(&'a self, files: &'a [FileName], memory_mb: u64) -> Values<'a> {
        Values { files, memory_mb, options: &self.options }
    }

    fn names(&self) -> Vec<FileName> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::language::Languages;
    use test_case::test_case;

    fn program(language: &str, files: &[(&str, &'static str)]) -> Program {
        let images = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../images");
        let file = |(name, text): &(&str, &'static str)| SourceBytes {
            name: FileName::try_from((*name).to_owned()).unwrap(),
            bytes: bytes::Bytes::from_static(text.as_bytes()),
        };
        Program {
            language: Arc::clone(Languages::load(&images).unwrap().get(language).unwrap()),
            files: files.iter().map(file).collect(),
            options: Vec::new(),
        }
    }

    #[test_case("python", &[("main.py", "1")] => true; "one file")]
    #[test_case("python", &[("main.py", "1"), ("data.txt", "2")] => true; "with data")]
    #[test_case("python", &[("main.py", "1"), ("lib.py", "2")] => false; "with another source, which is checked too")]
    #[test_case("node", &[("main.js", "1"), ("lib.js", "2")] => true; "with another source, which is not checked")]
    #[test_case("python", &[("main.py", "PK\0")] => false; "what is no text")]
    #[test_case("node", &[("main.json", "{}")] => false; "what is called something else")]
    #[test_case("python", &[("main", "1")] => false; "what is called nothing")]
    #[test_case("cpp", &[("main.cpp", "")] => false; "a compiler")]
    fn a_step_can_wait(language: &str, files: &[(&str, &'static str)]) -> bool {
        program(language, files).late_check(&Limits::DEFAULT, &CompileConfig::default()).is_some()
    }

    #[test_case(CompileConfig { cpu_ms: Limits::DEFAULT.cpu_ms - 1, ..CompileConfig::default() }; "time")]
    #[test_case(CompileConfig { memory_mb: Limits::DEFAULT.memory_mb - 1, ..CompileConfig::default() }; "memory")]
    fn a_step_with_less_than_a_run_has_does_not_wait(config: CompileConfig) {
        assert!(program("python", &[("main.py", "1")]).late_check(&Limits::DEFAULT, &config).is_none());
    }
}
