//! `init.yml` as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::diagnostic::Report;
use super::super::fields::Fields;
use super::super::files::{Folder, Item, read_text};
use super::super::limits::Limits;
use super::super::load::LoadOptions;
use super::super::manifest::{FormatVersion, Manifest, ProblemKind};
use super::super::metadata::Metadata;
use super::super::{submissions, yaml};
use super::cases::{Cases, cases};
use super::checkers::{Judges, judges};
use super::inner::{FOLDER, archive_of};
use super::{FILE, refused};
use crate::file_io::FileIo;

/// What DMOJ's judge lets a program print, in bytes (`output_limit_length`).
const OUTPUT_BYTES: u64 = 25_165_824;
const MIB: u64 = 1 << 20;
/// Where nothing is stated.
const TIME_LIMIT_S: f64 = 2.0;
const MEMORY_MIB: u64 = 256;

/// Reads the problem of these files; what is wrong is reported.
pub(in super::super) fn read(
    root: &Path,
    files: &Folder,
    options: &LoadOptions,
    report: &mut Report,
) -> Option<Manifest> {
    let text = read_text(root, FILE, report)?;
    let document = yaml::read(FILE, &text, report);
    if document.is_none() && !report.has_errors() {
        report.error(FILE, None, "is empty");
    }
    let document = document?;
    let mut fields = Fields::of(FILE, "", Some(&document), report);
    note_archive(root, files, &mut fields, report);
    let limits = limits(&mut fields, report);
    refused::at_top(&mut fields, report);
    let stated = cases(files, &mut fields, report);
    let interactive = fields.line_of("interactive").zip(fields.take("interactive"));
    fields.finish(report);
    let Cases { tests, grading } = stated?;
    let judges = judges(root, files, interactive, tests, limits, options, report)?;
    let Judges { validation, tests, interactive, limits } = judges;
    let kind = ProblemKind { scoring: grading.scoring, interactive, multi_pass: false };
    let submissions = match files.folder("submissions") {
        Some(_) => {
            let metadata = Metadata { kind, ..Metadata::of(FormatVersion::Dmoj) };
            submissions::read(root, files, &metadata, &options.languages, report)
        }
        // DMOJ has no place for them.
        None => Vec::new(),
    };
    Some(Manifest {
        format: FormatVersion::Dmoj,
        short_name: options.name(root, None),
        name: None,
        uuid: None,
        kind,
        limits,
        file_io: FileIo::default(),
        validation,
        input_validators: Vec::new(),
        tests,
        grading,
        include: BTreeMap::new(),
        languages: None,
        constants: BTreeMap::new(),
        submissions,
    })
}

/// The archive must be there, and unpacked before the problem is read.
fn note_archive(root: &Path, files: &Folder, fields: &mut Fields<'_>, report: &mut Report) {
    let line = fields.line_of("archive");
    let Some(name) = fields.text("archive", report) else { return };
    if !matches!(files.find(name), Some(Item::File { .. })) {
        report.error(FILE, line, format!("archive: {name} is not in the problem's folder"));
    } else if archive_of(root).is_some() && files.folder(FOLDER).is_none() {
        report.error(FILE, line, format!("archive: {name} has not been unpacked, or holds nothing"));
    }
}

fn limits(fields: &mut Fields<'_>, report: &mut Report) -> Limits {
    let above = |n: f64| n > 0.0;
    let time = fields.number("time_limit", "a number of seconds above 0", above, report);
    let memory = fields.whole("memory_limit", 1, report);
    let output = fields.whole("output_limit_length", 1, report).unwrap_or(OUTPUT_BYTES);
    if time.is_none() || memory.is_none() {
        let message = format!(
            "DMOJ's site has the limits, not this file: state time_limit in seconds and memory_limit in KiB here, or \
             {TIME_LIMIT_S} s and {MEMORY_MIB} MiB hold"
        );
        report.warning(FILE, None, message);
    }
    Limits {
        time_limit: time.or(Some(TIME_LIMIT_S)),
        memory: Some(memory.map_or(MEMORY_MIB, |kib| kib.div_ceil(1024))),
        output: Some(output.div_ceil(MIB)),
        ..Limits::modern()
    }
}
