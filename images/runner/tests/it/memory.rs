//! Memory is what all processes and files of a job hold at a time.

use gavel_runner::{ExecSpec, Limit, Stdin};

use crate::sandbox::{MIB, Run, Sandbox, perl, shell};

fn at_most(mebibytes: u64, spec: ExecSpec) -> ExecSpec {
    ExecSpec { memory_limit: mebibytes * MIB, ..spec }
}

fn held(run: &Run) -> u64 {
    run.outcome.held_bytes.unwrap_or_else(|| panic!("nobody looked: {:?}", run.outcome)) / MIB
}

/// Perl that takes so many mebibytes and holds them.
fn take(mebibytes: u64) -> String {
    format!("$x = 'x'; $x x= {mebibytes} << 20;")
}

#[test]
fn several_processes_are_one_sum() {
    let mut sandbox = Sandbox::start();
    let four = |each| {
        perl(&format!("for (1..4) {{ if (!fork) {{ {} sleep 1; exit }} }} 1 while wait > 0", take(each)))
    };
    let run = sandbox.run(at_most(200, four(30)));
    assert_eq!(run.outcome.limit, None, "{:?}", run.outcome);
    assert!((120..150).contains(&held(&run)), "{} MiB", held(&run));
    assert!(run.outcome.max_rss_bytes < 50 * MIB, "or the test proves nothing: {:?}", run.outcome);
    let run = sandbox.run(at_most(100, four(30)));
    assert_eq!(run.outcome.limit, Some(Limit::Memory), "{:?}", run.outcome);
    let one_by_one = perl(&format!("for (1..8) {{ if (!fork) {{ {} exit }} wait }}", take(20)));
    let run = sandbox.run(at_most(60, one_by_one));
    assert_eq!(run.outcome.limit, None, "{:?}", run.outcome);
}

#[test]
fn a_limit_is_met_within_a_few_mebibytes() {
    let mut sandbox = Sandbox::start();
    let grow = "push @a, 'x' x 65536 . $_ while 1";
    let run = sandbox.run(at_most(100, perl(grow)));
    assert_eq!(run.outcome.limit, Some(Limit::Memory), "{:?}", run.outcome);
    assert_eq!(run.outcome.oom_kills, Some(0), "the kernel did not have to: {:?}", run.outcome);
    let most = held(&run).max(run.outcome.max_rss_bytes / MIB);
    // How far it gets between two looks is a matter of how busy the host is: the reserve below the kernel's own limit is 64.
    assert!((100..150).contains(&most), "{most} MiB");
    let run = sandbox.run(at_most(100, perl(&format!("{} sleep 1", take(80)))));
    assert_eq!(run.outcome.limit, None, "{:?}", run.outcome);
}

#[test]
fn memory_that_no_process_is_charged_with_counts() {
    let mut sandbox = Sandbox::start();
    let memfd = if cfg!(target_arch = "x86_64") { 319 } else { 279 };
    let write = "print {$f} 'x' x (1 << 20) for 1..40; $f->flush; sleep 30";
    let hidden = [
        // A child that the kernel reaps: nobody learns what it used.
        perl(&format!(
            "$SIG{{CHLD}} = 'IGNORE'; if (!fork) {{ {} select undef, undef, undef, 0.2; exit }} sleep 30",
            take(40)
        )),
        perl(&format!(
            "use IO::Handle; $n = 'm'; $fd = syscall({memfd}, $n, 0); open $f, '>&=', $fd or die; {write}"
        )),
        perl(&format!("use IO::Handle; open $f, '>', '/tmp/f' or die; {write}")),
        perl(&format!(
            "use IO::Handle; open $f, '>', '/app/work/f' or die; $n = 30; {}",
            write.replace("40", "30")
        )),
        // Deleted, but open.
        perl(&format!("use IO::Handle; open $f, '>', '/tmp/f' or die; unlink '/tmp/f'; {write}")),
        // The kernel's own memory: bytes that wait in pipes.
        perl(
            "use Fcntl; for (1..60) { pipe my $r, my $w; push @p, $r, $w; fcntl $w, 1031, 1 << 20;
              fcntl $w, F_SETFL, O_NONBLOCK; 1 while syswrite $w, 'x' x 65536 } sleep 30",
        ),
    ];
    for spec in hidden {
        let script = spec.argv[2].clone();
        let run = sandbox.run(at_most(20, spec));
        assert_eq!(run.outcome.limit, Some(Limit::Memory), "{script}: {:?}", run.outcome);
        assert!(run.outcome.max_rss_bytes < 50 * MIB, "{script}");
        sandbox.reset();
    }
}

#[test]
fn what_is_left_by_children_when_the_program_ends_counts() {
    let mut sandbox = Sandbox::start();
    // It ends before anybody looked.
    let leave =
        format!("pipe R, W; if (!fork) {{ {} print W 1; close W; sleep 30 }} close W; <R>; exit", take(60));
    let run = sandbox.run(at_most(30, perl(&leave)));
    assert_eq!(run.outcome.limit, Some(Limit::Memory), "{:?}", run.outcome);
}

