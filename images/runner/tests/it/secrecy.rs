//! What a program can see of the runner and do to it: nothing. It has the same uid.

use gavel_runner::{Ending, ExecSpec, Root};

use crate::sandbox::{Sandbox, perl, shell};

/// Numbers of `prlimit64` and `sched_setaffinity`.
const CALLS: (u32, u32) = if cfg!(target_arch = "x86_64") { (302, 203) } else { (261, 122) };

#[test]
fn proc_1_is_closed() {
    let mut sandbox = Sandbox::start();
    sandbox.put(Root::Tmp, "secret", 0o600, true, b"kept");
    for path in ["mem", "environ", "maps", "auxv", "pagemap", "smaps", "exe", "stack", "syscall"] {
        let run = sandbox.run(perl(&format!("open F, '<', '/proc/1/{path}' and print 'open'; print $!")));
        assert!(
            ["Permission denied", "Operation not permitted"].contains(&run.text().as_str()),
            "{path}: {run:?}"
        );
    }
    let run = sandbox.run(shell(
        "ls /proc/1/fd /proc/1/map_files /proc/1/cwd/ /proc/1/root/; cat /proc/1/fd/* /proc/1/task/1/mem",
    ));
    assert_eq!(String::from_utf8_lossy(&run.stdout), "");
    assert_ne!(run.outcome.ending, Ending::Code(0));
}

#[test]
fn no_signal_reaches_pid_1() {
    let mut sandbox = Sandbox::start();
    assert_eq!(sandbox.run(perl("kill $_, 1 for 1..64; print 'alive'")).text(), "alive");
    let run = sandbox.run(perl("for (1..2000) { kill 17, 1 } print 'alive'"));
    assert_eq!(run.text(), "alive", "SIGCHLD is the one that is looked at");
    assert_eq!(sandbox.run(shell("echo still there")).text(), "still there\n");
}

#[test]
fn pid_1_cannot_be_slowed_down_and_a_pin_cannot_be_undone() {
    let (prlimit, affinity) = CALLS;
    let mut sandbox = Sandbox::start();
    let script = format!(
        "sub said {{ print $_[0] + 0 == -1 ? $! : 'done', qq(\\n) }}
         $b = pack 'q8', (1) x 8; $r = pack 'qq', 0, 0;
         said(setpriority(0, 1, 19) ? 0 : -1); said(setpriority(2, 0, 19) ? 0 : -1);
         said(syscall({prlimit}, 1, 7, $r, 0)); said(syscall({prlimit}, 1, 7, 0, $b));
         said(syscall({affinity}, 1, 8, $b)); said(syscall({affinity}, 0, 8, $b));
         said(syscall({prlimit}, 0, 7, 0, $b))"
    );
    let run = sandbox.run(ExecSpec { cores: vec![0], ..perl(&script) });
    assert_eq!(run.text(), format!("{}done\n", "Operation not permitted\n".repeat(6)));
}

#[test]
fn a_program_gets_three_descriptors_its_own_environment_and_no_privileges() {
    let mut sandbox = Sandbox::start();
    let env = vec![("A".to_owned(), "1 2".to_owned()), ("B".to_owned(), String::new())];
    let run = sandbox.run(ExecSpec { env, ..perl("opendir D, '/proc/self/fd'; print join(' ', sort grep /[0-9]/, readdir D), '|'; open F, '/proc/self/environ'; print <F>") });
    assert_eq!(run.text(), "0 1 2 3|A=1 2\0B=\0", "3 is the directory being read");
    let status = "id -u; cat /proc/self/status | grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp|SigBlk|SigIgn|SigCgt):'; cat /proc/self/oom_score_adj; echo $(cut -d' ' -f6 /proc/$$/stat) $$";
    let text = sandbox.run(shell(status)).text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[..9],
        [
            "61234",
            "SigBlk:\t0000000000000000",
            "SigIgn:\t0000000000000000",
            "SigCgt:\t0000000000000000",
            "CapEff:\t0000000000000000",
            "CapBnd:\t0000000000000000",
            "NoNewPrivs:\t1",
            "Seccomp:\t2",
            "1000"
        ],
        "{text}"
    );
    let (session, pid) = lines[9].split_once(' ').unwrap();
    assert_eq!(session, pid, "a session of its own");
}

#[test]
fn what_a_job_writes_to_any_descriptor_is_not_an_event() {
    let mut sandbox = Sandbox::start();
    let forge = "for $fd (0..1023) { open F, '>&=', $fd or next; syswrite F, pack('VCQ<', 9, 0x88, 1) } ";
    let run = sandbox.run(perl(forge));
    assert_eq!(run.outcome.ending, Ending::Code(0));
    assert_eq!(run.stdout.len() + run.stderr.len(), 26, "two descriptors took it, as plain output");
}

#[test]
fn of_sys_a_program_reads_limits_and_cores_and_no_counter() {
    let mut sandbox = Sandbox::start();
    let read = "open L, '-|', 'find /sys -type f 2>/dev/null';
        while (<L>) { chomp; sysopen(F, $_, 2048) && sysread(F, $b, 1) && print qq($_\\n) }";
    let text = sandbox.run(perl(read)).text();
    let known = [
        "cgroup.controllers",
        "cpu.max",
        "cpu.cfs_period_us",
        "cpu.cfs_quota_us",
        "enabled",
        "hpage_pmd_size",
        "kernel_max",
        "memory.high",
        "memory.max",
        "memory.limit_in_bytes",
        "memory.soft_limit_in_bytes",
        "online",
        "pids.max",
        "possible",
        "present",
    ];
    let is_known = |path: &&str| known.contains(&path.rsplit('/').next().unwrap());
    let others: Vec<_> = text.lines().filter(|path| !is_known(path)).collect();
    assert!(others.is_empty(), "{others:?} can be read");
    assert!(
        text.contains("memory.limit_in_bytes") || text.contains("memory.max"),
        "runtimes need it: {text}"
    );
    let beside = "for f in /etc/passwd /proc/cpuinfo /proc/self/status /sys/devices/system/cpu/online; do head -c 1 $f >/dev/null || exit 1; done; echo all";
    assert_eq!(sandbox.run(shell(beside)).text(), "all\n");
}

#[test]
fn the_clock_of_pid_1_cannot_be_read() {
    let mut sandbox = Sandbox::start();
    let call = if cfg!(target_arch = "x86_64") { 228 } else { 113 };
    let ask = format!(
        "$t = pack 'qq'; print syscall({call}, $_, $t) + 0 == -1 ? $! : 'read', qq(\n) for (-14, -10, (~$$ << 3) | 2)"
    );
    assert_eq!(sandbox.run(perl(&ask)).text(), "Invalid argument\nInvalid argument\nread\n");
}
