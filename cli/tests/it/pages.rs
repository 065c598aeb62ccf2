//! The pages name files and tests that are there.

use std::path::{Path, PathBuf};

use gavel_model::language::Languages;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

const PAGES: [&str; 10] = [
    "README.md",
    "CHANGELOG.md",
    "docs/ARCHITECTURE.md",
    "docs/COMPATIBILITY.md",
    "docs/OPERATIONS.md",
    "docs/SECURITY.md",
    "deploy/kubernetes/README.md",
    "deploy/systemd/README.md",
    "images/README.md",
    "tests/faults.md",
];

/// Folders whose paths a page may write in backticks.
const FOLDERS: [&str; 11] = [
    "api/",
    "cli/",
    "common/",
    "deploy/",
    "docs/",
    "examples/",
    "fuzz/",
    "images/",
    "tests/",
    "verify/",
    "worker/",
];

fn read(page: &str) -> String {
    std::fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// What stands between single backticks, outside fenced blocks.
fn code(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.split("```").step_by(2).collect();
    prose.iter().flat_map(|part| part.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The targets of links that lead into the repository.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    targets
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .map(|target| target.split('#').next().unwrap_or(target).to_owned())
        .collect()
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let mut missing = Vec::new();
    for page in PAGES {
        let text = read(page);
        let beside = root().join(page);
        for link in links(&text) {
            if !beside.with_file_name(&link).exists() {
                missing.push(format!("{page}: link {link}"));
            }
        }
        let is_path = |word: &String| {
            FOLDERS.iter().any(|folder| word.starts_with(folder))
                && !word.contains(['<', '*', '{', ' ', '…', '$'])
        };
        for path in code(&text).into_iter().filter(is_path) {
            if !root().join(&path).exists() {
                missing.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_language_that_the_page_adds_can_be_added() {
    let page = read("images/README.md");
    let block = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("lua")).unwrap();
    std::fs::write(folder.path().join("lua/language.toml"), block).unwrap();
    let languages = Languages::load(folder.path()).unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(languages.get("lua").unwrap().image, "lua");
}

#[test]
fn the_page_lists_every_language_in_its_set() {
    let page = read("images/README.md");
    let languages = Languages::load(&root().join("images")).unwrap();
    let mut listed = std::collections::BTreeSet::new();
    for set in ["core", "extended", "all"] {
        let start = format!("| `{set}` | ");
        let row = page.lines().find(|line| line.starts_with(&start)).unwrap();
        // Each row has what it adds to the one before.
        listed.extend(code(&row[start.len()..]));
        assert_eq!(listed, languages.ids_of(set).unwrap(), "{set}");
    }
}

/// The last column of a row has them.
#[test]
fn every_test_that_the_table_of_faults_names_is_there() {
    let page = read("tests/faults.md");
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let named: Vec<String> = rows.flat_map(|row| code(row.split('|').nth(3).unwrap())).collect();
    assert!(named.len() > 30, "{named:?}");
    let sources: Vec<String> = ["api/tests/it", "common/broker/tests/it", "tests/tests/it"]
        .iter()
        .flat_map(|folder| sources(&root().join(folder)))
        .collect();
    let missing = |test: &&String| {
        let declared = format!("fn {test}(");
        !sources.iter().any(|source| source.contains(&declared))
    };
    let missing: Vec<_> = named.iter().filter(missing).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The texts of all files in a folder and below it.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![std::fs::read_to_string(&path).unwrap_or_default()]
            }
        })
        .collect()
}

/// Tests are list items, under a heading that ends with their file.
#[test]
fn every_test_that_the_security_page_names_is_there() {
    let page = read("docs/SECURITY.md");
    let mut file = String::new();
    let (mut named, mut missing) = (0, Vec::new());
    for line in page.lines() {
        if line.starts_with('#') {
            file = code(line).pop().unwrap_or_default();
        } else if let Some(test) = line.strip_prefix("- `").and_then(|rest| rest.split('`').next())
            && file.contains("/tests/")
        {
            named += 1;
            if !read(&file).contains(&format!("fn {test}(")) {
                missing.push(format!("{file}: {test}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(named > 20, "only {named} tests are named");
}

/// Pages of specifications and of people, which nothing is fetched from.
const SITES: [&str; 5] = ["github.com", "rustup.rs", "semver.org", "keepachangelog.com", "www.kattis.com"];

/// Words that only look like hosts: a package of Debian, a table of a settings file.
const NO_HOSTS: [&str; 2] = ["docker.io", "profile.dev"];

/// Scripts, pages and settings, below a folder; packages for tests are other people's words.
fn written(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let passed_over = ["target", ".build", ".git", ".gavel", "problems", "LICENSE-APACHE", "LICENSE-MIT"];
        if passed_over.contains(&name.as_str()) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            written(&path, found);
        } else if [".sh", ".md", ".toml", ".yml", "Dockerfile", "run"].iter().any(|end| name.ends_with(end)) {
            found.push(path);
        }
    }
}

/// What looks like the name of a host: behind `://`, or by its end.
fn hosts(text: &str) -> Vec<&str> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let mut found = Vec::new();
    for word in text.split(|c: char| !in_name(c)) {
        let word = word.trim_matches('.');
        let end = word.rsplit_once('.').map(|(_, end)| end);
        if end.is_some_and(|end| ["com", "org", "net", "io", "dev", "cloud"].contains(&end)) {
            found.push(word);
        }
    }
    for rest in text.split("://").skip(1) {
        let host = rest.split(|c: char| !in_name(c)).next().unwrap_or_default();
        if host.contains(|c: char| c.is_ascii_alphabetic()) && host.contains('.') {
            found.push(host);
        }
    }
    found
}

/// Names that stand for somebody's own, as RFC 2606 has them.
fn made_up(host: &str) -> bool {
    host.ends_with(".example") || host == "example.com"
}

/// Where packages and images come from is the machine's own affair: its settings say it, no script and no page does.
#[test]
fn no_script_and_no_page_names_a_registry_or_a_mirror() {
    let mut files = Vec::new();
    written(&root(), &mut files);
    assert!(files.len() > 40, "only {} files were looked at", files.len());
    let mut named = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let strange = hosts(&text)
            .into_iter()
            .filter(|host| !(SITES.contains(host) || NO_HOSTS.contains(host) || made_up(host)));
        named.extend(strange.map(|host| format!("{}: {host}", file.display())));
    }
    assert!(named.is_empty(), "{named:#?}");
}

#[test]
fn hosts_are_found_however_they_are_written() {
    let text =
        "deb http://deb.example.org/debian trixie main\n'index.example.io' (a.b) https://mirror.lan/x v1.2.3";
    assert_eq!(hosts(text), ["deb.example.org", "index.example.io", "deb.example.org", "mirror.lan"]);
}
