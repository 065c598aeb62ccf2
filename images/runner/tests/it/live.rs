//! A program whose input comes while it runs, from somebody who reads what it writes.

use gavel_runner::{CHUNK, Command, Ending, Event, ExecSpec, Limit, Stdin};

use crate::sandbox::{Sandbox, perl, shell};

/// What came of a job's input and output so far.
#[derive(Default)]
struct Talk {
    said: String,
    taken: u64,
}

impl Talk {
    /// Listens until the program has said all of this.
    fn until(&mut self, sandbox: &mut Sandbox, nonce: u64, said: &str) {
        while self.said != said {
            match sandbox.event() {
                (of, Event::Stdout(bytes)) if of == nonce => {
                    self.said.push_str(std::str::from_utf8(&bytes).unwrap());
                }
                (of, Event::Taken { total }) if of == nonce => {
                    assert!(total > self.taken, "it only grows");
                    self.taken = total;
                }
                other => panic!("{other:?} while {said:?} was waited for, after {:?}", self.said),
            }
        }
    }
}

fn live(spec: ExecSpec) -> ExecSpec {
    ExecSpec { stdin: Stdin::Live, ..spec }
}

#[test]
fn three_questions_are_answered_one_after_the_other() {
    let mut sandbox = Sandbox::start();
    let asks = "$| = 1; for (1..3) { print qq($_?); $a = <STDIN>; chomp $a; print qq($a.) } exit 7";
    let nonce = sandbox.begin(live(perl(asks)));
    let (mut talk, mut said) = (Talk::default(), String::new());
    for number in 1..=3 {
        said.push_str(&format!("{number}?"));
        // It waits: nothing more comes before it is answered.
        talk.until(&mut sandbox, nonce, &said);
        sandbox.send(nonce, &Command::Stdin(b"yes\n".to_vec()));
        said.push_str("yes.");
    }
    let end = sandbox.finish(nonce);
    talk.said.push_str(&String::from_utf8(end.stdout).unwrap());
    assert_eq!((talk.said, end.outcome.ending), (said, Ending::Code(7)));
    sandbox.reset();
}

#[test]
fn a_signal_and_a_kill_arrive_though_the_program_reads_nothing() {
    let mut sandbox = Sandbox::start();
    let waits = "trap 'echo got' TERM; echo ready; while :; do sleep 60 & wait; done";
    let nonce = sandbox.begin(live(shell(waits)));
    let mut talk = Talk::default();
    talk.until(&mut sandbox, nonce, "ready\n");
    // As much as the pipe takes, or nearly, and then as much as may be under way.
    let most = vec![b'x'; CHUNK - 1];
    sandbox.send(nonce, &Command::Stdin(most.clone()));
    let taken = sandbox.event();
    assert_eq!(taken, (nonce, Event::Taken { total: most.len() as u64 }));
    talk.taken = most.len() as u64;
    sandbox.send(nonce, &Command::Stdin(most));
    sandbox.send(nonce, &Command::Signal { number: 15 });
    talk.until(&mut sandbox, nonce, "ready\ngot\n");
    sandbox.send(nonce, &Command::Kill);
    let end = loop {
        match sandbox.event() {
            (_, Event::Taken { .. }) => {}
            (of, Event::Exited(outcome)) if of == nonce => break outcome,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(end.limit, Some(Limit::Killed));
    // Whoever comes too late signals nobody.
    sandbox.send(nonce, &Command::Signal { number: 9 });
    sandbox.reset();
}

#[test]
fn a_signal_ends_a_program_that_does_not_catch_it() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(live(shell("echo ready; sleep 60; echo never")));
    Talk::default().until(&mut sandbox, nonce, "ready\n");
    sandbox.send(nonce, &Command::Signal { number: 2 });
    let end = sandbox.finish(nonce);
    assert_eq!((end.outcome.ending, end.outcome.limit), (Ending::Signal(2), None), "its children too");
    sandbox.reset();
}

#[test]
fn input_after_a_program_has_closed_its_own_counts_as_taken() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(live(perl("$| = 1; close STDIN; print 'closed'; sleep 60")));
    let mut talk = Talk::default();
    talk.until(&mut sandbox, nonce, "closed");
    for _ in 0..4 {
        sandbox.send(nonce, &Command::Stdin(vec![b'x'; CHUNK]));
    }
    while talk.taken < 4 * CHUNK as u64 {
        let (_, event) = sandbox.event();
        let Event::Taken { total } = event else { panic!("{event:?}") };
        talk.taken = total;
    }
    sandbox.send(nonce, &Command::Kill);
    assert_eq!(sandbox.finish(nonce).outcome.limit, Some(Limit::Killed));
}
