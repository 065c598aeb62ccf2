//! `input_file` and `output_file`: keys of Gavel's own, for which the format has no twin. They stand in `problem.yaml`,
//! or in `domjudge-problem.ini`, where other tools do not mind them.

use super::diagnostic::Report;
use super::fields::Fields;
use super::manifest::TestCase;
use super::metadata::{FILE, Metadata};
use crate::file_io::{FileIo, IoFile};

pub(super) const INPUT: &str = "input_file";
pub(super) const OUTPUT: &str = "output_file";

/// What `problem.yaml` says.
pub(super) fn read(fields: &mut Fields<'_>, report: &mut Report) -> FileIo {
    let mut file = |key| {
        let line = fields.line_of(key);
        fields.text(key, report).and_then(|name| named(key, name, FILE, line, report))
    };
    FileIo { input_file: file(INPUT), output_file: file(OUTPUT), ..FileIo::default() }
}

/// The file of this name, if one can be called so.
pub(super) fn named(
    key: &str,
    name: &str,
    file: &str,
    line: Option<u32>,
    report: &mut Report,
) -> Option<IoFile> {
    let read = IoFile::try_from(name.to_owned());
    read.map_err(|error| report.error(file, line, format!("{key}: {error}"))).ok()
}

/// Reports what does not go with such files.
pub(super) fn check(metadata: &Metadata, tests: &[TestCase], report: &mut Report) {
    let io = &metadata.file_io;
    if io.is_used() && metadata.kind.interactive {
        let message = "input_file and output_file do not go with an interactive problem, where programs talk";
        report.error(FILE, None, message);
    }
    if let Some(name) = io.shared() {
        report.error(FILE, None, format!("input_file and output_file are both {:?}", name.as_str()));
    }
    let brings = |name: &IoFile, test: &TestCase| test.files.iter().any(|file| file.name == name.as_str());
    for (key, name) in [(INPUT, &io.input_file), (OUTPUT, &io.output_file)] {
        let Some(name) = name else { continue };
        if let Some(test) = tests.iter().find(|test| brings(name, test)) {
            let folder = format!("data/{}.files", test.name);
            report.error(&folder, None, format!("it brings a file {:?}, which {key} is", name.as_str()));
        }
    }
}
