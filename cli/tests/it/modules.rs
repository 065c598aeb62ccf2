//! Which crate and which module uses which. The picture is in docs/ARCHITECTURE.md; after a change of the house
//! `GAVEL_UPDATE_PICTURE=1 cargo test -p gavel --test it modules` draws it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Arrows from a name to the names it uses.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every crate of the workspace, by its folder.
fn crates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        ["api", "cli", "images/runner", "verify", "worker"].iter().map(|name| root().join(name)).collect();
    let common = std::fs::read_dir(root().join("common")).unwrap();
    folders.extend(common.map(|entry| entry.unwrap().path()).filter(|path| path.join("src").is_dir()));
    folders.sort();
    folders
}

fn manifest(folder: &Path) -> toml::Table {
    std::fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap()
}

fn crate_arrows() -> Arrows {
    let name = |manifest: &toml::Table| manifest["package"]["name"].as_str().unwrap().to_owned();
    crates()
        .iter()
        .map(|folder| {
            let manifest = manifest(folder);
            let used = manifest.get("dependencies").and_then(toml::Value::as_table);
            let ours = used.into_iter().flat_map(toml::Table::keys).filter(|name| name.starts_with("gavel-"));
            (name(&manifest), ours.cloned().collect())
        })
        .collect()
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The text without comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The first names of the paths in `{a::b, c::{d, e}}`, given what follows the brace.
fn heads(text: &str) -> Vec<&str> {
    let (mut depth, mut begins, mut names) = (0, true, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && depth == 0 && (c.is_alphanumeric() || c == '_') => {
                names.push(identifier(&text[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    names
}

/// What `lib.rs` re-exports, by the module it is from: `crate::Name` is a use of that module.
fn exports(src: &Path) -> BTreeMap<String, String> {
    let Ok(text) = std::fs::read_to_string(src.join("lib.rs")) else { return BTreeMap::new() };
    let mut found = BTreeMap::new();
    for statement in text.split("use ").skip(1).filter_map(|rest| rest.split(';').next()) {
        let module = identifier(statement).to_owned();
        let names = statement.rsplit_once("::").map_or(statement, |(_, names)| names);
        for name in names.trim_matches(|c| c == '{' || c == '}').split(',') {
            let name = name.split(" as ").last().unwrap_or(name).trim();
            found.insert(name.to_owned(), module.clone());
        }
    }
    found
}

/// The arrows between the top modules of a crate.
fn module_arrows(folder: &Path) -> Arrows {
    let src = folder.join("src");
    let top = |path: &Path| {
        let first = path.strip_prefix(&src).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    let files = sources(&src);
    let modules: BTreeSet<String> =
        files.iter().map(|path| top(path)).filter(|name| name != "lib" && name != "main").collect();
    let exports = exports(&src);
    let mut arrows: Arrows = modules.iter().map(|module| (module.clone(), BTreeSet::new())).collect();
    for path in files.iter().filter(|path| modules.contains(&top(path))) {
        let text = code(path);
        for rest in text.split("crate::").skip(1) {
            let names = rest.strip_prefix('{').map_or_else(|| vec![identifier(rest)], heads);
            for name in names {
                let used = if modules.contains(name) { name } else { exports.get(name).map_or("", |m| m) };
                if modules.contains(used) && used != top(path) {
                    arrows.entry(top(path)).or_default().insert(used.to_owned());
                }
            }
        }
    }
    arrows
}

/// Everybody who comes back to themselves when the arrows are followed.
fn in_circles(arrows: &Arrows) -> Vec<&str> {
    let comes_back = |from: &str| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(name) = next.pop() {
            for used in arrows.get(name).into_iter().flatten() {
                if used == from {
                    return true;
                }
                if seen.insert(used) {
                    next.push(used);
                }
            }
        }
        false
    };
    arrows.keys().map(String::as_str).filter(|name| comes_back(name)).collect()
}

/// The arrows in words, what uses nothing left out.
fn picture(title: &str, arrows: &Arrows) -> String {
    let mut text = String::new();
    for (name, used) in arrows.iter().filter(|(_, used)| !used.is_empty()) {
        let used: Vec<_> = used.iter().map(String::as_str).collect();
        text += &format!("    {name} -> {}\n", used.join(", "));
    }
    if text.is_empty() { text } else { format!("{title}\n{text}") }
}

fn path_of(folder: &Path) -> String {
    folder.strip_prefix(root()).unwrap().display().to_string()
}

#[test]
fn no_crate_uses_itself_by_a_detour() {
    let arrows = crate_arrows();
    assert!(arrows["gavel-verify"].contains("gavel-worker"), "the arrows are read: {arrows:?}");
    assert_eq!(in_circles(&arrows), [""; 0]);
    for (one, other) in [("gavel-api", "gavel-worker"), ("gavel-worker", "gavel-api")] {
        assert!(!arrows[one].contains(other), "{one} uses {other}");
    }
}

#[test]
fn no_module_uses_itself_by_a_detour() {
    for folder in crates() {
        let name = path_of(&folder);
        let arrows = module_arrows(&folder);
        assert_eq!(in_circles(&arrows), [""; 0], "{name}: these modules use themselves by a detour");
        if name == "worker" {
            assert!(arrows["judge"].contains("run") && arrows["run"].contains("sandbox"), "{arrows:?}");
        }
    }
}

/// The picture stands between the first line and the fence after it.
#[test]
fn the_picture_in_the_docs_is_drawn_from_the_code() {
    let page = root().join("docs/ARCHITECTURE.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let first = "```text\ncrates\n";
    let begin = text.find(first).expect("the page has the picture");
    let end = begin + first.len() + text[begin + first.len()..].find("```").expect("the picture ends");
    let modules =
        crates().iter().map(|folder| picture(&path_of(folder), &module_arrows(folder))).collect::<String>();
    let drawn = format!("```text\n{}{modules}", picture("crates", &crate_arrows()));
    if std::env::var_os("GAVEL_UPDATE_PICTURE").is_some() {
        std::fs::write(&page, format!("{}{drawn}{}", &text[..begin], &text[end..])).unwrap();
        return;
    }
    assert!(
        text[begin..end] == drawn,
        "draw it anew: GAVEL_UPDATE_PICTURE=1 cargo test -p gavel --test it modules"
    );
}

#[test]
fn a_circle_is_found() {
    let arrow = |from: &str, to: &str| (from.to_owned(), BTreeSet::from([to.to_owned()]));
    let arrows = Arrows::from([arrow("a", "b"), arrow("b", "c"), arrow("c", "b")]);
    assert_eq!(in_circles(&arrows), ["b", "c"]);
    assert_eq!(heads("a::{b, c}, d, e::F} rest"), ["a", "d", "e"]);
}
