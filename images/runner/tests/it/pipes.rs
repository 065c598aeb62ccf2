//! Two sandboxes joined by FIFOs on a small volume.

use gavel_runner::{Command, Ending, Event, ExecSpec, Stdin, Stdout};

use crate::sandbox::{Sandbox, docker, perl, shell};

/// A tmpfs volume, removed in the end.
struct Volume(String);

impl Volume {
    fn new(name: &str) -> Self {
        let name = format!("gavel-runner-test-{}-{name}", std::process::id());
        let options = "o=size=64k,mode=1777,nosuid,nodev,noexec";
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

    fn sandbox(&self, uid: &str) -> Sandbox {
        Sandbox::start_with(&["--volume", &format!("{}:/app/pipes", self.0), "--user", uid])
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        drop(std::process::Command::new("docker").args(["volume", "rm", "--force", &self.0]).output());
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

fn join(first: &mut Sandbox, second: &mut Sandbox) {
    assert_eq!(first.ask(&open(true, "to-first", "to-second")), Event::PipesReady);
    assert_eq!(second.ask(&open(false, "to-second", "to-first")), Event::PipesReady);
    assert_eq!(first.ask(&Command::PipesSeal), Event::PipesReady);
    assert_eq!(second.ask(&Command::PipesSeal), Event::PipesReady);
}

#[test]
fn a_pair_talks_and_each_sees_the_other_end() {
    let volume = Volume::new("pair");
    // Uids differ: a contestant's program and an interactor have nothing in common.
    let (mut judge, mut program) = (volume.sandbox("61235:61235"), volume.sandbox("61234:61234"));
    for _ in 0..2 {
        join(&mut judge, &mut program);
        let names = judge.run(shell("ls /app/pipes")).text();
        assert_eq!(names, "", "the names are gone");
        join(&mut judge, &mut program);
        let ask = "$| = 1; for (1..1000) { print qq($_\\n); $a = <STDIN>; $a == 2 * $_ or die } close STDOUT; print STDERR defined(<STDIN>) ? 'more' : 'end'";
        let judged = judge.begin(joined(perl(ask)));
        let played = program
            .begin(joined(perl("$| = 1; while (<STDIN>) { print 2 * $_, qq(\\n) } print STDERR 'end'")));
        let (judged, played) = (judge.finish(judged), program.finish(played));
        for run in [judged, played] {
            assert_eq!((run.outcome.ending, run.stderr.as_slice()), (Ending::Code(0), &b"end"[..]));
        }
        judge.reset();
        program.reset();
    }
}

#[test]
fn a_peer_that_exits_early_is_noticed() {
    let volume = Volume::new("early");
    let (mut judge, mut program) = (volume.sandbox("61235:61235"), volume.sandbox("61234:61234"));
    join(&mut judge, &mut program);
    let played = program.begin(joined(shell("exit 7")));
    assert_eq!(program.finish(played).outcome.ending, Ending::Code(7));
    let judged = judge.begin(joined(perl("$| = 1; print 'x' while 1")));
    assert_eq!(judge.finish(judged).outcome.ending, Ending::Signal(13), "SIGPIPE");
}

#[test]
fn what_is_not_a_fifo_is_refused() {
    let volume = Volume::new("trick");
    let mut sandbox = volume.sandbox("61234:61234");
    for trick in ["ln -s /dev/null a; mkfifo b", "echo > a; mkfifo b", "mkfifo a; mkdir b"] {
        sandbox.run(shell(&format!("cd /app/pipes; rm -rf a b; {trick}")));
        let answer = sandbox.ask(&open(false, "a", "b"));
        assert!(matches!(answer, Event::Failed { .. }), "{trick}: {answer:?}");
    }
}
