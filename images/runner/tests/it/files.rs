//! Files in, files out, and what a reset leaves: nothing but what was kept.

use gavel_runner::{Command, Ending, Event, Root};

use crate::sandbox::{Sandbox, perl, program, shell};

const SCRIPT: &[u8] = b"#!/bin/sh\necho original\n";

fn fetch(sandbox: &mut Sandbox, path: &str, max_bytes: u64) -> Result<Vec<(String, u32, Vec<u8>)>, String> {
    let nonce = sandbox.nonce();
    sandbox.send(nonce, &Command::Fetch { root: Root::Tmp, path: path.to_owned(), max_bytes, max_files: 10 });
    let mut files = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let (answered, event) = sandbox.event();
        assert_eq!(answered, nonce);
        match event {
            Event::File { path, mode, size } => {
                files.push((path, mode, Vec::new()));
                sizes.push(usize::try_from(size).unwrap());
            }
            Event::Data(bytes) => files.last_mut().unwrap().2.extend(bytes),
            Event::Failed { what } => return Err(what),
            Event::Fetched { files: count, bytes } => {
                assert!(files.iter().map(|file| file.2.len()).eq(sizes.iter().copied()));
                assert_eq!((count as usize, bytes as usize), (files.len(), sizes.iter().sum()));
                files.sort();
                return Ok(files);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_file_can_be_put_anywhere_and_executed_from_tmp_only() {
    let mut sandbox = Sandbox::start();
    sandbox.put(Root::Tmp, "bin/deep/main", 0o755, false, SCRIPT);
    sandbox.put(Root::Work, "main", 0o755, false, SCRIPT);
    assert_eq!(sandbox.run(program(&["/tmp/bin/deep/main"])).text(), "original\n");
    let refused = sandbox.run(program(&["/app/work/main"]));
    assert_eq!(refused.outcome.ending, Ending::NotStarted { errno: 13, what: "execve".to_owned() });
    assert_eq!(
        sandbox.run(shell("cat /app/work/main | tail -1; touch /x 2>&1")).text().lines().next(),
        Some("echo original")
    );
}

#[test]
fn a_large_file_arrives_whole_and_an_empty_one_too() {
    let mut sandbox = Sandbox::start();
    let bytes: Vec<u8> = (0..5_000_000u32).map(|n| (n % 251) as u8).collect();
    sandbox.put(Root::Tmp, "out/large", 0o640, true, &bytes);
    sandbox.put(Root::Tmp, "out/empty", 0o600, true, b"");
    for _ in 0..2 {
        let files = fetch(&mut sandbox, "out", u64::MAX).unwrap();
        assert_eq!(files[0], ("empty".to_owned(), 0o600, vec![]));
        assert!(files[1] == ("large".to_owned(), 0o640, bytes.clone()));
        sandbox.reset();
    }
}

#[test]
fn a_reset_brings_back_what_was_kept_whatever_happened_to_it() {
    let mut sandbox = Sandbox::start();
    sandbox.put(Root::Tmp, "main", 0o755, true, SCRIPT);
    sandbox.put(Root::Work, "lib/data", 0o444, true, b"data");
    sandbox.put(Root::Tmp, "once", 0o644, false, b"once");
    for tamper in [
        "echo '#!/bin/sh\necho evil' > /tmp/main",
        "rm /tmp/main; ln -s /bin/false /tmp/main; rm -r /app/work/lib; ln -s / /app/work/lib",
        "rm /tmp/main; mkdir -p /tmp/main/x; chmod 0 /tmp/main",
        "chmod 0 /tmp/main; mkfifo /tmp/out/f; echo x > /dev/shm/x; rm -rf /tmp/out; touch /tmp/out",
    ] {
        sandbox.run(shell(tamper));
        sandbox.reset();
        assert_eq!(sandbox.run(program(&["/tmp/main"])).text(), "original\n", "{tamper}");
        let listing = "cat /app/work/lib/data; find /tmp /app/work /dev/shm /dev/mqueue -mindepth 1 | sort";
        assert_eq!(
            sandbox.run(shell(listing)).text(),
            "data/app/work/lib\n/app/work/lib/data\n/tmp/main\n/tmp/out\n",
            "{tamper}"
        );
    }
}

#[test]
fn a_file_kept_later_replaces_the_one_before() {
    let mut sandbox = Sandbox::start();
    sandbox.put(Root::Tmp, "main", 0o755, true, b"#!/bin/sh\necho first\n");
    assert_eq!(sandbox.run(program(&["/tmp/main"])).text(), "first\n");
    sandbox.put(Root::Tmp, "main", 0o755, true, SCRIPT);
    sandbox.reset();
    assert_eq!(sandbox.run(program(&["/tmp/main"])).text(), "original\n");
}

#[test]
fn a_hostile_tree_is_wiped() {
    let mut sandbox = Sandbox::start();
    let hostile = "for $top ('/tmp', '/app/work') { chdir $top; for (1..5000) { mkdir 'd' or die \"$_ $!\"; open F, '>f'; chdir 'd' } }
        chdir '/tmp'; mkdir 'wide'; for (1..5000) { open F, '>', \"wide/$_\" } mkdir 'a'; mkdir 'a/b'; chmod 0, 'a/b', 'a', 'wide', 'd';
        mkdir '/dev/shm/s'; chmod 0, '/dev/shm/s'";
    assert_eq!(sandbox.run(perl(hostile)).text(), "");
    sandbox.reset();
    assert_eq!(sandbox.run(shell("find /tmp /app/work /dev/shm -mindepth 1")).text(), "/tmp/out\n");
}

#[test]
fn a_full_tmp_is_wiped() {
    let mut sandbox = Sandbox::start();
    sandbox.put(Root::Tmp, "main", 0o755, true, SCRIPT);
    sandbox
        .run(shell("exec 2>/dev/null; yes > /tmp/full; i=0; while echo > /app/work/$i; do i=$((i+1)); done"));
    sandbox.reset();
    assert_eq!(sandbox.run(program(&["/tmp/main"])).text(), "original\n");
}

#[test]
fn fetch_sends_regular_files_only_and_follows_nothing() {
    let mut sandbox = Sandbox::start();
    sandbox.run(shell(
        "mkdir -p /tmp/out/a/b; echo x > /tmp/out/a/b/x; echo y > /tmp/out/y; chmod 755 /tmp/out/y",
    ));
    let files = fetch(&mut sandbox, "out", 100).unwrap();
    assert_eq!(
        files,
        [("a/b/x".to_owned(), 0o644, b"x\n".to_vec()), ("y".to_owned(), 0o755, b"y\n".to_vec())]
    );
    assert_eq!(fetch(&mut sandbox, "out/a/b/x", 100).unwrap(), [("x".to_owned(), 0o644, b"x\n".to_vec())]);
    for (trick, path, want) in [
        ("ln -s /etc/passwd /tmp/out/l", "out", "\"l\" is a symbolic link"),
        ("ln -s /etc /tmp/out/l", "out", "\"l\" is a symbolic link"),
        ("ln -s /etc/passwd /tmp/l", "l", "\"l\" is a symbolic link"),
        ("rm -rf /tmp/out; ln -s /etc /tmp/out", "out", "\"out\" is a symbolic link"),
        ("ln -s /etc /tmp/l", "l/passwd", "Not a directory"),
        ("mkfifo /tmp/out/f", "out", "\"f\" is a FIFO"),
        (
            "cd /tmp/out; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do mkdir d; cd d; done",
            "out",
            "nested too deep",
        ),
        ("truncate -s 10G /tmp/out/sparse", "out", "more than 100 bytes"),
        ("for i in 1 2 3 4 5 6 7 8 9 10 11; do : > /tmp/out/$i; done", "out", "more than 10 files"),
        ("perl -e 'open F, q(>), qq(/tmp/out/\\xff)'", "out", "is not a UTF-8 name"),
        (":", "none", "No such file"),
    ] {
        sandbox.reset();
        sandbox.run(shell(trick));
        let what = fetch(&mut sandbox, path, 100).unwrap_err();
        assert!(what.contains(want), "{trick}: {what}");
    }
}

#[test]
fn put_never_writes_through_a_link() {
    let mut sandbox = Sandbox::start();
    sandbox.run(shell("echo safe > /tmp/target; ln -s /tmp/target /app/work/main; mkdir /tmp/dir; ln -s /tmp/dir /app/work/d"));
    sandbox.put(Root::Work, "main", 0o644, false, b"new");
    assert_eq!(sandbox.run(shell("cat /tmp/target")).text(), "safe\n");
    let nonce = sandbox.nonce() + 1;
    sandbox.put(Root::Work, "d/file", 0o644, false, b"new");
    let (answered, event) = sandbox.event();
    assert!(answered == nonce && matches!(event, Event::Failed { .. }), "{event:?}");
    assert_eq!(sandbox.run(shell("ls /tmp/dir; cat /app/work/main")).text(), "new");
}

#[test]
fn a_file_that_does_not_fit_fails_once() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.nonce() + 1;
    sandbox.put(Root::Work, "big", 0o644, false, &vec![0; 40 << 20]);
    let (answered, event) = sandbox.event();
    assert!(
        answered == nonce && matches!(&event, Event::Failed { what } if what.contains("No space")),
        "{event:?}"
    );
    sandbox.reset();
    assert_eq!(sandbox.run(shell("ls /app/work")).text(), "");
}
