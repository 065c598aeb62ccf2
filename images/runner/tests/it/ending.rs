//! How jobs end, and what of their streams arrives.

use gavel_runner::{Command, Ending, Event, ExecSpec, Limit, Stdin, Stdout};

use crate::sandbox::{Sandbox, perl, program, shell};

#[test]
fn an_exit_code_arrives() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(shell("echo out; echo err >&2; exit 3"));
    assert_eq!(run.outcome.ending, Ending::Code(3));
    assert_eq!(run.outcome.limit, None);
    assert_eq!((run.stdout.as_slice(), run.stderr.as_slice()), (&b"out\n"[..], &b"err\n"[..]));
    assert_eq!((run.outcome.stdout_bytes, run.outcome.stderr_bytes), (4, 4));
    assert_eq!(run.outcome.processes, 1);
    assert!(run.outcome.ended_ns > run.outcome.started_ns);
    assert!(run.outcome.max_rss_bytes > 500_000, "{:?}", run.outcome);
    assert!(run.outcome.cgroup_cpu_us.is_some() && run.outcome.oom_kills == Some(0), "{:?}", run.outcome);
}

#[test]
fn a_signal_arrives() {
    let mut sandbox = Sandbox::start();
    assert_eq!(sandbox.run(shell("kill -SEGV $$")).outcome.ending, Ending::Signal(11));
    assert_eq!(
        sandbox.run(shell("kill -PIPE $$")).outcome.ending,
        Ending::Signal(13),
        "SIGPIPE is the default's"
    );
}

#[test]
fn a_program_that_is_not_there_is_not_started() {
    let mut sandbox = Sandbox::start();
    let ending = |sandbox: &mut Sandbox, spec: ExecSpec| match sandbox.run(spec).outcome.ending {
        Ending::NotStarted { errno, what } => (errno, what),
        other => panic!("{other:?}"),
    };
    assert_eq!(ending(&mut sandbox, program(&["/tmp/none"])), (2, "execve".to_owned()));
    assert_eq!(
        ending(&mut sandbox, ExecSpec { cwd: "/none".to_owned(), ..shell("") }),
        (2, "chdir".to_owned())
    );
    assert_eq!(ending(&mut sandbox, ExecSpec { cores: vec![900], ..shell("") }).1, "sched_setaffinity");
    assert_eq!(ending(&mut sandbox, ExecSpec { stdin: Stdin::Pipe, ..shell("") }).1, "no pipes are open");
    assert_eq!(ending(&mut sandbox, program(&[])).1, "argv is empty");
    assert_eq!(sandbox.run(shell("exit 4")).outcome.ending, Ending::Code(4), "the sandbox lives on");
}

#[test]
fn ten_megabytes_of_input_come_back() {
    let mut sandbox = Sandbox::start();
    let input: Vec<u8> = (0..10_000_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let nonce = sandbox.begin(ExecSpec { stdin: Stdin::Stream, ..program(&["/bin/cat"]) });
    sandbox.feed(nonce, &input);
    let run = sandbox.finish(nonce);
    assert_eq!(run.outcome.ending, Ending::Code(0));
    assert!(run.stdout == input, "{} bytes came back", run.stdout.len());
}

#[test]
fn input_that_nobody_reads_does_not_stop_the_job_or_the_next() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(ExecSpec { stdin: Stdin::Stream, ..shell("exec sleep 0.3") });
    sandbox.feed(nonce, &vec![b'x'; 10_000_000]);
    assert_eq!(sandbox.finish(nonce).outcome.ending, Ending::Code(0));
    assert_eq!(sandbox.run(shell("echo next")).text(), "next\n");
}

#[test]
fn a_wall_limit_works_while_input_is_stuck() {
    let mut sandbox = Sandbox::start();
    let spec = ExecSpec { stdin: Stdin::Stream, wall_limit_us: 300_000, ..shell("exec sleep 30") };
    let nonce = sandbox.begin(spec);
    sandbox.feed(nonce, &vec![b'x'; 1_000_000]);
    let run = sandbox.finish(nonce);
    assert_eq!((run.outcome.ending, run.outcome.limit), (Ending::Signal(9), Some(Limit::Wall)));
}

#[test]
fn binary_output_is_not_touched() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(perl("print pack('C*', 0..255)"));
    assert_eq!(run.stdout, (0..=255).collect::<Vec<u8>>());
    assert_eq!(sandbox.run(shell(":")).text(), "");
}

#[test]
fn discarded_output_goes_nowhere() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(ExecSpec { stdout: Stdout::Discard, ..shell("echo out; exit 0") });
    assert_eq!((run.text().as_str(), run.outcome.stdout_bytes), ("", 0));
}

#[test]
fn kill_ends_the_job_and_is_ignored_after_it() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(shell("echo begun; exec sleep 30"));
    assert_eq!(sandbox.event(), (nonce, Event::Stdout(b"begun\n".to_vec())));
    sandbox.send(nonce + 7, &Command::Kill);
    sandbox.send(nonce, &Command::Kill);
    let run = sandbox.finish(nonce);
    assert_eq!((run.outcome.ending, run.outcome.limit), (Ending::Signal(9), Some(Limit::Killed)));
    sandbox.send(nonce, &Command::Kill);
    assert_eq!(sandbox.run(shell("exit 5")).outcome.ending, Ending::Code(5));
}

#[test]
fn a_reset_in_the_middle_ends_the_job_first() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(shell("sleep 30 & exec sleep 30"));
    let reset = sandbox.nonce();
    sandbox.send(reset, &Command::Reset);
    assert_eq!(sandbox.finish(nonce).outcome.limit, Some(Limit::Killed));
    assert_eq!(sandbox.event(), (reset, Event::ResetDone));
}

#[test]
fn a_second_job_waits_for_its_turn() {
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(shell("exec sleep 30"));
    let what = "a job is running".to_owned();
    assert_eq!(sandbox.ask(&Command::Exec(shell("exit 0"))), Event::Failed { what });
    sandbox.send(nonce, &Command::Kill);
    assert_eq!(sandbox.finish(nonce).outcome.limit, Some(Limit::Killed));
}

#[test]
fn the_sandbox_ends_when_its_input_ends_even_in_the_middle_of_a_job() {
    let mut sandbox = Sandbox::start();
    sandbox.hang_up();
    sandbox.gone();
    let mut sandbox = Sandbox::start();
    let nonce = sandbox.begin(shell("echo begun; while :; do :; done"));
    assert_eq!(sandbox.event(), (nonce, Event::Stdout(b"begun\n".to_vec())));
    sandbox.hang_up();
    sandbox.gone();
}

#[test]
fn a_broken_frame_ends_the_sandbox() {
    let mut sandbox = Sandbox::start();
    sandbox.send_bytes(&[0xff; 64]);
    sandbox.gone();
}

#[test]
fn it_refuses_to_be_anything_but_pid_1() {
    let run = |args: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_gavel-runner")).args(args).output().unwrap()
    };
    assert_eq!(run(&[]).status.code(), Some(64), "outside a sandbox it would kill what it must not");
    assert!(String::from_utf8(run(&["--version"]).stdout).unwrap().starts_with("gavel-runner 0."));
}
