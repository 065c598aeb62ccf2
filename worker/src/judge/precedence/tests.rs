//! Orders of events, from figures to verdict.

use std::time::Duration;

use gavel_model::Verdict::{self, Ac, Je, Mle, Ole, Rte, Tle, Wa};
use gavel_runner::{Ending, Limit, Outcome};

use super::{Judged, verdict};
use crate::check::Protocol::{self, Kattis, Testlib};
use crate::judge::decide;
use crate::run::RunLimits;

const MIB: u64 = 1024 * 1024;

const LIMITS: RunLimits = RunLimits {
    cpu: Duration::from_secs(1),
    wall: Duration::from_secs(3),
    memory_bytes: 64 * MIB,
    output_bytes: 8 * MIB,
    stack_bytes: 64 * MIB,
};

/// More than an interactor reads of a program that keeps to its limits.
const FLOOD: u64 = 24 * MIB;

/// Whether the interactor was shown the program's end before it ended itself.
const BEFORE: bool = false;
const AFTER: bool = true;

fn ended(ending: Ending) -> Outcome {
    Outcome {
        user_us: 1_000,
        system_us: 1_000,
        cgroup_cpu_us: Some(2_000),
        wall_us: 5_000,
        waited_us: None,
        max_rss_bytes: MIB,
        held_bytes: None,
        stdin_file_bytes: 0,
        oom_kills: Some(0),
        ..gavel_testkit::outcome(ending)
    }
}

/// An outcome in words, such as `exit 1`, `signal 11` or `cpu`.
fn outcome(what: &str) -> Outcome {
    let stopped = |limit| Outcome { limit: Some(limit), ..ended(Ending::Signal(9)) };
    match what.split_once(' ') {
        Some(("exit", code)) => return ended(Ending::Code(code.parse().unwrap())),
        Some(("signal", number)) => return ended(Ending::Signal(number.parse().unwrap())),
        _ => {}
    }
    match what {
        "cpu" => Outcome { user_us: 1_100_000, ..stopped(Limit::Cpu) },
        "wall" => stopped(Limit::Wall),
        "stderr" => stopped(Limit::Stderr),
        "killed" => stopped(Limit::Killed),
        "oom" => Outcome { oom_kills: Some(1), ..ended(Ending::Signal(9)) },
        "oom of a child" => Outcome { oom_kills: Some(1), ..ended(Ending::Code(0)) },
        "flooded, oom" => {
            Outcome { oom_kills: Some(1), read_bytes: Some(FLOOD + 1), ..ended(Ending::Signal(9)) }
        }
        "flooded, memory" => Outcome { read_bytes: Some(FLOOD + 1), ..stopped(Limit::Memory) },
        "flooded, cpu" => Outcome { read_bytes: Some(FLOOD + 1), ..stopped(Limit::Cpu) },
        "flooded, exit 1" => Outcome { read_bytes: Some(FLOOD + 1), ..ended(Ending::Code(1)) },
        "flooded, exit 42" => Outcome { read_bytes: Some(FLOOD + 1), ..ended(Ending::Code(42)) },
        "flooded, exit 43" => Outcome { read_bytes: Some(FLOOD + 1), ..ended(Ending::Code(43)) },
        "nearly flooded" => Outcome { read_bytes: Some(FLOOD), ..ended(Ending::Code(1)) },
        "oom, killed" => Outcome { oom_kills: Some(1), ..stopped(Limit::Killed) },
        "memory" => stopped(Limit::Memory),
        "peak" => Outcome { max_rss_bytes: 65 * MIB, ..ended(Ending::Code(0)) },
        "slow" => Outcome { user_us: 1_050_000, ..ended(Ending::Code(0)) },
        "no start" => ended(Ending::NotStarted { errno: 8, what: "execve".to_owned() }),
        other => panic!("{other}"),
    }
}

