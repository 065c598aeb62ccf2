//! What DOMjudge adds to a package: `domjudge-problem.ini` and `.timelimit`.

use std::path::Path;

use super::diagnostic::Report;
use super::fields::parse_number;
use super::files::{Folder, read_text};
use super::io_files::{self, named};
use crate::file_io::FileIo;

const INI: &str = "domjudge-problem.ini";
const TIME_LIMIT: &str = ".timelimit";

/// Keys that DOMjudge knows and that mean nothing to judging.
const WITHOUT_EFFECT: [&str; 9] =
    ["probid", "short-name", "name", "color", "externalid", "points", "allow_submit", "allow_judge", "cid"];

/// What the two files state.
#[derive(Default)]
pub(super) struct Stated {
    /// In seconds; the `.ini` outweighs `.timelimit`, as in DOMjudge.
    pub time_limit: Option<f64>,
    pub file_io: FileIo,
}

/// Reads both files.
pub(super) fn read(root: &Path, package: &Folder, report: &mut Report) -> Stated {
    let mut stated = Stated::default();
    // A hidden file is not in the tree; a link, which could lead anywhere, is not followed.
    match std::fs::symlink_metadata(root.join(TIME_LIMIT)) {
        Ok(found) if found.is_file() => {
            let text = read_text(root, TIME_LIMIT, report);
            stated.time_limit = text.and_then(|text| seconds(text.trim(), TIME_LIMIT, 1, report));
        }
        Ok(_) => report.warning(TIME_LIMIT, None, "not used: no plain file"),
        Err(_) => {}
    }
    if package.has_file(INI)
        && let Some(text) = read_text(root, INI, report)
    {
        read_ini(&text, &mut stated, report);
    }
    stated
}

fn read_ini(text: &str, stated: &mut Stated, report: &mut Report) {
    for (line, number) in text.lines().zip(1_u32..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with([';', '#', '[']) {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            report.error(INI, Some(number), format!("expected KEY = VALUE, not {line:?}"));
            continue;
        };
        let value = value_of(value.trim());
        match key.trim() {
            "timelimit" => {
                stated.time_limit = seconds(value, INI, number, report).or(stated.time_limit);
            }
            key @ (io_files::INPUT | io_files::OUTPUT) if !value.is_empty() => {
                let name = named(key, value, INI, Some(number), report);
                let io = &mut stated.file_io;
                *(if key == io_files::INPUT { &mut io.input_file } else { &mut io.output_file }) = name;
            }
            io_files::INPUT | io_files::OUTPUT => {}
            // These name programs outside the package: judging without them would judge by other rules.
            key @ ("special_compare" | "special_run") if !value.is_empty() => {
                let message = format!("{key} names a program that is not in the package");
                report.error(INI, Some(number), message);
            }
            key @ "special_compare_args" if !value.is_empty() => {
                report.error(
                    INI,
                    Some(number),
                    format!("{key} belongs into validator_flags of problem.yaml"),
                );
            }
            "special_compare" | "special_run" | "special_compare_args" => {}
            key if WITHOUT_EFFECT.contains(&key) => {}
            key => report.warning(INI, Some(number), format!("unknown key {key} has no effect")),
        }
    }
}

/// The value without quotes and without the comment after it, as PHP's `parse_ini_string` has it.
fn value_of(text: &str) -> &str {
    let quoted = |quote| text.strip_prefix(quote).and_then(|rest| rest.split_once(quote));
    match quoted('\'').or_else(|| quoted('"')) {
        Some((inside, after)) if matches!(after.trim_start().chars().next(), None | Some(';' | '#')) => {
            inside
        }
        _ => text.split(';').next().unwrap_or_default().trim_end(),
    }
}

fn seconds(text: &str, file: &str, line: u32, report: &mut Report) -> Option<f64> {
    let seconds = parse_number(text).filter(|seconds| *seconds > 0.0);
    if seconds.is_none() {
        report.error(
            file,
            Some(line),
            format!("the time limit must be a number of seconds above 0, not {text:?}"),
        );
    }
    seconds
}
