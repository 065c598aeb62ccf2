//! What a program is answered instead of having its call carried out.

use super::assemble::Rule;
use super::assemble::Test::{HasAny, Is, IsNot};

/// The call is carried out.
pub(super) const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
/// It returns 0 and does nothing.
pub(super) const PRETEND: u32 = libc::SECCOMP_RET_ERRNO;
/// Not permitted.
pub(super) const DENY: u32 = error(libc::EPERM);
/// What the kernel answers where something is no terminal, or knows nothing of such a request.
const NOT_A_TERMINAL: u32 = error(libc::ENOTTY);
/// What the kernel answers where a file system or a socket cannot do that.
const UNSUPPORTED: u32 = error(libc::EOPNOTSUPP);
/// What the kernel answers to a command that it does not know.
const INVALID: u32 = error(libc::EINVAL);

const fn error(errno: libc::c_int) -> u32 {
    libc::SECCOMP_RET_ERRNO | errno as u32
}

/// `FIONCLEX`, which not every libc names.
const FIONCLEX: u32 = 0x5450;

/// The requests of `ioctl` that are carried out: none is a terminal's, and none a file system's.
const REQUESTS: &[u32] = &[libc::FIONREAD as u32, libc::FIONBIO as u32, libc::FIOCLEX as u32, FIONCLEX];

/// Commands of `fcntl` that reach past the process: leases, notifications of directories, hints on how long a file
/// lives, delegations (`include/uapi/linux/fcntl.h`).
const FAR_COMMANDS: &[u32] = &[1024, 1025, 1026, 1035, 1036, 1037, 1038, 1039, 1040];

/// The clocks of PID 1 and its thread: `(~1 << 3)` and the three low bits (`include/linux/posix-timers.h`).
const RUNNERS_CLOCKS: &[u32] =
    &[0xffff_fff0, 0xffff_fff1, 0xffff_fff2, 0xffff_fff3, 0xffff_fff4, 0xffff_fff5, 0xffff_fff6, 0xffff_fff7];

const OUT_OF_BAND: u32 = libc::MSG_OOB as u32;

const fn denied(call: libc::c_long) -> Rule {
    Rule { call, when: &[], answer: DENY }
}

/// In this order; the first one that fits answers.
pub(super) const RULES: [Rule; 24] = [
    // What the runner did to its child stays.
    denied(libc::SYS_sched_setaffinity),
    denied(libc::SYS_sched_setattr),
    denied(libc::SYS_sched_setscheduler),
    denied(libc::SYS_sched_setparam),
    denied(libc::SYS_setpriority),
    denied(libc::SYS_ioprio_set),
    denied(libc::SYS_landlock_create_ruleset),
    denied(libc::SYS_landlock_add_rule),
    denied(libc::SYS_landlock_restrict_self),
    // Limits of the process itself only.
    Rule { call: libc::SYS_prlimit64, when: &[(0, IsNot(&[0]))], answer: DENY },
    // A write to standard output or standard error never comes up short. Node makes a pipe that it finds there
    // non-blocking, keeps what the pipe does not take at once, and throws it away when `process.exit()` is called;
    // other programs write once and do not look at the count. A reader that always drains makes the difference in time
    // only. These are the two ways to make a descriptor non-blocking.
    Rule {
        call: libc::SYS_ioctl,
        when: &[(1, Is(&[libc::FIONBIO as u32])), (0, Is(&[1, 2]))],
        answer: PRETEND,
    },
    Rule {
        call: libc::SYS_fcntl,
        when: &[(1, Is(&[libc::F_SETFL as u32])), (2, HasAny(libc::O_NONBLOCK as u32)), (0, Is(&[1, 2]))],
        answer: PRETEND,
    },
    Rule { call: libc::SYS_ioctl, when: &[(1, IsNot(REQUESTS))], answer: NOT_A_TERMINAL },
    Rule { call: libc::SYS_fcntl, when: &[(1, Is(FAR_COMMANDS))], answer: INVALID },
    // What the runner has computed so far tells of the programs before this one.
    Rule { call: libc::SYS_clock_gettime, when: &[(0, Is(RUNNERS_CLOCKS))], answer: INVALID },
    // Out-of-band data of unix sockets: nobody's need, and the home of several faults of the kernel.
    Rule { call: libc::SYS_sendto, when: &[(3, HasAny(OUT_OF_BAND))], answer: UNSUPPORTED },
    Rule { call: libc::SYS_sendmsg, when: &[(2, HasAny(OUT_OF_BAND))], answer: UNSUPPORTED },
    Rule { call: libc::SYS_sendmmsg, when: &[(3, HasAny(OUT_OF_BAND))], answer: UNSUPPORTED },
    Rule { call: libc::SYS_recvfrom, when: &[(3, HasAny(OUT_OF_BAND))], answer: UNSUPPORTED },
    Rule { call: libc::SYS_recvmsg, when: &[(2, HasAny(OUT_OF_BAND))], answer: UNSUPPORTED },
    Rule { call: libc::SYS_recvmmsg, when: &[(3, HasAny(OUT_OF_BAND))], answer: UNSUPPORTED },
    // Which pages of the image are in memory is the same for all its containers: reading only what is there
    // (`RWF_NOWAIT`) would tell, and giving pages up would set it.
    Rule { call: libc::SYS_preadv2, when: &[(5, HasAny(u32::MAX))], answer: UNSUPPORTED },
    Rule { call: libc::SYS_pwritev2, when: &[(5, HasAny(u32::MAX))], answer: UNSUPPORTED },
    Rule {
        call: libc::SYS_fadvise64,
        when: &[(3, Is(&[libc::POSIX_FADV_DONTNEED as u32]))],
        answer: PRETEND,
    },
];
