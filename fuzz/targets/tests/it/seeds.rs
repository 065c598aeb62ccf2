//! Inputs that are as they should be, to begin with.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use gavel_runner::{
    Cgroup, Command, Ending, Event, Root, encode_command, encode_data, encode_event, encode_stdin,
};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Every file below a folder whose name ends like this.
fn files(folder: &Path, ends: &[&str], found: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ends, found);
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            found.push(fs::read(path).unwrap());
        }
    }
}

/// Frames of several kinds, both ways, and some after each other.
pub fn frames() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let commands = [
        Command::StdinEof,
        Command::Kill,
        Command::PeerWaited { total_us: 7 },
        Command::PeerEnded { settle_us: 1, last_words_us: 2 },
        Command::Fetch { root: Root::Tmp, path: "out/main".to_owned(), max_files: 9, max_bytes: 1 << 20 },
    ];
    let mut all = Vec::new();
    for (nonce, command) in (1..).zip(&commands) {
        let mut frame = Vec::new();
        encode_command(nonce, command, &mut frame).unwrap();
        all.extend_from_slice(&frame);
        found.push(frame);
    }
    let mut data = Vec::new();
    encode_data(9, b"bytes of a file", &mut data).unwrap();
    encode_stdin(9, b"1 2\n", &mut data).unwrap();
    all.extend_from_slice(&data);
    found.extend([data, all]);
    let events = [
        Event::Ready { protocol: gavel_runner::PROTOCOL, cgroup: Cgroup::V1 },
        Event::Stdout(b"3\n".to_vec()),
        Event::Stderr(b"warning".to_vec()),
        Event::Exited(gavel_testkit::outcome(Ending::Code(0))),
        Event::Exited(gavel_testkit::outcome(Ending::NotStarted { errno: 2, what: "execve".to_owned() })),
        Event::File { path: "a/b".to_owned(), mode: 0o755, size: 9 },
        Event::Fetched { files: 1, bytes: 9 },
        Event::Failed { what: "no".to_owned() },
        Event::ResetDone,
    ];
    let mut all = Vec::new();
    for (nonce, event) in (1..).zip(&events) {
        let mut frame = Vec::new();
        encode_event(nonce, event, &mut frame).unwrap();
        all.extend_from_slice(&frame);
        found.push(frame);
    }
    found.push(all);
    found
}

/// The messages that were recorded of each version.
pub fn messages(root: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    files(&root.join("common/wire/tests/fixtures"), &[".json"], &mut found);
    found
}

/// Archives of several shapes.
pub fn archives() -> Vec<Vec<u8>> {
    let shapes: [&[&str]; 6] = [
        &["problem.yaml", "data/secret/1.in"],
        &["sum/problem.yaml", "sum/data/secret/1.in", "sum/.DS_Store", "__MACOSX/x"],
        &["a/", "a/b/", "a/b/c"],
        &["a\\b.txt", "A\\B.txt"],
        &["../outside", "/absolute", "a/../../b"],
        &["large"],
    ];
    let mut found = Vec::new();
    for names in shapes {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let options = SimpleFileOptions::default().compression_method(method).unix_permissions(0o755);
            for name in names {
                zip.start_file(*name, options).unwrap();
                zip.write_all(&vec![b'x'; if *name == "large" { 40_000 } else { 40 }]).unwrap();
            }
            found.push(zip.finish().unwrap().into_inner());
        }
    }
    found
}

/// Every file of the packages that is in a language of its own: Polygon's and DMOJ's at their place, another at two of the
/// places that it may be put.
pub fn packages(root: &Path) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    files(&root.join("tests/problems"), &[".yaml", ".ini"], &mut texts);
    texts.push(b"// @EXPECTED_RESULTS@: WRONG-ANSWER, CORRECT\nint main(){}\n".to_vec());
    let places: Vec<u8> = (0..7).chain(0x80..0x87).collect();
    let two = |number: usize| [places[number % 14], places[(5 * number + 3) % 14]];
    let at_two = |(number, text): (usize, &Vec<u8>)| two(number).map(|place| [&[place][..], text].concat());
    let mut found: Vec<Vec<u8>> = texts.iter().enumerate().flat_map(at_two).collect();
    for (end, place) in [(".xml", 7), (".yml", 8)] {
        let mut texts = Vec::new();
        files(&root.join("tests/problems"), &[end], &mut texts);
        found.extend(texts.iter().map(|text| [&[place][..], text].concat()));
    }
    found
}
