//! A program as it was handed in.

use std::collections::BTreeMap;
use std::sync::Arc;

use gavel_model::FileName;
use gavel_model::language::{LanguageSpec, Values};

use crate::sandbox::SourceBytes;

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

    fn values<'a>(&'a self, files: &'a [FileName], memory_mb: u64) -> Values<'a> {
        Values { files, memory_mb, options: &self.options }
    }

    fn names(&self) -> Vec<FileName> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }
}
