//! Running `gavel`, and packages to run it on.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What a command said and how it ended.
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Standard output as JSON; nothing else may be on it.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl std::fmt::Debug for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code {}\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs `gavel` in a folder of its own, with the workspace's languages.
pub fn gavel(args: &[&str]) -> Ended {
    gavel_with(args, &[])
}

/// The same with variables of the environment.
pub fn gavel_with(args: &[&str], environment: &[(&str, &str)]) -> Ended {
    let place = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gavel"))
        .args(args)
        .current_dir(place.path())
        .env("GAVEL__LANGUAGES__DIR", root().join("images"))
        // Shared by all tests: compilers are asked for their versions once, not once a test.
        .env("GAVEL__WORKER__CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"))
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap_or(-1);
    Ended { code, stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A copy of one of the packages in `tests/problems`, with only some of its submissions.
pub struct Copy(TempDir, String);

impl Copy {
    pub fn of(package: &str, submissions: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (root().join("tests/problems").join(package), folder.path().join(package));
        copy(&from, &to, &|path| {
            let Some(below) = path.strip_prefix("submissions/") else { return true };
            submissions.iter().any(|kept| *kept == below || kept.starts_with(&format!("{below}/")))
        });
        Self(folder, package.to_owned())
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join(&self.1)
    }

    pub fn arg(&self) -> String {
        self.path().display().to_string()
    }

    /// Writes a file of it, with its folders.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The package as an archive beside it.
    pub fn zip(&self) -> String {
        let path = self.0.path().join("archive.zip");
        let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        let mut names = Vec::new();
        list(&self.path(), "", &mut names);
        for name in names {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(format!("{}/{name}", self.1), options).unwrap();
            zip.write_all(&fs::read(self.path().join(&name)).unwrap()).unwrap();
        }
        zip.finish().unwrap();
        path.display().to_string()
    }
}

fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) {
    let mut names = Vec::new();
    list(from, "", &mut names);
    for name in names.iter().filter(|name| wanted(name)) {
        let target = to.join(name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(name), target).unwrap();
    }
}

fn list(folder: &Path, prefix: &str, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            list(&entry.path(), &format!("{name}/"), names);
        } else {
            names.push(name);
        }
    }
}
