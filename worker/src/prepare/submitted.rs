//! What a package does to a program that is submitted to it: included code, and limits of its compilation.

use std::collections::BTreeMap;
use std::sync::Arc;

use gavel_model::language::{LanguageSpec, Languages};
use gavel_model::{FileName, default_wall_ms};
use gavel_problem::{Limits, Package};

use super::packaged::{entry_first, source};
use crate::compile::Program;
use crate::fault::Fault;
use crate::sandbox::SourceBytes;
use crate::settings::CompileConfig;

/// The folder of code that is included in every language.
const DEFAULT: &str = "default";
/// What a package calls a driver, besides the language's own name for the file a program starts from.
const MAIN_MODULE: &str = "__main__";

/// Makes a program what it is at a package. `entrypoint` is the one stated for it, if any.
///
/// # Errors
/// When an included file cannot be read.
pub(crate) fn at_package(
    package: &Package,
    languages: &Languages,
    compile: &CompileConfig,
    entrypoint: Option<&str>,
    program: &mut Program,
) -> Result<(), Fault> {
    let included = included(package, languages, &program.language)?;
    put_over(program, included, entrypoint);
    limit_compiler(program, &package.limits, compile);
    Ok(())
}

/// The package's included code by its place in the submission. What is for the language outweighs what is for all.
fn included(
    package: &Package,
    languages: &Languages,
    language: &LanguageSpec,
) -> Result<BTreeMap<FileName, SourceBytes>, Fault> {
    let ours = |name: &&String| languages.get(name).is_some_and(|spec| spec.image == language.image);
    let folders = package.include.keys().filter(|name| *name == DEFAULT);
    let mut included = BTreeMap::new();
    for folder in folders.chain(package.include.keys().filter(ours)) {
        let prefix = format!("include/{folder}/");
        for path in &package.include[folder] {
            let name = path.strip_prefix(&prefix).unwrap_or(path);
            let file = source(package, &package.path(path), name)?;
            included.insert(file.name.clone(), file);
        }
    }
    Ok(included)
}

/// Puts included files over a submission's. A driver among them is what the program starts from ("that file must have
/// the language-dependent name", spec `2025-09`, "Included files"); one that replaces the entry takes its place.
fn put_over(program: &mut Program, included: BTreeMap<FileName, SourceBytes>, entrypoint: Option<&str>) {
    if included.is_empty() {
        return;
    }
    let language = &program.language;
    let entry = program.files.first().map(|file| file.name.clone());
    let driver = included.keys().find(|name| is_driver(name, language)).cloned();
    let mut files = std::mem::take(&mut program.files);
    files.retain(|file| !included.contains_key(&file.name));
    files.extend(included.into_values());
    if let Some(first) = driver.or(entry)
        && let Some(place) = files.iter().position(|file| file.name == first)
    {
        let first = files.remove(place);
        files.insert(0, first);
    }
    // What is stated holds whatever else there is.
    program.files = match entrypoint {
        Some(stated) => entry_first(language, files, Some(stated)),
        None => files,
    };
}

fn is_driver(name: &FileName, language: &LanguageSpec) -> bool {
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase();
    let own = stem(name.as_str());
    language.is_source(name) && (own == stem(&language.source) || own == MAIN_MODULE)
}

