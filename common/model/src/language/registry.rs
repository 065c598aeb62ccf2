//! All languages of an installation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{LanguageFile, Role};
use super::ids::is_release;
use super::spec::{CompileWhere, LanguageSpec, OPTIONS};
use crate::source::FileName;

/// A folder of languages that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LanguageError {
    /// The folder or a file in it cannot be read.
    #[error("{path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A `language.toml` does not say what it should.
    #[error("{path}")]
    Parse {
        /// Which.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// Two languages want the same name.
    #[error("{path}: the name {name:?} is taken by language {by:?}")]
    Taken {
        /// The file that came second.
        path: PathBuf,
        /// The name.
        name: String,
        /// Who has it.
        by: String,
    },
    /// An artifact outside `/tmp`, which is all that a run sandbox can be loaded with.
    #[error("{path}: compile.artifact must be a folder below /tmp, it is {artifact:?}")]
    Artifact {
        /// Which file.
        path: PathBuf,
        /// What it says.
        artifact: String,
    },
    /// A step that programs need in order to run cannot wait until one has failed.
    #[error("{path}: compile.when = \"failed\" is for a check in the run sandbox that makes no artifact")]
    When {
        /// Which file.
        path: PathBuf,
    },
    /// Options are allowed that have no place in the command, or a place is there for none.
    #[error("{path}: compile.allowed_options and the word {{options}} in compile.argv go together")]
    Options {
        /// Which file.
        path: PathBuf,
    },
    /// Other systems tell clients the version, so that a language they have names for must state it.
    #[error("{path}: release must be the version in two or three numbers, such as 14.2.0; [ids] needs it")]
    Release {
        /// Which file.
        path: PathBuf,
    },
    /// A word that the language itself would refuse.
    #[error("{path}: ids.jobe_options has {option:?}, which compile.allowed_options does not list")]
    JobeOption {
        /// Which file.
        path: PathBuf,
        /// The word.
        option: String,
    },
    /// A placeholder that stands for nothing.
    #[error("{path}: {{{name}}} in a command or an environment stands for nothing")]
    Placeholder {
        /// Which file.
        path: PathBuf,
        /// What stands between the braces.
        name: String,
    },
    /// Two folders for one purpose.
    #[error("{path}: there is a second folder with role = \"validator\"")]
    SecondValidator {
        /// The file that came second.
        path: PathBuf,
    },
    /// A choice of languages that names none.
    #[error("{word:?} is neither a set of languages (core, extended, all) nor a language; there are {ids}")]
    Choice {
        /// The word.
        word: String,
        /// Every id.
        ids: String,
    },
    /// Nothing there.
    #[error("{0} holds no folder with a language.toml")]
    None(PathBuf),
}

/// A language's id where values must be few: in metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageLabel(String);

