//! deploy/seccomp.json: what it denies, with which error, and that ordinary programs do not notice.

use crate::sandbox::{Sandbox, perl, shell};

const EPERM: i32 = 1;
const ENOSYS: i32 = 38;
const EAFNOSUPPORT: i32 = 97;

/// Name, number on amd64, number on arm64, arguments, error.
const DENIED: &[(&str, i32, i32, &str, i32)] = &[
    ("ptrace(ATTACH, 1)", 101, 117, "16, 1, 0, 0", EPERM),
    ("process_vm_readv", 310, 270, "1, 0, 0, 0, 0, 0", EPERM),
    ("process_vm_writev", 311, 271, "1, 0, 0, 0, 0, 0", EPERM),
    ("kcmp", 312, 272, "1, 1, 0, 0, 0", EPERM),
    ("process_madvise", 440, 440, "0, 0, 0, 0, 0", EPERM),
    ("pidfd_getfd", 438, 438, "0, 0, 0", EPERM),
    ("clone3", 435, 435, "0, 0", ENOSYS),
    ("unshare(NEWUSER)", 272, 97, "0x10000000", EPERM),
    ("setns", 308, 268, "0, 0", EPERM),
    ("clone(NEWUSER)", 56, 220, "0x10000011, 0, 0, 0, 0", EPERM),
    ("mount", 165, 40, "0, 0, 0, 0, 0", EPERM),
    ("umount2", 166, 39, "0, 0", EPERM),
    ("pivot_root", 155, 41, "0, 0", EPERM),
    ("chroot", 161, 51, "0", EPERM),
    ("open_tree", 428, 428, "0, 0, 0", EPERM),
    ("fsopen", 430, 430, "0, 0", EPERM),
    ("bpf", 321, 280, "0, 0, 0", EPERM),
    ("perf_event_open", 298, 241, "0, 0, 0, 0, 0", EPERM),
    ("userfaultfd", 323, 282, "0", EPERM),
    ("io_uring_setup", 425, 425, "1, 0", EPERM),
    ("keyctl", 250, 219, "0, 0, 0, 0, 0", EPERM),
    ("add_key", 248, 217, "0, 0, 0, 0, 0", EPERM),
    ("request_key", 249, 218, "0, 0, 0, 0", EPERM),
    ("shmget", 29, 194, "0, 4096, 0", EPERM),
    ("semget", 64, 190, "0, 1, 0", EPERM),
    ("msgget", 68, 186, "0, 0", EPERM),
    ("mq_open", 240, 180, "0, 0, 0, 0", EPERM),
    ("name_to_handle_at", 303, 264, "0, 0, 0, 0, 0", EPERM),
    ("open_by_handle_at", 304, 265, "0, 0, 0", EPERM),
    ("vmsplice", 278, 75, "0, 0, 0, 0", EPERM),
    ("personality(ADDR_NO_RANDOMIZE)", 135, 92, "0x40000", EPERM),
    ("kexec_load", 246, 104, "0, 0, 0, 0", EPERM),
    ("init_module", 175, 105, "0, 0, 0", EPERM),
    ("swapon", 167, 224, "0, 0", EPERM),
    ("reboot", 169, 142, "0, 0, 0, 0", EPERM),
    ("quotactl", 179, 60, "0, 0, 0, 0", EPERM),
    ("acct", 163, 89, "0", EPERM),
    ("settimeofday", 164, 170, "0, 0", EPERM),
    ("clock_settime", 227, 112, "0, 0", EPERM),
    ("adjtimex", 159, 171, "0", EPERM),
    ("syslog", 103, 116, "0, 0, 0", EPERM),
    ("vhangup", 153, 58, "0", EPERM),
    ("fanotify_init", 300, 262, "0, 0", EPERM),
    ("sync", 162, 81, "0", EPERM),
    ("landlock_create_ruleset", 444, 444, "0, 0, 1", EPERM),
    ("landlock_add_rule", 445, 445, "0, 0, 0, 0", EPERM),
    ("landlock_restrict_self", 446, 446, "0, 0", EPERM),
    ("setpriority", 141, 140, "0, 0, 0", EPERM),
    ("ioprio_set", 251, 30, "0, 0, 0", EPERM),
    ("sched_setscheduler", 144, 119, "0, 0, 0", EPERM),
    ("socket(INET)", 41, 198, "2, 1, 0", EAFNOSUPPORT),
    ("socket(INET6)", 41, 198, "10, 1, 0", EAFNOSUPPORT),
    ("socket(NETLINK)", 41, 198, "16, 3, 0", EAFNOSUPPORT),
    ("socket(ALG)", 41, 198, "38, 5, 0", EAFNOSUPPORT),
    ("socket(VSOCK)", 41, 198, "40, 1, 0", EAFNOSUPPORT),
    ("socketpair(INET)", 53, 199, "2, 1, 0, 0", EAFNOSUPPORT),
];

#[test]
fn the_profile_denies_what_no_program_needs() {
    let mut sandbox = Sandbox::start();
    let calls: Vec<_> = DENIED
        .iter()
        .map(|(name, amd64, arm64, arguments, _)| {
            let number = if cfg!(target_arch = "x86_64") { amd64 } else { arm64 };
            format!(
                "$r = syscall({number}, {arguments}); print '{name} ', $r == -1 ? $! + 0 : 'done', qq(\\n);"
            )
        })
        .collect();
    let text = sandbox.run(perl(&calls.join("\n"))).text();
    let want: Vec<_> = DENIED.iter().map(|(name, _, _, _, error)| format!("{name} {error}")).collect();
    assert_eq!(text.lines().collect::<Vec<_>>(), want);
}

#[test]
fn the_profile_lets_ordinary_things_pass() {
    let mut sandbox = Sandbox::start();
    let script = "socket(S, 1, 1, 0) or die qq(socket $!); socketpair(A, B, 1, 1, 0) or die qq(pair $!);
        pipe(R, W) or die; flock(W, 2) or die qq(flock $!) if open W, '>/tmp/lock'; fork // die; wait; print 'fine'";
    assert_eq!(sandbox.run(perl(script)).text().replace("finefine", "fine"), "fine");
    assert_eq!(
        sandbox
            .run(shell(
                "mkfifo /tmp/f; (echo x > /tmp/f) & cat /tmp/f; chmod 600 /tmp/f; touch -d 2020-01-01 /tmp/f"
            ))
            .text(),
        "x\n"
    );
}
