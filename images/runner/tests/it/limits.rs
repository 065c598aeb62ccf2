//! Each limit, and what it must not cost the next job.

use std::time::Duration;

use gavel_runner::{Ending, ExecSpec, Limit};

use crate::sandbox::{MIB, Run, Sandbox, count_processes, perl, shell};

/// Killed by the CPU limit of half a second, not much later, with its CPU time counted.
fn assert_stopped_at_half_a_second(run: &Run) {
    assert_eq!(run.outcome.limit, Some(Limit::Cpu), "{run:?}");
    let cpu_us = run.cpu_us().max(run.outcome.cgroup_cpu_us.unwrap());
    assert!((500_000..900_000).contains(&cpu_us), "{run:?}");
}

fn half_a_second(spec: ExecSpec) -> ExecSpec {
    ExecSpec { cpu_limit_us: 500_000, ..spec }
}

#[test]
fn a_busy_loop_ends_at_the_cpu_limit() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(half_a_second(shell("while :; do :; done")));
    assert_stopped_at_half_a_second(&run);
    assert_eq!(run.outcome.ending, Ending::Signal(9));
    assert!(run.cpu_us() >= 480_000, "{run:?}");
}

#[test]
fn a_busy_grandchild_whose_parent_exited_is_counted() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(half_a_second(perl("if (!fork) { if (!fork) { 1 while 1 } exit } wait; sleep 30")));
    assert_stopped_at_half_a_second(&run);
    assert!(run.cpu_us() >= 480_000, "wait4 saw it: {run:?}");
    assert_eq!(run.outcome.processes, 2, "the middle one was waited for by the program");
}

#[test]
fn children_that_nobody_waits_for_are_counted() {
    let mut sandbox = Sandbox::start();
    let burn = "$SIG{CHLD} = 'IGNORE'; while (1) { if (!fork) { $i = 0; $i++ while $i < 3e5; exit } wait }";
    let run = sandbox.run(half_a_second(perl(burn)));
    assert_stopped_at_half_a_second(&run);
    assert!(run.cpu_us() < 300_000, "or the test proves nothing: {run:?}");
}

#[test]
fn two_busy_processes_count_twice() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(half_a_second(perl("fork; 1 while 1")));
    assert_stopped_at_half_a_second(&run);
}

#[test]
fn a_program_just_over_the_limit_that_ends_by_itself_is_over_the_limit() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(ExecSpec { cpu_limit_us: 1, ..shell("exit 0") });
    assert_eq!(run.outcome.limit, Some(Limit::Cpu), "{run:?}");
}

#[test]
fn sleep_ends_at_the_wall_limit() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(ExecSpec { wall_limit_us: 300_000, ..shell("exec sleep 30") });
    assert_eq!((run.outcome.ending, run.outcome.limit), (Ending::Signal(9), Some(Limit::Wall)));
    assert!((300_000..600_000).contains(&run.outcome.wall_us), "{:?}", run.outcome.wall_us);
    let run = sandbox.run(ExecSpec { wall_limit_us: 300_000, ..shell("kill -STOP $$") });
    assert_eq!(run.outcome.limit, Some(Limit::Wall), "a stopped program too");
}

#[test]
fn a_sleeping_program_uses_no_cpu() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(ExecSpec { cpu_limit_us: 100_000, ..shell("exec sleep 0.4") });
    assert_eq!((run.outcome.ending, run.outcome.limit), (Ending::Code(0), None));
}

#[test]
fn a_flood_of_output_ends_the_job() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(ExecSpec { stdout_limit: MIB, ..perl("$x = 'x' x 65536; print $x while 1") });
    assert_eq!((run.outcome.ending, run.outcome.limit), (Ending::Signal(9), Some(Limit::Stdout)));
    assert_eq!(run.stdout.len() as u64, MIB, "what is forwarded is what is allowed");
    assert!(run.outcome.stdout_bytes > MIB, "{:?}", run.outcome.stdout_bytes);
    let run = sandbox.run(ExecSpec { stdout_limit: MIB, ..perl("print 'x' x 1048576") });
    assert_eq!((run.outcome.limit, run.stdout.len() as u64), (None, MIB), "exactly the limit is allowed");
    let run = sandbox.run(ExecSpec { stdout_limit: 9, ..perl("print 'x' x 10") });
    assert_eq!(
        (run.outcome.limit, run.stdout.len()),
        (Some(Limit::Stdout), 9),
        "whether it was killed or just faster"
    );
}

#[test]
fn a_worker_that_takes_no_output_is_not_charged_to_the_program() {
    let mut sandbox = Sandbox::start();
    let writer = perl("$x = 'x' x 65536; print $x for 1..320");
    let nonce = sandbox.begin(ExecSpec { stdout_limit: 64 * MIB, wall_limit_us: 1_000_000, ..writer });
    sandbox.look_away(Duration::from_secs(3));
    let run = sandbox.finish(nonce);
    assert_eq!((run.outcome.limit, run.stdout.len()), (None, 320 * 65536), "{:?}", run.outcome);
    assert!(run.outcome.wall_us < 1_000_000, "{:?}", run.outcome);
}

