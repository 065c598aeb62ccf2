//! deploy/seccomp.json: what it denies, with which error, and that ordinary programs do not notice.

use crate::sandbox::{Sandbox, perl, shell};

const EPERM: i32 = 1;
const EINVAL: i32 = 22;
const ENOTTY: i32 = 25;
const ENOSYS: i32 = 38;
const ENOTSUP: i32 = 95;
const EAFNOSUPPORT: i32 = 97;

/// What arguments name: a call may write to what it is given, so perl refuses it a literal.
const STRINGS: &str = "$tmp = '/tmp'; $name = 'user.x'; $x = 'x';\n";

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
    ("splice", 275, 76, "0, 0, 1, 0, 1, 0", EINVAL),
    ("tee", 276, 77, "0, 1, 1, 0", EINVAL),
    ("vmsplice", 278, 75, "0, 0, 0, 0", EINVAL),
    ("setxattr", 188, 5, "$tmp, $name, $x, 1, 0", ENOTSUP),
    ("lsetxattr", 189, 6, "$tmp, $name, $x, 1, 0", ENOTSUP),
    ("fsetxattr", 190, 7, "0, $name, $x, 1, 0", ENOTSUP),
    ("removexattr", 197, 14, "$tmp, $name", ENOTSUP),
    ("lremovexattr", 198, 15, "$tmp, $name", ENOTSUP),
    ("fremovexattr", 199, 16, "0, $name", ENOTSUP),
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
    let text = sandbox.run(perl(&format!("{STRINGS}{}", calls.join("\n")))).text();
    let want: Vec<_> = DENIED.iter().map(|(name, _, _, _, error)| format!("{name} {error}")).collect();
    assert_eq!(text.lines().collect::<Vec<_>>(), want);
}

/// Name, number on amd64, number on arm64, arguments, error; 0 for a call that is answered and not carried out.
const FILTERED: &[(&str, i32, i32, &str, i32)] = &[
    ("ioctl(TIOCSTI)", 16, 29, "0, 0x5412, $x", ENOTTY),
    ("ioctl(TIOCLINUX)", 16, 29, "0, 0x541c, $x", ENOTTY),
    ("ioctl(TCGETS)", 16, 29, "0, 0x5401, $buffer", ENOTTY),
    ("ioctl(FS_IOC_GETFLAGS)", 16, 29, "fileno(DIR), 0x80086601, $buffer", ENOTTY),
    ("ioctl(FS_IOC_SETFLAGS)", 16, 29, "fileno(DIR), 0x40086602, $buffer", ENOTTY),
    ("ioctl(FIONREAD)", 16, 29, "fileno(R), 0x541b, $buffer", 0),
    ("fcntl(F_SETLEASE)", 72, 25, "fileno(FILE), 1024, 0", EINVAL),
    ("fcntl(F_GETLEASE)", 72, 25, "fileno(FILE), 1025, 0", EINVAL),
    ("fcntl(F_NOTIFY)", 72, 25, "fileno(DIR), 1026, 0", EINVAL),
    ("fcntl(F_SET_RW_HINT)", 72, 25, "fileno(FILE), 1036, $buffer", EINVAL),
    ("fcntl(F_GETFD)", 72, 25, "fileno(FILE), 1, 0", 0),
    ("sendto(MSG_OOB)", 44, 206, "fileno(A), $x, 1, 1, 0, 0", ENOTSUP),
    ("sendmsg(MSG_OOB)", 46, 211, "fileno(A), $buffer, 1", ENOTSUP),
    ("sendmmsg(MSG_OOB)", 307, 269, "fileno(A), $buffer, 1, 1", ENOTSUP),
    ("recvfrom(MSG_OOB)", 45, 207, "fileno(B), $buffer, 1, 1, 0, 0", ENOTSUP),
    ("recvmsg(MSG_OOB)", 47, 212, "fileno(B), $buffer, 1", ENOTSUP),
    ("recvmmsg(MSG_OOB)", 299, 243, "fileno(B), $buffer, 1, 1, 0", ENOTSUP),
    ("sendto", 44, 206, "fileno(A), $x, 1, 0, 0, 0", 0),
    ("preadv2(RWF_NOWAIT)", 327, 286, "fileno(FILE), $buffer, 0, 0, 0, 8", ENOTSUP),
    ("pwritev2(RWF_DONTCACHE)", 328, 287, "fileno(FILE), $buffer, 0, 0, 0, 128", ENOTSUP),
    ("preadv2", 327, 286, "fileno(FILE), $buffer, 0, 0, 0, 0", 0),
    ("fadvise64(DONTNEED)", 221, 223, "-1, 0, 0, 4", 0),
];

#[test]
fn the_filter_answers_by_argument() {
    let mut sandbox = Sandbox::start();
    let calls: Vec<_> = FILTERED
        .iter()
        .map(|(name, amd64, arm64, arguments, _)| {
            let number = if cfg!(target_arch = "x86_64") { amd64 } else { arm64 };
            format!("$r = syscall({number}, {arguments}); print '{name} ', $r == -1 ? $! + 0 : 0, qq(\\n);")
        })
        .collect();
    let open = "$buffer = qq(\\0) x 256; opendir DIR, '/tmp'; open FILE, '+>', '/tmp/f'; pipe R, W; socketpair(A, B, 1, 1, 0);\n";
    let text = sandbox.run(perl(&format!("{STRINGS}{open}{}", calls.join("\n")))).text();
    let want: Vec<_> = FILTERED.iter().map(|(name, _, _, _, error)| format!("{name} {error}")).collect();
    assert_eq!(text.lines().collect::<Vec<_>>(), want);
}

#[test]
fn tools_go_on_without_attributes_and_splice() {
    let mut sandbox = Sandbox::start();
    let script = "cd /tmp; echo text > a; cp -a a b; cp --preserve=all a c; install -m 755 a d; mv d /dev/shm/e; cat b c /dev/shm/e | cat | tee f | cat; cat < f > g; cmp f g; cp -a /etc/default h; tar cf - b c | tar xf - -C h; ls h/b; dd if=a of=i status=none; cmp a i";
    assert_eq!(sandbox.run(shell(script)).text(), "text\ntext\ntext\nh/b\n");
}

#[test]
fn the_profile_lets_ordinary_things_pass() {
    let mut sandbox = Sandbox::start();
    let script = "socket(S, 1, 1, 0) or die qq(socket $!); socketpair(A, B, 1, 1, 0) or die qq(pair $!);
        pipe(R, W) or die; open W, '+>', '/tmp/lock' or die qq(lock $!); my $l = pack('ssx4qqix4', 1, 0, 0, 0, 0); fcntl(W, 6, $l) or die qq(a lock $!); fork // die; wait; print 'fine'";
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
