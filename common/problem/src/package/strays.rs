//! Files that look as if they meant something, and mean nothing to the format.

use super::diagnostic::Report;
use super::files::{Folder, Item};

/// Folders of a package that decide how it is judged.
const FOLDERS: [&str; 5] = ["data", "include", "output_validator", "output_validators", "submissions"];
/// Files that do, and that are not found under other names.
const FILES: [&str; 2] = ["problem.yaml", "domjudge-problem.ini"];
/// The most names of one warning.
const NAMED: usize = 10;

/// What may lie beside `NAME.in` and does not concern judging: illustrations, and what statements show.
const COMPANIONS: [&str; 13] = [
    ".png",
    ".jpg",
    ".jpeg",
    ".svg",
    ".pdf",
    ".hint",
    ".desc",
    ".interaction",
    ".in.statement",
    ".ans.statement",
    ".in.download",
    ".ans.download",
    ".md",
];

/// Warns of names at the top of a package that miss one which means something, such as `Data` or `output-validators`.
pub(super) fn note_misspelt(package: &Folder, report: &mut Report) {
    for (name, item) in &package.items {
        let meant: &[&str] = match item {
            Item::Folder(_) => &FOLDERS,
            Item::File { .. } => &FILES,
        };
        if meant.contains(&name.as_str()) {
            continue;
        }
        if let Some(meant) = meant.iter().find(|meant| skeleton(meant) == skeleton(name)) {
            report.warning(name, None, format!("not used: the name must be {meant}"));
        }
    }
}

/// A name without what is easily mistaken in it.
fn skeleton(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "").replace(".yml", ".yaml");
    name.strip_suffix('s').unwrap_or(&name).to_owned()
}

/// Warns of files among the tests of a folder that belong to none. `configured` tells whether a test may have a
/// `NAME.yaml`, `groups` which files configure a group.
pub(super) fn note_no_tests(folder: &Folder, configured: bool, groups: &[&str], report: &mut Report) {
    let mut unused = Vec::new();
    for name in folder.items.keys().filter(|name| folder.has_file(name)) {
        if let Some(wanted) = missed_extension(name) {
            let message = format!("not a test: the extension must be {wanted}, in small letters");
            report.warning(folder.path_of(name), None, message);
        } else if !means_something(folder, name, configured, groups) {
            unused.push(name.as_str());
        }
    }
    let Some(more) = unused.len().checked_sub(1) else { return };
    let named = unused.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let rest = unused.len().saturating_sub(NAMED);
    let and_more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let are = if more > 0 { "belong" } else { "belongs" };
    let message = format!("{named}{and_more} {are} to no test: those are NAME.in with NAME.ans");
    report.warning(&folder.path, None, message);
}

/// The extension that a file of a test misses by the case of letters.
fn missed_extension(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    let wanted = ["in", "ans"].into_iter().find(|wanted| extension.eq_ignore_ascii_case(wanted))?;
    match wanted {
        _ if extension == wanted => None,
        "in" => Some(".in"),
        _ => Some(".ans"),
    }
}

fn means_something(folder: &Folder, name: &str, configured: bool, groups: &[&str]) -> bool {
    let is_test = |base: &str| folder.has_file(&format!("{base}.in"));
    // A stray answer is told of where tests are read.
    name.ends_with(".in")
        || name.ends_with(".ans")
        || groups.contains(&name)
        || COMPANIONS.iter().any(|companion| name.ends_with(companion))
        || name.strip_suffix(".out").is_some_and(is_test)
        || configured && name.strip_suffix(".yaml").is_some_and(is_test)
}
