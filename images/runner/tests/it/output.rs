//! What a program writes arrives: whatever it did to its descriptors, and however it ended.

use gavel_runner::{Command, Ending, ExecSpec, Limit, Root};

use crate::sandbox::{MIB, Run, Sandbox, perl, program, shell};

/// Makes both outputs non-blocking in each way there is, writes once, does not look at the count, and ends at once.
fn careless(bytes: usize, how: &str, end: &str) -> ExecSpec {
    let ioctl = if cfg!(target_arch = "x86_64") { 16 } else { 29 };
    perl(&format!(
        "use Fcntl; $on = pack 'i', 1;
         for $h (*STDOUT, *STDERR) {{ if ('{how}' eq 'ioctl') {{ syscall({ioctl}, fileno $h, 0x5421, $on) == 0 or die $! }}
           else {{ fcntl($h, F_SETFL, O_NONBLOCK) or die $! }} }}
         $x = 'x' x {bytes}; syswrite STDOUT, $x; syswrite STDERR, $x; {end}"
    ))
}

fn assert_complete(run: &Run, bytes: usize) {
    assert_eq!((run.stdout.len(), run.stderr.len()), (bytes, bytes), "{:?}", run.outcome);
    assert_eq!((run.outcome.stdout_bytes, run.outcome.stderr_bytes), (bytes as u64, bytes as u64));
}

#[test]
fn one_write_to_an_output_made_non_blocking_is_complete_however_the_program_ends() {
    for how in ["ioctl", "fcntl"] {
        assert_all_arrives(how);
    }
}

fn assert_all_arrives(how: &str) {
    let mut sandbox = Sandbox::start();
    let roomy = |spec: ExecSpec| ExecSpec { stderr_forward: 64 * MIB, ..spec };
    for bytes in [200_000, 2_000_000, 20_000_000] {
        let run = sandbox.run(roomy(careless(bytes, how, "exit 0")));
        assert_eq!(run.outcome.ending, Ending::Code(0));
        assert_complete(&run, bytes);
    }
    for (end, ending) in [
        ("use POSIX (); POSIX::_exit(3)", Ending::Code(3)),
        ("use POSIX (); POSIX::abort()", Ending::Signal(6)),
        ("kill 9, $$", Ending::Signal(9)),
    ] {
        let run = sandbox.run(roomy(careless(2_000_000, how, end)));
        assert_eq!(run.outcome.ending, ending);
        assert_complete(&run, 2_000_000);
    }
}

#[test]
fn what_was_written_before_a_limit_arrives() {
    let mut sandbox = Sandbox::start();
    let write = "$x = 'x' x 2_000_000; syswrite STDOUT, $x;";
    let busy = ExecSpec { cpu_limit_us: 300_000, ..perl(&format!("{write} 1 while 1")) };
    let asleep = ExecSpec { wall_limit_us: 500_000, ..perl(&format!("{write} sleep 30")) };
    let greedy =
        ExecSpec { memory_limit: 40 * MIB, ..perl(&format!("{write} push @a, 'y' x 1e6 . $_ while 1")) };
    for (spec, limit) in [(busy, Limit::Cpu), (asleep, Limit::Wall), (greedy, Limit::Memory)] {
        let run = sandbox.run(spec);
        assert_eq!((run.outcome.limit, run.stdout.len()), (Some(limit), 2_000_000), "{:?}", run.outcome);
    }
}

#[test]
fn other_descriptors_can_be_made_non_blocking() {
    let mut sandbox = Sandbox::start();
    let script = "use Fcntl; use POSIX; pipe R, W; fcntl(W, F_SETFL, O_NONBLOCK) or die $!; $n = syswrite W, 'x' x 1e6;
        print \"$n \"; print syswrite(W, 'x') // $! == EAGAIN ? 'again' : $!";
    assert_eq!(sandbox.run(perl(script)).text(), "65536 again");
}

#[test]
fn two_processes_share_an_output_and_neither_overwrites_the_other() {
    let mut sandbox = Sandbox::start();
    let script =
        "$p = fork // die; $c = $p ? 'a' : 'b'; syswrite STDOUT, $c x 999 . qq(\\n) for 1..2000; wait";
    let run = sandbox.run(perl(script));
    let lines: Vec<_> = run.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 4000);
    assert!(lines.iter().all(|line| line.len() == 999 && line.iter().all(|byte| *byte == line[0])));
}

/// The output is the bytes that were written, in their order: nothing can be taken back, changed or moved.
#[test]
fn an_output_cannot_be_cut_moved_changed_or_mapped() {
    let mut sandbox = Sandbox::start();
    let (pwrite, mmap, fallocate) = if cfg!(target_arch = "x86_64") { (18, 9, 285) } else { (68, 222, 47) };
    let script = format!(
        "$| = 1; print 'first '; sub said {{ print $_[0] + 0 == -1 ? 'refused ' : 'done ' }}
         said(truncate(STDOUT, 0) ? 0 : -1); said(truncate(STDOUT, 2**40) ? 0 : -1);
         said(sysseek(STDOUT, 0, 0) ? 0 : -1); said(sysseek(STDOUT, 2**40, 0) ? 0 : -1);
         $b = 'evil'; said(syscall({pwrite}, 1, $b, 4, 0)); said(syscall({mmap}, 0, 4096, 3, 1, 1, 0));
         said(syscall({fallocate}, 1, 0, 0, 1 << 30)); print 'last'"
    );
    assert_eq!(sandbox.run(perl(&script)).text(), format!("first {}last", "refused ".repeat(7)));
}

#[test]
fn an_output_opened_again_by_name_is_the_same_output() {
    let mut sandbox = Sandbox::start();
    let script = "$| = 1; print 'a'; for ('/dev/stdout', '/proc/self/fd/1', '/dev/fd/1') {
        open F, '>', $_ or die qq($_: $!); syswrite F, 'b' x 100_000; close F; print 'c' }";
    let run = sandbox.run(perl(script));
    assert_eq!(run.text(), format!("a{}", ("b".repeat(100_000) + "c").repeat(3)));
}

#[test]
fn what_is_written_is_seen_at_once() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(shell("echo first; while ! test -e /tmp/go; do sleep 0.01; done; echo second"));
    assert_eq!(sandbox.event(), (nonce, gavel_runner::Event::Stdout(b"first\n".to_vec())));
    sandbox.send(nonce, &Command::Kill);
    assert_eq!(sandbox.finish(nonce).outcome.limit, Some(Limit::Killed));
}

#[test]
fn an_interactive_output_is_complete_too() {
    // The same filter is on a program whose output is a FIFO; see pipes.rs for the pair itself.
    let mut sandbox = Sandbox::start();
    sandbox.put(
        Root::Tmp,
        "write.pl",
        0o644,
        false,
        careless(1_000_000, "fcntl", "exit 0").argv[2].as_bytes(),
    );
    let spec = ExecSpec {
        stderr_forward: 64 * MIB,
        ..shell("mkfifo /tmp/f; perl /tmp/write.pl > /tmp/f & sleep 0.1; wc -c < /tmp/f; wait")
    };
    let run = sandbox.run(spec);
    assert_eq!(
        (run.stdout.as_slice(), run.stderr.len()),
        (&b"1000000\n"[..], 1_000_000),
        "{:?}",
        run.outcome
    );
    assert_eq!(sandbox.run(program(&["/bin/true"])).outcome.ending, Ending::Code(0));
}
