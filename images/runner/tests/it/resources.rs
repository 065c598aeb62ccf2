//! What the runner itself costs. Run with `--nocapture` for the numbers.

use std::time::{Duration, Instant};

use gavel_runner::{Ending, ExecSpec, Stdin};

use crate::sandbox::{MIB, Sandbox, perl, program, shell};

fn memory_of_pid_1(sandbox: &mut Sandbox) -> (u64, u64) {
    let text = sandbox.run(shell("grep -E '^Vm(RSS|HWM):' /proc/1/status")).text();
    let mut kib = text.lines().map(|line| line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap());
    let (peak, now) = (kib.next().unwrap(), kib.next().unwrap());
    (now * 1024, peak * 1024)
}

#[test]
fn the_runner_stays_under_two_and_a_quarter_mebibytes() {
    let mut sandbox = Sandbox::start();
    let idle = memory_of_pid_1(&mut sandbox);
    let nonce = sandbox.begin(ExecSpec { stdin: Stdin::Stream, ..program(&["/bin/cat"]) });
    sandbox.feed(nonce, &vec![b'x'; 10_000_000]);
    assert_eq!(sandbox.finish(nonce).stdout.len(), 10_000_000);
    sandbox.reset();
    let used = memory_of_pid_1(&mut sandbox);
    println!(
        "PID 1 RSS: first job {} KiB; after 10 MB each way and a reset {} KiB, peak {} KiB",
        idle.0 / 1024,
        used.0 / 1024,
        used.1 / 1024
    );
    assert!(used.1 < 2 * MIB + MIB / 4, "peak {} KiB", used.1 / 1024);
}

/// Prints what 32 MiB of output cost the program and PID 1, by the size of a write.
#[test]
fn an_output_of_32_mebibytes() {
    let mut sandbox = Sandbox::start();
    for size in [65_536, 4_096, 256] {
        let script = format!("$x = 'x' x {size}; syswrite STDOUT, $x for 1..({} / {size})", 32 * MIB);
        let run = sandbox.run(perl(&script));
        assert_eq!(run.stdout.len() as u64, 32 * MIB);
        println!(
            "writes of {size} bytes: {} ms wall, {} ms CPU of the program",
            run.outcome.wall_us / 1000,
            run.cpu_us() / 1000
        );
    }
}

/// Prints how long the round trip of the smallest job and of a reset take; fails only when something is broken.
#[test]
fn the_smallest_job_and_a_reset() {
    let mut sandbox = Sandbox::start();
    let mut jobs = Vec::new();
    let mut walls = Vec::new();
    let mut resets = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        let run = sandbox.run(program(&["/bin/true"]));
        jobs.push(start.elapsed());
        assert_eq!(run.outcome.ending, Ending::Code(0));
        walls.push(Duration::from_micros(run.outcome.wall_us));
        let start = Instant::now();
        sandbox.reset();
        resets.push(start.elapsed());
    }
    for (what, mut times) in [("exec of /bin/true", jobs), ("of which wall time", walls), ("reset", resets)] {
        times.sort();
        println!("{what}: median {:?}, p95 {:?}", times[times.len() / 2], times[times.len() * 95 / 100]);
    }
}
