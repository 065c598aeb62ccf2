//! Files of a problem package that are in a language of their own: YAML, XML, INI, comments in programs.

use std::fs;
use std::path::Path;

use gavel_problem::{LanguageExtensions, LoadOptions, Package};

/// Where the bytes are put; the first byte chooses.
const PLACES: [&str; 9] = [
    "problem.yaml",
    "data/secret/testdata.yaml",
    "data/secret/test_group.yaml",
    "data/secret/1.yaml",
    "submissions/submissions.yaml",
    "domjudge-problem.ini",
    "submissions/accepted/a.c",
    POLYGON,
    DMOJ,
];
/// What Polygon's and DMOJ's packages are described by.
const POLYGON: &str = "problem.xml";
const DMOJ: &str = "init.yml";

/// Reading a package comes to an end, good or bad, and says what is wrong with which file.
///
/// # Panics
/// When a rule is broken.
pub fn read(bytes: &[u8]) {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let legacy = choice & 0x80 != 0;
    let version = if legacy {
        "name: Sum\n"
    } else {
        "problem_format_version: 2025-09\nname: Sum\nuuid: 7f4e1a52-1111-4222-8333-944455566677\n"
    };
    let place = PLACES[usize::from(choice & 0x7f) % PLACES.len()];
    if ![POLYGON, DMOJ].contains(&place) {
        write("problem.yaml", version.as_bytes());
    }
    for number in ["01", "01.a", "02", "02.a"] {
        write(&format!("tests/{number}"), b"3\n");
        write(&format!("_archive/{number}"), b"3\n");
    }
    write("files/check.c", b"int main(){}\n");
    write("data/secret/1.in", b"1 2\n");
    write("data/secret/1.ans", b"3\n");
    write("submissions/accepted/a.c", b"int main(){}\n");
    write(place, bytes);
    let languages = vec![LanguageExtensions { id: "c".to_owned(), extensions: vec!["c".to_owned()] }];
    let options = LoadOptions { languages, short_name: Some("sum".to_owned()) };
    let told = match Package::load(folder.path(), &options) {
        Ok(loaded) => loaded.warnings,
        Err(refused) => {
            assert!(!refused.0.is_empty(), "refused without a word");
            refused.0
        }
    };
    for one in told {
        let text = one.to_string();
        assert!(!text.contains(&folder.path().display().to_string()), "it tells where it lies: {text}");
    }
}