impl LanguageLabel {
    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// All languages, by id and alias.
#[derive(Clone, Debug, Default)]
pub struct Languages {
    pub(super) by_id: Arc<BTreeMap<String, Arc<LanguageSpec>>>,
    pub(super) names: Arc<BTreeMap<String, String>>,
    pub(super) validator: Option<Arc<LanguageSpec>>,
}

impl Languages {
    /// Reads `<folder>/*/language.toml`.
    ///
    /// # Errors
    /// The first [`LanguageError`] met.
    pub fn load(folder: &Path) -> Result<Self, LanguageError> {
        let read = |source| LanguageError::Read { path: folder.to_owned(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(read)? {
            let path = entry.map_err(read)?.path().join("language.toml");
            if path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        let (mut by_id, mut names, mut claimed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut validator = None;
        for path in files {
            let (role, specs) = parse(&path)?;
            for spec in specs {
                let own = std::iter::once(&spec.id).chain(&spec.aliases);
                register(&mut names, own.map(|name| name.to_ascii_lowercase()), &spec, &path)?;
                let release = spec.release.as_deref().unwrap_or_default();
                register(&mut claimed, spec.ids.claims(release), &spec, &path)?;
                if role == Role::Language {
                    let extensions = spec.extensions.iter().filter(|_| spec.claims_extensions);
                    let extensions = extensions.map(|extension| format!("extension {extension}"));
                    register(&mut claimed, extensions, &spec, &path)?;
                    by_id.insert(spec.id.clone(), Arc::new(spec));
                } else if validator.replace(Arc::new(spec)).is_some() {
                    return Err(LanguageError::SecondValidator { path });
                }
            }
        }
        if by_id.is_empty() {
            return Err(LanguageError::None(folder.to_owned()));
        }
        Ok(Self { by_id: Arc::new(by_id), names: Arc::new(names), validator })
    }

    /// The language of an id or alias; letter case does not matter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<LanguageSpec>> {
        self.by_id.get(self.names.get(&name.to_ascii_lowercase())?)
    }

    /// The language that a file's extension means, if one claims it.
    #[must_use]
    pub fn by_extension(&self, name: &FileName) -> Option<&Arc<LanguageSpec>> {
        self.by_id.values().find(|spec| spec.claims_extensions && spec.is_source(name))
    }

    /// A language's id as a label: of those that exist, never what a message says.
    #[must_use]
    pub fn label(&self, name: &str) -> LanguageLabel {
        LanguageLabel(self.get(name).map_or_else(|| "unknown".to_owned(), |language| language.id.clone()))
    }

    /// The language that Judge0 has a number for.
    #[must_use]
    pub fn by_judge0(&self, id: u32) -> Option<&Arc<LanguageSpec>> {
        self.iter().find(|spec| spec.ids.judge0.contains(&id))
    }

    /// The language that Jobe calls so; letter case does not matter.
    #[must_use]
    pub fn by_jobe(&self, name: &str) -> Option<&Arc<LanguageSpec>> {
        self.iter().find(|spec| spec.ids.jobe.as_ref().is_some_and(|id| id.eq_ignore_ascii_case(name)))
    }

    /// The languages that Piston calls so, by name or alias in its letter case.
    pub fn by_piston(&self, name: &str) -> impl Iterator<Item = &Arc<LanguageSpec>> {
        self.iter().filter(move |spec| spec.ids.piston.iter().any(|id| id == name))
    }

    /// Every language, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<LanguageSpec>> {
        self.by_id.values()
    }

    /// The languages that a file's extension alone may mean: id, and extensions without the dot.
    pub fn extensions(&self) -> impl Iterator<Item = (&str, &[String])> {
        let claiming = self.by_id.values().filter(|spec| spec.claims_extensions);
        claiming.map(|spec| (spec.id.as_str(), spec.extensions.as_slice()))
    }

    /// What builds and runs the validators that bring scripts of their own; no name or extension means it.
    #[must_use]
    pub const fn validator(&self) -> Option<&Arc<LanguageSpec>> {
        self.validator.as_ref()
    }

    /// Every id, for messages that say what there is.
    #[must_use]
    pub fn ids(&self) -> String {
        self.by_id.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

fn parse(path: &Path) -> Result<(Role, Vec<LanguageSpec>), LanguageError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| LanguageError::Read { path: path.to_owned(), source })?;
    let file: LanguageFile = toml::from_str(&text)
        .map_err(|source| LanguageError::Parse { path: path.to_owned(), source: Box::new(source) })?;
    let role = file.role;
    let specs = file.into_specs();
    for spec in &specs {
        if let Some(name) = spec.unknown_placeholder() {
            return Err(LanguageError::Placeholder { path: path.to_owned(), name: name.to_owned() });
        }
        let place = spec.compile.iter().any(|compile| compile.argv.iter().any(|word| word == OPTIONS));
        if place == spec.allowed_options().is_empty() {
            return Err(LanguageError::Options { path: path.to_owned() });
        }
        if spec.release.as_deref().map_or(!spec.ids.is_empty(), |release| !is_release(release)) {
            return Err(LanguageError::Release { path: path.to_owned() });
        }
        let mut jobe = spec.ids.jobe_options.iter();
        if let Some(option) = jobe.find(|option| !spec.allowed_options().contains(option)) {
            return Err(LanguageError::JobeOption { path: path.to_owned(), option: option.clone() });
        }
        let in_run = spec.compile.iter().all(|compile| compile.sandbox == CompileWhere::Run);
        if spec.checks_late() && !(in_run && spec.artifact().is_none()) {
            return Err(LanguageError::When { path: path.to_owned() });
        }
        if let Some(artifact) = spec.artifact()
            && !artifact.starts_with("/tmp/")
        {
            return Err(LanguageError::Artifact { path: path.to_owned(), artifact: artifact.to_owned() });
        }
    }
    Ok((role, specs))
}

fn register(
    taken: &mut BTreeMap<String, String>,
    names: impl Iterator<Item = String>,
    spec: &LanguageSpec,
    path: &Path,
) -> Result<(), LanguageError> {
    for name in names {
        if let Some(by) = taken.insert(name.clone(), spec.id.clone()) {
            return Err(LanguageError::Taken { path: path.to_owned(), name, by });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::spec::Values;
    use super::*;

    const CPP: &str = r#"
        id = "cpp"
        name = "C++20"
        aliases = ["C++"]
        extensions = ["cpp"]
        source = "main.cpp"
        image = "cpp"
        version = ["g++", "--version"]
        vars = { std = "gnu++20" }
        [compile]
        argv = ["g++", "-std={std}", "-o", "/tmp/out/main", "{sources}"]
        artifact = "/tmp/out"
        [run]
        argv = ["/tmp/out/main", "{memory_mb}"]
        [[variant]]
        id = "cpp17"
        name = "C++17"
        vars = { std = "gnu++17" }
    "#;

    fn write(folder: &Path, name: &str, text: &str) {
        std::fs::create_dir(folder.join(name)).unwrap();
        std::fs::write(folder.join(name).join("language.toml"), text).unwrap();
    }

    #[test]
    fn a_folder_gives_a_language_its_aliases_and_variants() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "cpp", CPP);
        let languages = Languages::load(folder.path()).unwrap();
        assert_eq!(languages.get("c++").unwrap().id, "cpp");
        let files = ["main.cpp", "a.h", "b.cpp"].map(|name| FileName::try_from(name.to_owned()).unwrap());
        let values = Values { files: &files, memory_mb: 64, options: &[] };
        let cpp17 = languages.get("CPP17").unwrap();
        assert_eq!(
            cpp17.compile_argv(&values).unwrap(),
            ["g++", "-std=gnu++17", "-o", "/tmp/out/main", "/app/work/main.cpp", "/app/work/b.cpp"]
        );
        assert_eq!(cpp17.run_argv(&values, &["x".to_owned()]), ["/tmp/out/main", "64", "x"]);
        assert_eq!(languages.by_extension(&files[2]).unwrap().id, "cpp");
    }

    #[test]
    fn options_stand_where_the_language_puts_them() {
        let folder = tempfile::tempdir().unwrap();
        let text = CPP.replace("\"-o\"", "\"{options}\", \"-o\"");
        write(
            folder.path(),
            "cpp",
            &text.replace("artifact", "allowed_options = [\"-O0\", \"-g\"]\nartifact"),
        );
        let languages = Languages::load(folder.path()).unwrap();
        let cpp17 = languages.get("cpp17").unwrap();
        assert_eq!(cpp17.allowed_options(), ["-O0", "-g"]);
        let options = ["-g".to_owned(), "-O0".to_owned()];
        let argv = |options| cpp17.compile_argv(&Values { files: &[], memory_mb: 64, options }).unwrap();
        assert_eq!(argv(&options), ["g++", "-std=gnu++17", "-g", "-O0", "-o", "/tmp/out/main"]);
        assert_eq!(argv(&[]), ["g++", "-std=gnu++17", "-o", "/tmp/out/main"]);
    }

    #[test]
    fn options_without_a_place_and_a_place_without_options_are_refused() {
        let place = CPP.replace("\"-o\"", "\"{options}\", \"-o\"");
        for text in [CPP.replace("artifact", "allowed_options = [\"-O0\"]\nartifact"), place] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "cpp", &text);
            assert!(matches!(Languages::load(folder.path()), Err(LanguageError::Options { .. })), "{text}");
        }
    }