/// Lowers the limits of the compile step to those of the package; the worker's own are the most there is.
fn limit_compiler(program: &mut Program, limits: &Limits, config: &CompileConfig) {
    let Some(compile) = &program.language.compile else { return };
    let mut compile = compile.clone();
    let cpu_ms = compile.cpu_ms.unwrap_or(config.cpu_ms);
    if let Some(stated) = limits.compilation_time.map(|seconds| seconds.saturating_mul(1_000))
        && stated < cpu_ms
    {
        compile.cpu_ms = Some(stated);
        compile.wall_ms = Some(compile.wall_ms.unwrap_or(config.wall_ms).min(default_wall_ms(stated)));
    }
    let memory_mb = compile.memory_mb.unwrap_or(config.memory_mb);
    compile.memory_mb = limits.compilation_memory.filter(|stated| *stated < memory_mb).or(compile.memory_mb);
    if Some(&compile) != program.language.compile.as_ref() {
        program.language = Arc::new(LanguageSpec { compile: Some(compile), ..(*program.language).clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use test_case::test_case;

    fn language(id: &str) -> Arc<LanguageSpec> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../images");
        Arc::clone(Languages::load(&folder).unwrap().get(id).unwrap())
    }

    fn file(name: &str) -> SourceBytes {
        SourceBytes { name: FileName::try_from(name.to_owned()).unwrap(), bytes: bytes::Bytes::new() }
    }

    /// The first file of a program of the files given, in their order, once others are put over it.
    fn starts_from(id: &str, own: &[&str], included: &[&str], stated: Option<&str>) -> String {
        let files = own.iter().map(|name| file(name)).collect();
        let mut program = Program { language: language(id), files, options: Vec::new() };
        let included = included.iter().map(|name| (file(name).name, file(name))).collect();
        put_over(&mut program, included, stated);
        let mut names: Vec<_> = program.files.iter().map(|file| file.name.as_str().to_owned()).collect();
        let first = names[0].clone();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "no file is there twice");
        first
    }

    #[test_case("python", &["plus.py"], &["main.py"], None => "main.py"; "a driver in Python")]
    #[test_case("python", &["plus.py"], &["__main__.py"], None => "__main__.py"; "the main module of Python")]
    #[test_case("node", &["plus.js"], &["main.js"], None => "main.js"; "a driver in Node")]
    #[test_case("node", &["plus.js"], &["main.mjs"], None => "main.mjs"; "with another extension")]
    #[test_case("rust", &["plus.rs"], &["main.rs"], None => "main.rs"; "a driver in Rust")]
    #[test_case("java", &["Plus.java"], &["Main.java"], None => "Main.java"; "a driver in Java")]
    #[test_case("cpp17", &["plus.cpp"], &["Main.cc"], None => "Main.cc"; "of a variant, in capitals")]
    #[test_case("python", &["a.py"], &["judgelib.py", "main.txt"], None => "a.py"; "a library is no driver")]
    #[test_case("python", &["a.py"], &["lib/main.py"], None => "a.py"; "nor is what lies deeper")]
    #[test_case("python", &["main.py", "b.py"], &["main.py"], None => "main.py"; "replaced")]
    #[test_case("python", &["sol.py", "b.py"], &["sol.py", "a.py"], None => "sol.py"; "the entry replaced")]
    #[test_case("python", &["a.py", "b.py"], &["main.py"], Some("b.py") => "b.py"; "what is stated holds")]
    #[test_case("python", &["a.py"], &[], None => "a.py"; "nothing included")]
    fn a_program_starts_from(id: &str, own: &[&str], included: &[&str], stated: Option<&str>) -> String {
        starts_from(id, own, included, stated)
    }

    /// CPU in milliseconds, wall in milliseconds and memory in MiB of a compilation by a package's limits in seconds
    /// and MiB, with 30 s, 61 s and 1024 MiB of the worker's own.
    #[test_case(None, None => (None, None, None); "nothing stated")]
    #[test_case(Some(60), Some(2048) => (None, None, None); "more than the worker has")]
    #[test_case(Some(30), Some(1024) => (None, None, None); "as much as the worker has")]
    #[test_case(Some(10), None => (Some(10_000), Some(21_000), None); "less time")]
    #[test_case(None, Some(256) => (None, None, Some(256)); "less memory")]
    #[test_case(Some(u64::MAX), Some(1) => (None, None, Some(1)); "extremes")]
    fn a_compilation_gets(
        seconds: Option<u64>,
        memory: Option<u64>,
    ) -> (Option<u64>, Option<u64>, Option<u64>) {
        let config =
            CompileConfig { cpu_ms: 30_000, wall_ms: 61_000, memory_mb: 1024, ..CompileConfig::default() };
        let mut spec = (*language("cpp")).clone();
        let compile = spec.compile.as_mut().unwrap();
        (compile.cpu_ms, compile.wall_ms, compile.memory_mb) = (None, None, None);
        let mut program = Program { language: Arc::new(spec), files: Vec::new(), options: Vec::new() };
        let limits = Limits { compilation_time: seconds, compilation_memory: memory, ..Limits::legacy() };
        limit_compiler(&mut program, &limits, &config);
        let compile = program.language.compile.as_ref().unwrap();
        (compile.cpu_ms, compile.wall_ms, compile.memory_mb)
    }
}
