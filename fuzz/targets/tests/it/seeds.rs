//! Inputs that are as they should be, to begin with.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use gavel_fuzz::checker::BORDER;
use gavel_fuzz::http::{DOORS, WITH_QUERY};
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

/// Every comparison with every third of the options, at texts that are right, nearly right and wrong.
pub fn checkers() -> Vec<Vec<u8>> {
    let texts = [
        ("1 2\n3\n", "1 2\n3\n"),
        ("1.5 2.25\n", "1.501  2.250e0\n"),
        ("Yes\nNo\n", "yes\nNO"),
        ("0x1.8p3 0X10\n", "12 16\n"),
        ("a b\nc\n", "c\nb a\n"),
        ("\n", ""),
        ("1e999 inf nan -0\n", "1e998 inf nan 0\n"),
        ("x\r\ny\u{b}z\u{c}", "x\ny z"),
    ];
    let mut found = Vec::new();
    for (flags, kind) in (0..0x80_u8).step_by(3).zip((0..14).cycle()) {
        for (answer, output) in texts {
            found.push([&[kind, flags, 2], answer.as_bytes(), &[BORDER], output.as_bytes()].concat());
        }
    }
    found
}

/// A good body or two for each door.
pub fn bodies() -> Vec<Vec<u8>> {
    const SUBMISSION: &str = r#"{"language":"c","files":[{"name":"main.c","content":"int main(){}"},{"name":"a/b.h","content":"eA==","encoding":"base64"}],"args":["a"],"compiler_options":["-O2"],"lane":"contest","limits":{"cpu_ms":1000,"wall_ms":2500,"address_space_mb":64,"memory_mb":64,"output_kb":64,"processes":16},"stdout":true,"work":{"kind":"tests","tests":[{"name":"1","input":"1 2","answer":"3"},{"input":"","answer":""}],"all_tests":true,"checker":{"kind":"tokens","case_sensitive":true,"float_absolute_tolerance":0.001}}}"#;
    const RUN: &str = r#"{"language":"python","source":"print(input())","work":{"kind":"run","stdin":"7","expected_output":"7","checker":{"kind":"lines"}}}"#;
    const REJUDGE: &str = r#"{"submissions":["01890000-0000-7000-8000-000000000000"],"problem":"sum","language":"c","verdicts":["WA","TLE"],"reason":"new tests"}"#;
    const JUDGE0: &str = r#"{"source_code":"int main(){}","language_id":50,"stdin":"7","expected_output":"7","cpu_time_limit":1.5,"memory_limit":64000,"command_line_arguments":"a 'b c'","number_of_runs":2,"compiler_options":"-O2","redirect_stderr_to_stdout":true,"additional_files":"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}"#;
    const PISTON: &str = r#"{"language":"python","version":"3.x","files":[{"name":"a.py","content":"print(1)"},{"content":"eA==","encoding":"base64"}],"stdin":"7","args":["a"],"run_timeout":1000,"compile_timeout":5000,"run_memory_limit":64000000}"#;
    const JOBE: &str = r#"{"run_spec":{"language_id":"python3","sourcecode":"print(1)","sourcefilename":"a.py","input":"7","file_list":[["01234567","data.txt"]],"parameters":{"cputime":2,"memorylimit":200,"numprocs":20,"runargs":["a"],"compileargs":["-g"]},"debug":1}}"#;
    let batch = format!(r#"{{"submissions":[{RUN},{SUBMISSION}],"common":{{"lane":"practice"}}}}"#);
    let lines = format!("{{\"common\":{{\"lane\":\"practice\"}}}}\n{RUN}\n\n{SUBMISSION}\n");
    let judge0_batch = format!(r#"{{"submissions":[{JUDGE0},{JUDGE0}]}}"#);
    let form = "source_code=print%281%29&language_id=71&stdin=a+b";
    let texts: [&[&str]; DOORS.len()] = [
        &[SUBMISSION, RUN, r#"{"language":"c","source":"x","work":{"kind":"problem","problem":"sum"}}"#],
        &[&batch],
        &[&lines, RUN],
        &[r#"{"selectedLanguage":"python","userCode":"print(input())","userInput":"7"}"#],
        &[REJUDGE],
        &[r#"{"reason":"new tests"}"#],
        &["{}", r#"{"only":["01890000-0000-7000-8000-000000000000"]}"#],
        &[r#"{"owner":"one","scopes":["read","submit"]}"#],
        &[r#"{"ids":["a"]}"#, r#"{"all":true}"#],
        &[r#"{"ids":["a"]}"#, r#"{"all":true}"#],
        &[],
        &[JUDGE0],
        &[form],
        &[&judge0_batch],
        &[PISTON],
        &[JOBE],
        &[r#"{"file_contents":"MSAyIDM="}"#],
    ];
    let mut found = Vec::new();
    for (door, texts) in (0_u8..).zip(texts) {
        for text in texts {
            found.push([&[door], text.as_bytes()].concat());
            let query = b"wait=true&base64_encoded=false&fields=token,status\n";
            found.push([&[door | WITH_QUERY], &query[..], text.as_bytes()].concat());
        }
        if DOORS[usize::from(door)].media == "application/zip" {
            found.extend(archives().into_iter().map(|zip| [vec![door], zip].concat()));
        }
    }
    found
}