    #[test]
    fn only_a_check_that_makes_nothing_may_wait_for_a_failure() {
        let late = |rest: &str| {
            let folder = tempfile::tempdir().unwrap();
            let step = format!("[compile]\nwhen = \"failed\"\n{rest}");
            write(folder.path(), "cpp", &CPP.replace("[compile]", &step));
            Languages::load(folder.path())
        };
        for rest in ["", "sandbox = \"run\""] {
            assert!(matches!(late(rest), Err(LanguageError::When { .. })), "{rest}");
        }
        let folder = tempfile::tempdir().unwrap();
        let check = "[compile]\nwhen = \"failed\"\nsandbox = \"run\"";
        let text = CPP.replace("[compile]", check).replace("artifact = \"/tmp/out\"", "");
        write(folder.path(), "cpp", &text);
        assert!(Languages::load(folder.path()).unwrap().get("cpp").unwrap().checks_late());
    }

    #[test]
    fn an_entry_of_any_name_is_a_source() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "cpp", CPP);
        let languages = Languages::load(folder.path()).unwrap();
        let files =
            ["solution.txt", "data.txt", "b.cpp"].map(|name| FileName::try_from(name.to_owned()).unwrap());
        let values = Values { files: &files, memory_mb: 64, options: &[] };
        let argv = languages.get("cpp").unwrap().compile_argv(&values).unwrap();
        assert_eq!(argv[4..], ["/app/work/solution.txt", "/app/work/b.cpp"]);
    }

    #[test]
    fn environments_are_told_the_memory_limit_and_shares_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let env = "[run]\nenv = { GOMEMLIMIT = \"{memory_mb*0.9}MiB\", ALL = \"{memory_mb}\" }";
        write(folder.path(), "a", &CPP.replace("[run]", env));
        let languages = Languages::load(folder.path()).unwrap();
        let env = languages.get("cpp").unwrap().run_env(&Values { files: &[], memory_mb: 64, options: &[] });
        assert_eq!((env["GOMEMLIMIT"].as_str(), env["ALL"].as_str()), ("57MiB", "64"));
    }

    #[test]
    fn a_placeholder_that_stands_for_nothing_is_refused() {
        for wrong in ["{standard}", "{memory_mb*}", "{memory_mb*x}", "{memory}"] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "a", &CPP.replace("-std={std}", wrong));
            let error = Languages::load(folder.path()).unwrap_err();
            assert!(matches!(error, LanguageError::Placeholder { .. }), "{wrong}: {error:?}");
            assert!(error.to_string().contains(wrong), "{error}");
        }
    }

    #[test]
    fn what_runs_scripted_validators_is_no_language() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "cpp", CPP);
        let validator = |id: &str| {
            let base = CPP.split("[[variant]]").next().unwrap().replace("\"C++\"", "");
            base.replace("id = \"cpp\"", &format!("id = \"{id}\"\nrole = \"validator\""))
        };
        write(folder.path(), "validator", &validator("validator"));
        let languages = Languages::load(folder.path()).unwrap();
        assert_eq!(languages.validator().unwrap().id, "validator");
        assert!(languages.get("validator").is_none());
        assert_eq!(languages.ids(), "cpp, cpp17");
        assert_eq!(languages.extensions().map(|(id, _)| id).collect::<Vec<_>>(), ["cpp"]);
        write(folder.path(), "validator2", &validator("other"));
        assert!(matches!(Languages::load(folder.path()), Err(LanguageError::SecondValidator { .. })));
    }

    #[test]
    fn a_name_taken_twice_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a", CPP);
        write(folder.path(), "b", CPP);
        assert!(matches!(Languages::load(folder.path()), Err(LanguageError::Taken { .. })));
    }

    #[test]
    fn an_extension_means_one_language() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a", CPP);
        let other = CPP.replace("\"cpp", "\"clang").replace("C++\"", "clang++\"");
        let other = other.replace("extensions = [\"clang\"]", "extensions = [\"cpp\"]");
        write(folder.path(), "b", &other);
        assert!(matches!(Languages::load(folder.path()), Err(LanguageError::Taken { .. })));
        let other = other.replace("source =", "claims_extensions = false\nsource =");
        std::fs::write(folder.path().join("b/language.toml"), other).unwrap();
        let languages = Languages::load(folder.path()).unwrap();
        let file = FileName::try_from("a.cpp".to_owned()).unwrap();
        assert_eq!(languages.by_extension(&file).unwrap().id, "cpp");
        assert!(languages.get("clang").unwrap().is_source(&file));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a", &CPP.replace("[run]", "[run]\nshell = true"));
        let error = Languages::load(folder.path()).unwrap_err();
        assert!(format!("{error:?}").contains("shell"), "{error:?}");
    }

    /// The text of a language that other systems have names for.
    fn with_ids(id: &str, release: &str, ids: &str) -> String {
        let text = CPP.split("[[variant]]").next().unwrap();
        let text = text.replace("id = \"cpp\"", &format!("id = \"{id}\"\n{release}"));
        let text = text.replace("[\"cpp\"]", &format!("[\"{id}\"]"));
        format!("{}\n[ids]\n{ids}", text.replace("\"C++\"", ""))
    }

    #[test]
    fn other_systems_names_mean_the_language() {
        let folder = tempfile::tempdir().unwrap();
        let ids = "judge0 = [54, 105]\npiston = [\"c++\", \"g++\"]\njobe = \"cpp\"";
        write(folder.path(), "new", &with_ids("new", "release = \"14.2.0\"", ids));
        write(folder.path(), "old", &with_ids("old", "release = \"9.2\"", "piston = [\"c++\"]"));
        let languages = Languages::load(folder.path()).unwrap();
        assert_eq!(languages.by_judge0(105).unwrap().id, "new");
        assert_eq!(languages.by_jobe("CPP").unwrap().id, "new");
        assert!(languages.by_judge0(53).is_none() && languages.by_jobe("c++").is_none());
        let piston = |name| languages.by_piston(name).map(|spec| spec.id.as_str()).collect::<Vec<_>>();
        assert_eq!((piston("c++"), piston("g++")), (vec!["new", "old"], vec!["new"]));
        assert!(piston("C++").is_empty());
    }

    #[test]
    fn no_two_languages_have_one_name_in_another_system() {
        for ids in ["judge0 = [54]", "jobe = \"cpp\"", "piston = [\"c++\"]"] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "a", &with_ids("a", "release = \"14.2.0\"", ids));
            write(folder.path(), "b", &with_ids("b", "release = \"14.2.0\"", ids));
            assert!(matches!(Languages::load(folder.path()), Err(LanguageError::Taken { .. })), "{ids}");
        }
    }

    #[test]
    fn names_in_other_systems_need_a_version_in_numbers() {
        for release in ["", "release = \"fourteen\"", "release = \"14\"", "release = \"1.2.3.4\""] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "a", &with_ids("a", release, "judge0 = [54]"));
            let error = Languages::load(folder.path()).unwrap_err();
            assert!(matches!(error, LanguageError::Release { .. }), "{release}: {error:?}");
        }
    }

    #[test]
    fn jobes_options_are_options_of_the_language() {
        let folder = tempfile::tempdir().unwrap();
        let ids = "jobe = \"cpp\"\njobe_options = [\"-Werror\"]";
        write(folder.path(), "a", &with_ids("a", "release = \"14.2.0\"", ids));
        let error = Languages::load(folder.path()).unwrap_err();
        assert!(matches!(error, LanguageError::JobeOption { .. }), "{error:?}");
    }
}
