//! What operating systems and interpreters leave in folders: as if it were not there, in a folder and in an archive.

/// Names of files and folders, in any case of letters.
const NAMES: [&str; 17] = [
    // macOS: Finder's settings, the folder that Archive Utility adds, and what lies at the top of a volume.
    ".ds_store",
    "__macosx",
    ".spotlight-v100",
    ".trashes",
    ".fseventsd",
    ".temporaryitems",
    ".appledouble",
    ".lsoverride",
    ".localized",
    "icon\r",
    // Windows Explorer.
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "$recycle.bin",
    // KDE's Dolphin.
    ".directory",
    // Python.
    "__pycache__",
];

/// Whether a file or folder of this name is litter.
pub(super) fn is_litter(name: &str) -> bool {
    // AppleDouble: the resources of the file that the rest names.
    name.starts_with("._") || NAMES.iter().any(|litter| name.eq_ignore_ascii_case(litter))
}
