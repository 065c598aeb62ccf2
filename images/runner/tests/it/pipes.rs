//! Two sandboxes joined by FIFOs on a small volume: an interactor and a program.

use std::sync::atomic::{AtomicU32, Ordering};

use gavel_runner::{Command, Ending, Event, ExecSpec, Limit, Stdin, Stdout};

use crate::sandbox::{MIB, Run, Sandbox, docker, perl, shell};

/// A tmpfs volume, removed in the end.
struct Volume(String);

impl Volume {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("gavel-runner-test-pipes-{}-{number}", std::process::id());
        let options = "o=size=64k,nr_inodes=16,mode=0777,nosuid,nodev,noexec";
        docker(&[
            "volume",
            "create",
            "--opt",
            "type=tmpfs",
            "--opt",
            "device=tmpfs",
            "--opt",
            options,
            &name,
        ]);
        Self(name)
    }

    fn sandbox(&self, uid: &str, mount: &str) -> Sandbox {
        Sandbox::start_with(&["--volume", &format!("{}:/app/pipes{mount}", self.0), "--user", uid])
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        drop(std::process::Command::new("docker").args(["volume", "rm", "--force", &self.0]).output());
    }
}

/// An interactor's sandbox and a program's, as a worker makes them.
struct Pair {
    judge: Sandbox,
    program: Sandbox,
    _volume: Volume,
}

impl Pair {
    fn new() -> Self {
        let volume = Volume::new();
        // Uids differ: a contestant's program and an interactor have nothing in common.
        let (judge, program) = (volume.sandbox("61235:61235", ""), volume.sandbox("61234:61234", ":ro"));
        Self { judge, program, _volume: volume }
    }

    fn join(&mut self) {
        assert_eq!(self.judge.ask(&open(true, "to-judge", "to-program")), Event::PipesReady);
        assert_eq!(self.program.ask(&open(false, "to-program", "to-judge")), Event::PipesReady);
        assert_eq!(self.judge.ask(&Command::PipesSeal), Event::PipesReady);
    }

    /// Starts the interactor, and lets the program play to its end.
    fn play(&mut self, judge: ExecSpec, program: ExecSpec) -> (u64, Run) {
        self.join();
        let judged = self.judge.begin(joined(judge));
        (judged, self.program.run(joined(program)))
    }

    fn tell(&mut self, judged: u64, settle_us: u64) -> Run {
        self.judge.send(judged, &Command::PeerEnded { settle_us, last_words_us: 1_000_000 });
        self.judge.finish(judged)
    }
}

fn open(create: bool, read: &str, write: &str) -> Command {
    Command::PipesOpen {
        dir: "/app/pipes".to_owned(),
        create,
        read: read.to_owned(),
        write: write.to_owned(),
    }
}

fn joined(spec: ExecSpec) -> ExecSpec {
    ExecSpec { stdin: Stdin::Pipe, stdout: Stdout::Pipe, ..spec }
}

/// Longer than any of these takes to fall asleep.
const SETTLE_US: u64 = 60_000_000;

#[test]
fn a_pair_talks_and_each_sees_the_other_end() {
    let mut pair = Pair::new();
    for _ in 0..2 {
        let ask = "$| = 1; for (1..1000) { print qq($_\\n); $a = <STDIN>; $a == 2 * $_ or die } close STDOUT; print STDERR defined(<STDIN>) ? 'more' : 'end'";
        let answer = "$| = 1; while (<STDIN>) { print 2 * $_, qq(\\n) } print STDERR 'end'";
        let (judged, played) = pair.play(perl(ask), perl(answer));
        let judged = pair.tell(judged, 0);
        for run in [&judged, &played] {
            assert_eq!((&run.outcome.ending, run.stderr.as_slice()), (&Ending::Code(0), &b"end"[..]));
        }
        assert!(judged.shown);
        pair.judge.reset();
        pair.program.reset();
    }
}

#[test]
fn the_volume_shows_nothing_and_takes_nothing() {
    let mut pair = Pair::new();
    for _ in 0..2 {
        let look =
            "ls -A /app/pipes; > /app/pipes/x || mkfifo /app/pipes/y || rmdir /app/pipes || echo no >&2";
        let (judged, played) =
            pair.play(shell("exit 42"), shell(&format!("{{ {look}; }} 2>&1 | tail -1 >&2")));
        pair.judge.finish(judged);
        assert_eq!(String::from_utf8(played.stderr).unwrap(), "no\n");
        // What an interactor leaves there is gone before the next pair meets, whatever it is.
        let litter = "cd /app/pipes; mkdir -p d/e; echo > d/e/f; ln -s /etc l; mkfifo to-judge; chmod 0 d; i=0; while : > f$i; do i=$((i+1)); done";
        pair.judge.run(shell(litter));
        pair.join();
        assert_eq!(pair.judge.run(shell("ls -A /app/pipes")).text(), "", "the names are gone");
    }
}

#[test]
fn each_side_can_open_its_streams_again_and_only_in_their_direction() {
    let mut pair = Pair::new();
    let again = "open(my $i, '<', '/dev/stdin') or die; open(my $o, '>', '/dev/stdout') or die;
         open(my $x, '<', '/proc/self/fd/1') and die 'reads'; open(my $y, '>', '/proc/self/fd/0') and die 'writes'";
    let (judged, played) = pair.play(perl("<STDIN>"), perl(again));
    assert_eq!(String::from_utf8_lossy(&played.stderr), "");
    assert_eq!(played.outcome.ending, Ending::Code(0));
    pair.tell(judged, 0);
}

