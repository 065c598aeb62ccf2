//! A busy host is not charged to a program.

use std::process::{Child, Command, Stdio};

use gavel_runner::{Ending, ExecSpec, Limit};

use crate::sandbox::{Sandbox, perl, shell};

/// Busy processes on core 0 until they are dropped.
struct Load(Vec<Child>);

impl Load {
    fn on_core_0(count: usize) -> Self {
        let busy = || {
            let mut command = Command::new("taskset");
            command.args(["-c", "0", "perl", "-e", "1 while 1"]).stdin(Stdio::null());
            command.spawn().expect("taskset and perl must be installed")
        };
        Self((0..count).map(|_| busy()).collect())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for child in &mut self.0 {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// Uses so much CPU time, on core 0.
fn use_cpu(seconds: f64, before: &str, after: &str) -> ExecSpec {
    let script =
        format!("sub used {{ my ($u, $s) = times; $u + $s }} {before}; 1 while used() < {seconds}; {after}");
    ExecSpec { cores: vec![0], wall_spare_us: 20_000_000, ..perl(&script) }
}

#[test]
fn time_without_a_core_is_told_and_not_charged() {
    let _load = Load::on_core_0(4);
    let mut sandbox = Sandbox::start();
    // Alone it needs 0.6 s; with half of the core or less it passes the limit by far.
    let limited = |spec: ExecSpec| ExecSpec { wall_limit_us: 900_000, ..spec };
    for spec in
        [use_cpu(0.6, "", ""), use_cpu(0.6, "if (fork) { wait; exit }", ""), use_cpu(0.3, "fork", "wait")]
    {
        let script = spec.argv[2].clone();
        let run = sandbox.run(limited(spec));
        assert_eq!(
            (run.outcome.ending.clone(), run.outcome.limit),
            (Ending::Code(0), None),
            "{script}: {run:?}"
        );
        let waited_us = run.outcome.waited_us.expect("the scheduler's figures can be read here");
        let whole_us = (run.outcome.ended_ns - run.outcome.started_ns) / 1000;
        assert!(whole_us > 900_000 && waited_us > 200_000, "or the test proves nothing: {run:?}");
        assert_eq!(run.outcome.wall_us, whole_us - waited_us);
    }
    let unspared = ExecSpec { wall_spare_us: 0, ..limited(use_cpu(0.6, "", "")) };
    assert_eq!(sandbox.run(unspared).outcome.limit, Some(Limit::Wall), "what it is spared from");
}

#[test]
fn a_sleeper_ends_on_time_on_a_busy_host_too() {
    let _load = Load::on_core_0(4);
    let mut sandbox = Sandbox::start();
    let limits =
        |spec| ExecSpec { wall_limit_us: 700_000, wall_spare_us: 20_000_000, cores: vec![0], ..spec };
    let run = sandbox.run(limits(shell("exec sleep 30")));
    assert_eq!(run.outcome.limit, Some(Limit::Wall), "{run:?}");
    assert!(run.outcome.waited_us < Some(500_000), "it had nothing to wait for but its start: {run:?}");
    for restless in [
        "fork; fork; select undef, undef, undef, 0.001 while 1",
        "fork; fork; fork; 1 while (times)[1] < 0.05; sleep 30",
    ] {
        let run = sandbox.run(limits(perl(restless)));
        assert_eq!(run.outcome.limit, Some(Limit::Wall), "{restless}: {run:?}");
    }
}

#[test]
fn what_is_spared_is_bounded() {
    let _load = Load::on_core_0(4);
    let mut sandbox = Sandbox::start();
    let spec = ExecSpec { wall_limit_us: 300_000, wall_spare_us: 100_000, ..use_cpu(20.0, "", "") };
    let run = sandbox.run(spec);
    assert_eq!((run.outcome.limit, run.outcome.waited_us), (Some(Limit::Wall), Some(100_000)), "{run:?}");
}

#[test]
fn a_job_that_fights_with_itself_is_spared_nothing() {
    let mut sandbox = Sandbox::start();
    let spec = ExecSpec { wall_limit_us: 600_000, ..use_cpu(20.0, "fork; fork; fork", "") };
    let run = sandbox.run(spec);
    assert_eq!(run.outcome.limit, Some(Limit::Wall), "{run:?}");
    let used_us = run.outcome.cgroup_cpu_us.unwrap();
    let whole_us = (run.outcome.ended_ns - run.outcome.started_ns) / 1000;
    assert!(run.outcome.waited_us.unwrap() <= whole_us.saturating_sub(used_us) + 50_000, "{run:?}");
}