/// How the program ended, how the interactor ended, and whether that was before or after it was shown the program's
/// end.
type Row = (&'static str, &'static str, bool, Verdict);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // The interactor accepts: the program's own end decides, whenever it comes.
    ("exit 0", "exit 42", BEFORE, Ac),             ("exit 0", "exit 42", AFTER, Ac),
    ("exit 1", "exit 42", BEFORE, Rte),            ("exit 1", "exit 42", AFTER, Rte),
    ("signal 11", "exit 42", BEFORE, Rte),         ("signal 11", "exit 42", AFTER, Rte),
    ("signal 13", "exit 42", BEFORE, Rte),         ("signal 13", "exit 42", AFTER, Rte),
    ("cpu", "exit 42", BEFORE, Tle),               ("cpu", "exit 42", AFTER, Tle),
    ("slow", "exit 42", BEFORE, Tle),              ("slow", "exit 42", AFTER, Tle),
    ("wall", "exit 42", BEFORE, Tle),              ("wall", "exit 42", AFTER, Tle),
    ("oom", "exit 42", BEFORE, Mle),               ("oom", "exit 42", AFTER, Mle),
    ("oom of a child", "exit 42", BEFORE, Mle),    ("oom of a child", "exit 42", AFTER, Mle),
    ("peak", "exit 42", BEFORE, Mle),              ("peak", "exit 42", AFTER, Mle),
    ("memory", "exit 42", BEFORE, Mle),            ("memory", "exit 42", AFTER, Mle),
    ("stderr", "exit 42", BEFORE, Ole),            ("stderr", "exit 42", AFTER, Ole),
    // It rejects what was said: nothing else counts, for a program that was stopped for it least of all.
    ("exit 0", "exit 43", BEFORE, Wa),
    ("exit 1", "exit 43", BEFORE, Wa),
    ("signal 6", "exit 43", BEFORE, Wa),
    ("signal 13", "exit 43", BEFORE, Wa),
    ("killed", "exit 43", BEFORE, Wa),
    ("oom, killed", "exit 43", BEFORE, Wa),
    ("cpu", "exit 43", BEFORE, Wa),
    ("wall", "exit 43", BEFORE, Wa),
    ("oom", "exit 43", BEFORE, Wa),
    ("peak", "exit 43", BEFORE, Wa),
    ("memory", "exit 43", BEFORE, Wa),
    ("stderr", "exit 43", BEFORE, Wa),
    // It rejects after the program's end: how that came about decides.
    ("exit 0", "exit 43", AFTER, Wa),
    ("exit 1", "exit 43", AFTER, Rte),
    ("signal 11", "exit 43", AFTER, Rte),
    ("signal 13", "exit 43", AFTER, Rte),
    ("cpu", "exit 43", AFTER, Tle),
    ("slow", "exit 43", AFTER, Tle),
    ("wall", "exit 43", AFTER, Tle),
    ("oom", "exit 43", AFTER, Mle),
    ("oom of a child", "exit 43", AFTER, Mle),
    ("peak", "exit 43", AFTER, Mle),
    ("memory", "exit 43", AFTER, Mle),
    ("stderr", "exit 43", AFTER, Ole),
    // It fails: a judge error, whatever the program did.
    ("exit 0", "exit 1", BEFORE, Je),              ("exit 0", "exit 1", AFTER, Je),
    ("exit 0", "exit 0", BEFORE, Je),              ("exit 0", "exit 0", AFTER, Je),
    ("exit 0", "signal 11", BEFORE, Je),           ("exit 0", "signal 11", AFTER, Je),
    ("exit 0", "signal 13", BEFORE, Je),           ("exit 0", "signal 13", AFTER, Je),
    ("exit 0", "cpu", BEFORE, Je),                 ("exit 0", "cpu", AFTER, Je),
    ("exit 0", "stderr", BEFORE, Je),              ("exit 0", "stderr", AFTER, Je),
    ("exit 0", "oom", BEFORE, Je),                 ("exit 0", "oom", AFTER, Je),
    ("exit 0", "no start", BEFORE, Je),            ("exit 1", "no start", AFTER, Je),
    ("exit 1", "exit 1", BEFORE, Je),              ("exit 1", "exit 1", AFTER, Je),
    ("killed", "exit 1", BEFORE, Je),              ("killed", "signal 6", BEFORE, Je),
    ("cpu", "exit 1", BEFORE, Je),                 ("oom", "exit 1", BEFORE, Je),
    // But not if the program was cut off by a limit: the interactor may well be confused by that.
    ("cpu", "exit 1", AFTER, Tle),
    ("wall", "exit 1", AFTER, Tle),
    ("wall", "signal 6", AFTER, Tle),
    ("wall", "exit 0", AFTER, Tle),
    ("oom", "exit 1", AFTER, Mle),
    ("peak", "exit 1", AFTER, Mle),
    ("stderr", "exit 1", AFTER, Ole),
    // It fails after it was told more than a program may print: the program's doing, whoever ends first.
    ("killed", "flooded, oom", BEFORE, Ole),       ("exit 0", "flooded, oom", AFTER, Ole),
    ("killed", "flooded, memory", BEFORE, Ole),    ("killed", "flooded, cpu", BEFORE, Ole),
    ("killed", "flooded, exit 1", BEFORE, Ole),    ("exit 1", "flooded, exit 1", AFTER, Ole),
    ("cpu", "flooded, oom", BEFORE, Tle),          ("wall", "flooded, exit 1", AFTER, Tle),
    ("oom", "flooded, exit 1", AFTER, Mle),        ("stderr", "flooded, exit 1", AFTER, Ole),
    // One that bears it has the word like any other, and one that was told no more than that fails by itself.
    ("exit 0", "flooded, exit 42", BEFORE, Ac),    ("killed", "flooded, exit 43", BEFORE, Wa),
    ("killed", "nearly flooded", BEFORE, Je),
    // It says nothing and has to be stopped: as if it had rejected.
    ("exit 0", "killed", AFTER, Wa),               ("exit 0", "wall", AFTER, Wa),
    ("exit 1", "killed", AFTER, Rte),              ("exit 1", "wall", AFTER, Rte),
    ("cpu", "killed", AFTER, Tle),                 ("wall", "killed", AFTER, Tle),
    ("wall", "wall", AFTER, Tle),                  ("oom", "killed", AFTER, Mle),
    ("exit 0", "wall", BEFORE, Wa),                ("exit 1", "wall", BEFORE, Rte),
    // A program that never began.
    ("no start", "exit 42", AFTER, Rte),           ("no start", "exit 43", AFTER, Rte),
];

