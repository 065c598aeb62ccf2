//! Standard input as a file: what a program may do with it, and what it may not.

use gavel_runner::{Command, Ending, Event, ExecSpec, Limit, STDIN_FILE_MAX, Stdin, encode_stdin};

use crate::sandbox::{MIB, Run, Sandbox, docker, perl, program, shell};

fn with_file(spec: ExecSpec, size: u64) -> ExecSpec {
    ExecSpec { stdin: Stdin::File { size }, ..spec }
}

/// Runs a program on an input of its own.
fn run(sandbox: &mut Sandbox, spec: ExecSpec, input: &[u8]) -> Run {
    let nonce = sandbox.begin(with_file(spec, input.len() as u64));
    sandbox.feed(nonce, input);
    sandbox.finish(nonce)
}

#[test]
fn it_is_a_regular_file_of_its_size_at_its_beginning() {
    let mut sandbox = Sandbox::start();
    let ask = "print -f STDIN ? 'file' : 'no file', ' ', -s STDIN, ' ', sysseek(STDIN, 0, 1) + 0, ' ', -t STDIN ? 1 : 0";
    assert_eq!(run(&mut sandbox, perl(ask), b"12345").text(), "file 5 0 0");
    assert_eq!(run(&mut sandbox, perl(ask), b"").text(), "file 0 0 0", "empty input too");
    let outcome = run(&mut sandbox, shell(":"), b"12345").outcome;
    assert_eq!(outcome.stdin_file_bytes, 5);
    assert_eq!(sandbox.run(shell(":")).outcome.stdin_file_bytes, 0);
}

