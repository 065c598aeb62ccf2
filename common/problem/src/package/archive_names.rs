//! Names of archive entries: where each may land, and that no two land in the same place.

use std::collections::HashMap;

use super::archive::ArchiveError;
use super::litter::is_litter;

/// The longest name, in bytes.
const MAX_NAME: usize = 1024;
/// The most folders around a file.
const MAX_DEPTH: usize = 32;
/// The most bytes of names that are remembered, those of the folders around each entry among them.
const MAX_REMEMBERED: usize = 64 << 20;

/// The names seen so far.
#[derive(Default)]
pub(super) struct Names {
    /// By lower-case name: the name as written, and whether it is a folder.
    seen: HashMap<String, (String, bool)>,
    remembered: usize,
    /// The first part of every name that is unpacked, and whether it is a folder.
    tops: Vec<(String, bool)>,
}

impl Names {
    /// Checks a name and gives it back as text; `None` for litter, which is not unpacked.
    pub fn add(&mut self, raw: &[u8], is_folder: bool) -> Result<Option<String>, ArchiveError> {
        let name = std::str::from_utf8(raw).map_err(|_| ArchiveError::Name {
            entry: raw.escape_ascii().to_string(),
            cause: "its name is not UTF-8",
        })?;
        if parts(name).any(is_litter) {
            return Ok(None);
        }
        let refuse = |cause| Err(ArchiveError::Name { entry: name.to_owned(), cause });
        if let Some(cause) = fault(name) {
            return refuse(cause);
        }
        let parts: Vec<&str> = parts(name).collect();
        if parts.len() > MAX_DEPTH {
            return refuse("it lies too deep");
        }
        let mut path = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                path.push('/');
            }
            path.push_str(part);
            let folder = is_folder || index + 1 < parts.len();
            let known = self.seen.get(&path.to_lowercase());
            match known {
                None => {
                    self.remembered += path.len();
                    if self.remembered > MAX_REMEMBERED {
                        return refuse("with it the names are too long altogether");
                    }
                    self.seen.insert(path.to_lowercase(), (path.clone(), folder));
                }
                Some((other, _)) if *other != path => {
                    return refuse("another entry's name differs in case only");
                }
                Some((_, true)) if folder => {}
                Some((_, was_folder)) if *was_folder != folder => {
                    return refuse("its name is both a file and a folder");
                }
                Some(_) => return refuse("two entries have this name"),
            }
        }
        if let Some(first) = parts.first() {
            let top = ((*first).to_owned(), is_folder || parts.len() > 1);
            if !self.tops.contains(&top) {
                self.tops.push(top);
            }
        }
        Ok(Some(name.to_owned()))
    }

    /// The one folder that everything lies in, if there is one.
    pub fn single_top_folder(&self) -> Option<String> {
        match self.tops.as_slice() {
            [(top, true)] => Some(top.clone()),
            _ => None,
        }
    }

    /// Where a checked name is unpacked, relative to the target; `None` if it is not.
    pub fn place(raw: &[u8], top_folder: Option<&str>) -> Option<String> {
        let name = std::str::from_utf8(raw).ok()?;
        if parts(name).any(is_litter) {
            return None;
        }
        let mut parts = parts(name);
        if top_folder.is_some() {
            parts.next();
        }
        let path = parts.collect::<Vec<_>>().join("/");
        (!path.is_empty()).then_some(path)
    }
}

fn fault(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it has no name")
    } else if name.len() > MAX_NAME || name.split('/').any(|part| part.len() > 255) {
        Some("its name is too long")
    } else if name.starts_with('/') {
        Some("its name is absolute")
    } else if name.contains('\\') {
        Some("its name holds a backslash")
    } else if name.chars().any(char::is_control) {
        Some("its name holds a control character")
    } else if name.split('/').any(|part| part == "..") {
        Some("its name leaves the package")
    } else if name.contains("//") {
        Some("its name has an empty part")
    } else {
        None
    }
}

/// The parts of a path; `.` is where one is already, and a folder's name ends with an empty part.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split('/').filter(|part| !part.is_empty() && *part != ".")
}