#[test]
fn shared_memory_is_counted_once() {
    let mut sandbox = Sandbox::start();
    let share = format!("{} for (1..4) {{ if (!fork) {{ sleep 1; exit }} }} 1 while wait > 0", take(60));
    let run = sandbox.run(at_most(100, perl(&share)));
    assert_eq!(run.outcome.limit, None, "{:?}", run.outcome);
    assert!((60..90).contains(&held(&run)), "{} MiB", held(&run));
}

#[test]
fn what_was_there_before_and_files_of_the_image_are_not_charged() {
    let mut sandbox = Sandbox::start();
    sandbox.put(gavel_runner::Root::Tmp, "artifact", 0o644, true, &vec![b'x'; 30_000_000]);
    let read =
        "cat /usr/bin/* /usr/lib/*/*.so* /usr/lib/*/*/* /tmp/artifact 2>/dev/null | wc -c; exec sleep 0.1";
    let nonce =
        sandbox.begin(ExecSpec { stdin: Stdin::File { size: 30_000_000 }, ..at_most(20, shell(read)) });
    sandbox.feed(nonce, &vec![b'x'; 30_000_000]);
    let run = sandbox.finish(nonce);
    let bytes: u64 = run.text().trim().parse().unwrap();
    assert!(bytes > 50_000_000, "or the test proves nothing: {bytes}");
    assert_eq!(run.outcome.limit, None, "{:?}", run.outcome);
    assert!(held(&run) < 10, "{} MiB", held(&run));
}

/// The kernel remembers what is not there, and would forget it if it had to.
#[test]
fn names_that_were_looked_for_are_not_charged() {
    let mut sandbox = Sandbox::start();
    let look = "-e \"/usr/none$_\" for 1..150_000; select undef, undef, undef, 0.1; print 'done'";
    let run = sandbox.run(at_most(40, perl(look)));
    assert_eq!((run.text().as_str(), run.outcome.limit), ("done", None), "{:?}", run.outcome);
}

#[test]
fn the_memory_of_one_job_is_not_the_next_ones() {
    let mut sandbox = Sandbox::start();
    let run = sandbox.run(at_most(
        200,
        perl(&format!(
            "open F, '>', '/tmp/f'; print F 'x' x (1 << 20) for 1..50; close F; {} sleep 1",
            take(40)
        )),
    ));
    assert!((90..130).contains(&held(&run)), "{} MiB", held(&run));
    sandbox.reset();
    let run = sandbox.run(at_most(200, shell("exec sleep 0.2")));
    assert!(held(&run) < 3, "{} MiB", held(&run));
}

/// 8 MiB for the program, 24 MiB for the container: the kernel has to choose, and never takes the runner.
#[test]
fn the_kernel_takes_the_program_and_not_the_runner() {
    let mut sandbox = Sandbox::start_with(&["--memory", "24m", "--memory-swap", "24m"]);
    let files =
        "for (0..7) { if (!fork) { open F, '>', \"/tmp/f$_\"; print F 'x' x 65536 while 1 } } sleep 30";
    for _ in 0..3 {
        let run = sandbox.run(perl(files));
        assert!(run.outcome.oom_kills >= Some(1), "{:?}", run.outcome);
        sandbox.reset();
        assert_eq!(sandbox.run(shell("echo alive")).text(), "alive\n");
    }
}

#[test]
fn a_program_cannot_make_the_kernel_prefer_another_one() {
    let mut sandbox = Sandbox::start();
    let lower = "for $p ('self', $$, 'thread-self', \"self/task/$$\", 1) { for (qw(oom_score_adj oom_adj)) {
        open F, '+<', \"/proc/$p/$_\" and syswrite F, '0' and print \"$p/$_ \" } }
        if (!fork) { open F, '>', '/proc/' . getppid . '/oom_score_adj' and syswrite F, '0'; exit } wait;
        open F, '<', '/proc/self/oom_score_adj'; print <F>";
    assert_eq!(sandbox.run(perl(lower)).text(), "1000\n");
}

/// Where the control group cannot be read, what the processes hold is all there is.
#[test]
fn without_a_control_group_the_processes_are_counted() {
    let mut sandbox = Sandbox::start_with(&["--tmpfs", "/sys/fs/cgroup:ro"]);
    assert_eq!(sandbox.cgroup, gavel_runner::Cgroup::Unknown, "or the test proves nothing");
    let two = perl(&format!("for (1..2) {{ if (!fork) {{ {} sleep 30 }} }} sleep 30", take(40)));
    let run = sandbox.run(at_most(60, two));
    assert_eq!((run.outcome.limit, run.outcome.oom_kills), (Some(Limit::Memory), None), "{:?}", run.outcome);
}