#[test]
fn one_read_brings_it_all_and_it_can_be_read_twice_and_mapped() {
    let mut sandbox = Sandbox::start();
    let input: Vec<u8> = (0..10_000_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mmap = if cfg!(target_arch = "x86_64") { 9 } else { 222 };
    let script = format!(
        "print sysread(STDIN, $a, 1 << 25), ' '; sysseek STDIN, 0, 0; print sysread(STDIN, $b, 1 << 25), ' ';
         print $a eq $b ? 'same ' : 'other '; print sysseek(STDIN, 0, 2), ' ';
         print syscall({mmap}, 0, -s STDIN, 1, 1, 0, 0) == -1 ? $! : 'shared', ' ';
         print syscall({mmap}, 0, -s STDIN, 3, 2, 0, 0) == -1 ? $! : 'private'"
    );
    let told = run(&mut sandbox, perl(&script), &input).text();
    assert_eq!(told, "10000000 10000000 same 10000000 shared private");
    assert!(run(&mut sandbox, program(&["/bin/cat"]), &input).stdout == input);
    for name in ["/dev/stdin", "/proc/self/fd/0"] {
        assert!(run(&mut sandbox, program(&["/bin/cat", name]), &input).stdout == input, "{name}");
    }
}

#[test]
fn it_cannot_be_changed() {
    let mut sandbox = Sandbox::start();
    let pwrite = if cfg!(target_arch = "x86_64") { 18 } else { 68 };
    let script = format!(
        "chmod 0777, '/proc/self/fd/0'; $b = 'evil'; @r = (syswrite(STDIN, $b), truncate(STDIN, 0));
         open F, '>>', '/proc/self/fd/0' and push @r, syscall({pwrite}, fileno(F), $b, 4, 0) == -1 ? undef : 1,
           truncate(F, 0), truncate(F, 100), syswrite(F, $b);
         open F, '>', '/dev/stdin'; print grep(defined && $_, @r) ? 'changed ' : ''; print <STDIN>"
    );
    let told = run(&mut sandbox, perl(&script), b"the input");
    assert_eq!(String::from_utf8_lossy(&told.stdout), "the input", "{told:?}");
}

#[test]
fn each_job_has_its_own_and_nothing_of_another_ones() {
    let mut sandbox = Sandbox::start();
    assert_eq!(
        run(&mut sandbox, shell("cat; ln -s /proc/self/fd/0 /tmp/l; sleep 60 & exit"), b"secret").text(),
        "secret"
    );
    let look =
        "cat; cat /tmp/l 2>/dev/null; ls -l /proc/self/fd | grep -c memfd; ls /proc | grep -c '^[0-9]'";
    let told = run(&mut sandbox, shell(look), b"mine ").text();
    assert!(told.starts_with("mine ") && !told.contains("secret"), "{told}");
    // No program may read it, so somebody else does.
    let held = |sandbox: &Sandbox| {
        let files =
            "cat /sys/fs/cgroup/memory/memory.usage_in_bytes /sys/fs/cgroup/memory.current 2>/dev/null; :";
        docker(&["exec", &sandbox.name, "sh", "-c", files]).trim().parse::<u64>().unwrap()
    };
    let before = held(&sandbox);
    for _ in 0..10 {
        run(&mut sandbox, shell("read line; sleep 60 & exit"), &vec![b'\n'; 20_000_000]);
    }
    let after = held(&sandbox);
    assert!(after < before + 20 * MIB, "{before} bytes before ten inputs of 20 MB, {after} after");
}

#[test]
fn more_than_is_held_in_memory_comes_through_a_pipe() {
    let mut sandbox = Sandbox::start_with(&["--memory", "1g", "--memory-swap", "1g"]);
    let ask = "print -p STDIN ? 'pipe ' : -f STDIN ? 'file ' : 'other '; $n += $k while $k = sysread STDIN, $b, 1 << 20; print $n";
    let most = STDIN_FILE_MAX as usize;
    assert_eq!(run(&mut sandbox, perl(ask), &vec![b'x'; most]).text(), format!("file {most}"));
    let more = run(&mut sandbox, perl(ask), &vec![b'x'; most + 1]);
    assert_eq!((more.text(), more.outcome.stdin_file_bytes), (format!("pipe {}", most + 1), 0));
}

#[test]
fn an_input_that_would_take_the_programs_memory_comes_through_a_pipe() {
    // The container has 320 MiB.
    let mut sandbox = Sandbox::start();
    let ask = |memory_limit| ExecSpec {
        memory_limit,
        ..perl("print -p STDIN ? 'pipe' : -f STDIN ? 'file' : 'other'")
    };
    let input = vec![b'x'; 40_000_000];
    assert_eq!(run(&mut sandbox, ask(200 * MIB), &input).text(), "file");
    assert_eq!(run(&mut sandbox, ask(300 * MIB), &input).text(), "pipe");
    assert_eq!(run(&mut sandbox, ask(300 * MIB), b"small").text(), "file");
    let mut small = Sandbox::start_with(&["--ulimit", "fsize=1000000:1000000"]);
    assert_eq!(
        run(&mut small, ask(200 * MIB), &vec![b'x'; 2_000_000]).text(),
        "pipe",
        "no file may be so long"
    );
}

#[test]
fn another_length_than_announced_is_a_failure_and_no_run() {
    let mut sandbox = Sandbox::start();
    for (announced, sent, what) in [
        (9, &b"12345"[..], "4 bytes of standard input are missing"),
        (3, &b"12345"[..], "more standard input than announced"),
    ] {
        let nonce = sandbox.begin(with_file(shell("cat"), announced));
        sandbox.feed(nonce, sent);
        assert_eq!(sandbox.event(), (nonce, Event::Failed { what: what.to_owned() }));
    }
    assert_eq!(run(&mut sandbox, shell("cat"), b"next").text(), "next", "the sandbox lives on");
}

#[test]
fn a_job_can_be_ended_while_its_input_comes() {
    let mut sandbox = Sandbox::start();
    let begin = |sandbox: &mut Sandbox| {
        let nonce = sandbox.begin(with_file(shell("echo never"), 10));
        let mut frames = Vec::new();
        encode_stdin(nonce, b"12345", &mut frames).unwrap();
        sandbox.send_bytes(&frames);
        nonce
    };
    let assert_never_began = |run: &Run| {
        assert_eq!((run.outcome.limit, run.stdout.len()), (Some(Limit::Killed), 0));
        assert!(matches!(run.outcome.ending, Ending::NotStarted { .. }), "{:?}", run.outcome);
    };
    let nonce = begin(&mut sandbox);
    sandbox.send(nonce, &Command::Kill);
    assert_never_began(&sandbox.finish(nonce));
    sandbox.feed(nonce, b"67890");
    let nonce = begin(&mut sandbox);
    let what = "a job is running".to_owned();
    assert_eq!(sandbox.ask(&Command::Exec(shell("exit 0"))), Event::Failed { what });
    let reset = sandbox.nonce();
    sandbox.send(reset, &Command::Reset);
    assert_never_began(&sandbox.finish(nonce));
    assert_eq!(sandbox.event(), (reset, Event::ResetDone));
    assert_eq!(run(&mut sandbox, shell("cat"), b"next").text(), "next");
    begin(&mut sandbox);
    sandbox.hang_up();
    sandbox.gone();
}