/// The same with the exit codes of testlib.
#[rustfmt::skip]
const TESTLIB: &[Row] = &[
    ("exit 0", "exit 0", BEFORE, Ac),              ("exit 0", "exit 7", AFTER, Ac),
    ("exit 1", "exit 7", BEFORE, Rte),             ("cpu", "exit 0", AFTER, Tle),
    ("killed", "exit 1", BEFORE, Wa),              ("exit 0", "exit 1", AFTER, Wa),
    ("exit 1", "exit 8", AFTER, Rte),              ("exit 1", "exit 2", BEFORE, Wa),
    ("exit 0", "exit 3", BEFORE, Je),              ("wall", "exit 3", AFTER, Tle),
    ("exit 0", "exit 42", AFTER, Je),              ("wall", "exit 8", AFTER, Tle),
];

fn check(protocol: Protocol, rows: &[Row]) {
    let mut wrong = Vec::new();
    for (program, judge, end_shown, wanted) in rows {
        let judged = outcome(judge);
        let deserved = decide(&outcome(program), &LIMITS, false).0;
        let judged = Judged::of(&judged, protocol.verdict(&judged), FLOOD);
        let found = verdict(deserved, judged, *end_shown);
        if found != *wanted {
            wrong.push((program, judge, end_shown, wanted, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_order_of_ends_has_one_verdict() {
    assert!(ROWS.len() >= 60);
    check(Kattis, ROWS);
}

#[test]
fn testlibs_codes_mean_the_same() {
    check(Testlib, TESTLIB);
}