#[test]
fn an_interactor_is_not_shown_the_end_before_it_is_told() {
    let mut pair = Pair::new();
    let wait = "alarm 1; print STDERR defined(<STDIN>) ? 'more' : 'end'";
    let (judged, played) = pair.play(perl(wait), shell("exit 7"));
    assert_eq!(played.outcome.ending, Ending::Code(7));
    let judged = pair.judge.finish(judged);
    assert_eq!((judged.outcome.ending, judged.shown), (Ending::Signal(14), false), "by its own alarm");
}

#[test]
fn an_interactor_that_is_busy_has_its_say_before_it_is_shown_the_end() {
    let mut pair = Pair::new();
    let busy = "$n = <STDIN>; 1 while times < 0.2; exit($n == 5 ? 42 : 43)";
    let (judged, played) = pair.play(perl(busy), shell("echo 4; exit 1"));
    assert_eq!(played.outcome.ending, Ending::Code(1));
    let judged = pair.tell(judged, SETTLE_US);
    assert_eq!((judged.outcome.ending, judged.shown), (Ending::Code(43), false));

    let waits = "<STDIN>; <STDIN>; exit 43";
    let (judged, _) = pair.play(perl(waits), shell("echo 4; exit 1"));
    let judged = pair.tell(judged, SETTLE_US);
    assert_eq!((judged.outcome.ending, judged.shown), (Ending::Code(43), true));
}

#[test]
fn an_interactor_that_never_sleeps_is_shown_the_end_in_time() {
    let mut pair = Pair::new();
    let polls = "use Fcntl; fcntl(STDIN, F_SETFL, O_NONBLOCK); 1 until defined($n = sysread(STDIN, $x, 1)) && !$n; exit 43";
    let (judged, _) = pair.play(perl(polls), shell("exit 1"));
    let judged = pair.tell(judged, 100_000);
    assert_eq!((judged.outcome.ending, judged.shown), (Ending::Code(43), true));
}

#[test]
fn an_interactor_that_does_not_end_is_stopped() {
    let mut pair = Pair::new();
    for goes_on in ["1 while <STDIN>; sleep 1000", "1 while 1", "$| = 1; print 'x' while 1"] {
        let (judged, _) = pair.play(perl(goes_on), shell("exit 0"));
        let judged = pair.tell(judged, 0);
        assert_eq!((judged.outcome.limit, judged.shown), (Some(Limit::Killed), true), "{goes_on}");
    }
}

#[test]
fn writing_to_a_peer_that_has_ended_neither_fails_nor_waits() {
    let mut pair = Pair::new();
    // Three times what the pipe holds, and a word when its input has ended.
    let flood = "print 'x' x 1000 for 1..3000; close STDOUT or die; <STDIN>; exit 42";
    for settle_us in [0, SETTLE_US] {
        let (judged, played) = pair.play(perl(flood), shell("exec <&-; exit 0"));
        assert_eq!(played.outcome.ending, Ending::Code(0));
        let judged = pair.tell(judged, settle_us);
        assert_eq!((judged.outcome.ending, judged.shown), (Ending::Code(42), true));
    }
}

#[test]
fn writing_to_an_interactor_that_has_ended_neither_fails_nor_waits() {
    let mut pair = Pair::new();
    pair.join();
    let judged = pair.judge.begin(joined(shell("exec <&-; exit 42")));
    assert_eq!(pair.judge.finish(judged).outcome.ending, Ending::Code(42));
    let played = pair.program.run(joined(perl("print 'x' x 1000 for 1..3000; close STDOUT or die")));
    assert_eq!(played.outcome.ending, Ending::Code(0), "{}", String::from_utf8_lossy(&played.stderr));
}

#[test]
fn a_pipe_holds_a_mebibyte() {
    let mut pair = Pair::new();
    let fill = "syswrite(STDOUT, 'x' x 1024) for 1..1024; exit 42";
    pair.join();
    let (judged, played) = (pair.judge.begin(joined(perl(fill))), pair.program.begin(joined(perl(fill))));
    assert_eq!(pair.judge.finish(judged).outcome.ending, Ending::Code(42));
    assert_eq!(pair.program.finish(played).outcome.ending, Ending::Code(42));
}

#[test]
fn what_is_not_a_fifo_is_refused() {
    let mut pair = Pair::new();
    for trick in ["ln -s /dev/null a; mkfifo b", "echo > a; mkfifo b", "mkfifo a; mkdir b"] {
        pair.judge.run(shell(&format!("cd /app/pipes; rm -rf a b; {trick}")));
        let answer = pair.program.ask(&open(false, "a", "b"));
        assert!(matches!(answer, Event::Failed { .. }), "{trick}: {answer:?}");
    }
}

#[test]
fn what_is_read_is_counted_by_whomever_and_however_it_ends() {
    let mut sandbox = Sandbox::start();
    let nothing = sandbox.run(shell(":")).outcome.read_bytes.expect("the kernel keeps accounts");
    assert!(nothing < MIB, "{nothing} bytes by doing nothing");
    let read = "dd if=/dev/zero of=/dev/null bs=1M count=5 2> /dev/null";
    for script in [read, &format!("{read} & wait"), &format!("{read}; kill -9 $$")] {
        let counted = sandbox.run(shell(script)).outcome.read_bytes.unwrap();
        assert!((5 * MIB..6 * MIB).contains(&counted), "{script}: {counted} bytes");
    }
}