#[test]
fn a_flood_of_errors_ends_the_job_and_little_of_it_is_forwarded() {
    let mut sandbox = Sandbox::start();
    let flood = perl("$x = 'x' x 65536; print STDERR $x while 1");
    let run = sandbox.run(ExecSpec { stderr_limit: MIB, stderr_forward: 1000, ..flood });
    assert_eq!((run.outcome.ending, run.outcome.limit), (Ending::Signal(9), Some(Limit::Stderr)));
    assert_eq!(run.stderr.len(), 1000);
    assert!(run.outcome.stderr_bytes > MIB, "{:?}", run.outcome.stderr_bytes);
}

#[test]
fn a_fork_bomb_ends_in_time_and_the_next_job_is_fine() {
    // One core for the bomb and PID 1 together: it must come to its turn among 63 others.
    let mut sandbox = Sandbox::start_with(&["--cpuset-cpus", "0"]);
    for _ in 0..3 {
        let spec = ExecSpec { wall_limit_us: 1_000_000, ..half_a_second(perl("fork while 1")) };
        let run = sandbox.run(spec);
        assert!(matches!(run.outcome.limit, Some(Limit::Cpu | Limit::Wall)), "{run:?}");
        println!("fork bomb: {} us wall, {:?} us cpu", run.outcome.wall_us, run.outcome.cgroup_cpu_us);
        assert!(run.outcome.wall_us < 5_000_000, "{run:?}");
        assert_eq!(sandbox.run(count_processes()).text(), "2");
    }
}

#[test]
fn what_the_main_process_leaves_behind_is_killed() {
    let mut sandbox = Sandbox::start();
    let leave = "for (1..9) { if (!fork) { setpgrp; $SIG{TERM} = $SIG{HUP} = 'IGNORE'; close STDOUT; sleep 60 } } exit 6";
    let run = sandbox.run(perl(leave));
    assert_eq!((run.outcome.ending, run.outcome.processes), (Ending::Code(6), 10));
    assert_eq!(sandbox.run(count_processes()).text(), "2");
}

#[test]
fn too_much_memory_is_an_oom_kill_and_the_runner_lives() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(perl("$x = 'x' x (1 << 20); push @a, $x . $_ for 1..1000; print 'done'"));
    assert_eq!(run.outcome.ending, Ending::Signal(9), "{:?}", run.outcome);
    assert_eq!(run.outcome.limit, None);
    assert!(run.outcome.oom_kills >= Some(1), "{:?}", run.outcome);
    let run = sandbox.run(perl("$x = 'x' x (100 << 20); print length $x"));
    assert_eq!((run.text().as_str(), run.outcome.oom_kills), ("104857600", Some(0)));
    assert!((100 * MIB..220 * MIB).contains(&run.outcome.max_rss_bytes), "{}", run.outcome.max_rss_bytes);
}

#[test]
fn the_peak_of_one_job_does_not_show_in_the_next() {
    let mut sandbox = Sandbox::start();
    sandbox.run(perl("$x = 'x' x (100 << 20)"));
    let run = sandbox.run(shell(":"));
    assert!(run.outcome.max_rss_bytes < 4 * MIB, "{}", run.outcome.max_rss_bytes);
}

#[test]
fn what_a_program_asks_for_beyond_its_address_space_is_refused_and_the_next_has_as_much_as_ever() {
    let mut sandbox = Sandbox::start();
    let ask = perl("$n = 60 << 20; $x = 'x' x $n; print length $x");
    let bound = ExecSpec { address_space_bytes: Some(50 * MIB), stack_bytes: u64::MAX, ..ask.clone() };
    let run = sandbox.run(bound.clone());
    assert_eq!((run.outcome.limit, &run.outcome.ending), (None, &Ending::Code(1)), "{run:?}");
    assert!(run.stderr.starts_with(b"Out of memory"), "perl ends so when it is refused memory: {run:?}");
    let raised = ExecSpec {
        address_space_bytes: bound.address_space_bytes,
        ..shell("ulimit -v; ulimit -Hv; ulimit -s")
    };
    assert_eq!(sandbox.run(raised).text(), "51200\n51200\n65536\n");
    assert_eq!(sandbox.run(ask).text(), (60 << 20).to_string());
}

#[test]
fn the_stack_limit_and_the_core_are_as_asked() {
    let mut sandbox = Sandbox::start();
    let ask = "ulimit -s; grep 'Cpus_allowed_list' /proc/self/status; ulimit -c; umask";
    let run = sandbox.run(ExecSpec { stack_bytes: 16 * MIB, cores: vec![1], ..shell(ask) });
    assert_eq!(run.text(), "16384\nCpus_allowed_list:\t1\n0\n0022\n");
}
