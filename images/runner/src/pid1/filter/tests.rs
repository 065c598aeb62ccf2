//! What the filter answers, worked out as the kernel would.

use super::Filter;
use super::assemble::{ARCH, ARG, ARGS, AT_LEAST, EQUAL, HAS_BIT, LOAD, NATIVE, NUMBER, RETURN};
use super::rules::{ALLOW, DENY, PRETEND, RULES};

fn answer_of(arch: u32, number: libc::c_long, args: [u32; 6]) -> u32 {
    let filter = Filter::new().0;
    let (mut at, mut value) = (0, 0);
    loop {
        let step = filter[at];
        at += 1;
        let jump = |yes: bool| usize::from(if yes { step.jt } else { step.jf });
        match step.code {
            LOAD => {
                value = match step.k {
                    NUMBER => number as u32,
                    ARCH => arch,
                    arg => args[((arg - ARGS) / ARG) as usize],
                }
            }
            EQUAL => at += jump(value == step.k),
            AT_LEAST => at += jump(value >= step.k),
            HAS_BIT => at += jump(value & step.k != 0),
            RETURN => return step.k,
            other => panic!("instruction {other:#x}"),
        }
    }
}

fn answer(number: libc::c_long, args: [u32; 6]) -> u32 {
    answer_of(NATIVE, number, args)
}

const fn errno(number: libc::c_int) -> u32 {
    libc::SECCOMP_RET_ERRNO | number as u32
}

#[test]
fn denies_the_list_and_limits_of_other_processes() {
    let always: Vec<_> = RULES.iter().filter(|rule| rule.when.is_empty()).collect();
    assert_eq!(always.len(), 9);
    for rule in always {
        assert_eq!(answer(rule.call, [0; 6]), DENY);
    }
    assert_eq!(answer(libc::SYS_prlimit64, [1, 0, 0, 0, 0, 0]), DENY);
    assert_eq!(answer(libc::SYS_prlimit64, [0; 6]), ALLOW);
}

#[test]
fn allows_the_rest_of_the_native_calls_only() {
    for number in [libc::SYS_read, libc::SYS_execve, libc::SYS_sched_getaffinity, libc::SYS_clone] {
        assert_eq!(answer(number, [7; 6]), ALLOW);
        assert_eq!(answer(number | 0x4000_0000, [7; 6]), DENY, "x32");
        assert_eq!(answer_of(0x4000_0003, number, [7; 6]), DENY, "i386");
    }
}

#[test]
fn outputs_cannot_be_made_non_blocking_and_everything_else_can() {
    let (fionbio, setfl) = (libc::FIONBIO as u32, libc::F_SETFL as u32);
    let nonblocking = (libc::O_NONBLOCK | libc::O_APPEND) as u32;
    for (fd, want) in [(0, ALLOW), (1, PRETEND), (2, PRETEND), (3, ALLOW), (257, ALLOW)] {
        let control = |request, argument| answer(libc::SYS_ioctl, [fd, request, argument, 0, 0, 0]);
        let command = |command, argument| answer(libc::SYS_fcntl, [fd, command, argument, 0, 0, 0]);
        assert_eq!(control(fionbio, 0xffff), want, "{fd}");
        assert_eq!(command(setfl, nonblocking), want, "{fd}");
        assert_eq!(command(setfl, libc::O_APPEND as u32), ALLOW);
        assert_eq!(command(libc::F_GETFL as u32, nonblocking), ALLOW);
    }
}

#[test]
fn no_request_of_a_terminal_or_a_file_system_passes() {
    let control = |request: u32| answer(libc::SYS_ioctl, [0, request, 0, 0, 0, 0]);
    for request in [libc::FIONREAD as u32, libc::FIOCLEX as u32, 0x5450] {
        assert_eq!(control(request), ALLOW, "{request:#x}");
    }
    let flags = 0x4008_6602;
    for request in [libc::TIOCSTI as u32, libc::TIOCLINUX as u32, libc::TCGETS as u32, flags, 0, u32::MAX] {
        assert_eq!(control(request), errno(libc::ENOTTY), "{request:#x}");
    }
}

#[test]
fn locks_pass_and_leases_and_notifications_do_not() {
    let command = |command: u32| answer(libc::SYS_fcntl, [3, command, 0, 0, 0, 0]);
    for lock in [libc::F_GETLK, libc::F_SETLK, libc::F_SETLKW, libc::F_OFD_SETLK] {
        assert_eq!(command(lock as u32), ALLOW);
    }
    for common in [libc::F_DUPFD_CLOEXEC, libc::F_SETPIPE_SZ, libc::F_ADD_SEALS] {
        assert_eq!(command(common as u32), ALLOW);
    }
    for far in [libc::F_SETLEASE, libc::F_GETLEASE, libc::F_NOTIFY, 1036, 1038] {
        assert_eq!(command(far as u32), errno(libc::EINVAL));
    }
}

#[test]
fn out_of_band_data_is_refused_whatever_else_is_asked() {
    let oob = (libc::MSG_OOB | libc::MSG_DONTWAIT) as u32;
    for (call, at) in [
        (libc::SYS_sendto, 3),
        (libc::SYS_sendmsg, 2),
        (libc::SYS_sendmmsg, 3),
        (libc::SYS_recvfrom, 3),
        (libc::SYS_recvmsg, 2),
        (libc::SYS_recvmmsg, 3),
    ] {
        let with = |flags| {
            let mut args = [0; 6];
            args[at] = flags;
            answer(call, args)
        };
        assert_eq!(with(oob), errno(libc::EOPNOTSUPP), "{call}");
        assert_eq!(with(libc::MSG_DONTWAIT as u32), ALLOW, "{call}");
    }
}

#[test]
fn the_page_cache_can_neither_be_asked_nor_set() {
    for call in [libc::SYS_preadv2, libc::SYS_pwritev2] {
        assert_eq!(answer(call, [0, 0, 0, 0, 0, 8]), errno(libc::EOPNOTSUPP));
        assert_eq!(answer(call, [9, 9, 9, 9, 9, 0]), ALLOW);
    }
    let advice = |advice: libc::c_int| answer(libc::SYS_fadvise64, [0, 0, 0, advice as u32, 0, 0]);
    assert_eq!(advice(libc::POSIX_FADV_DONTNEED), PRETEND);
    assert_eq!(advice(libc::POSIX_FADV_SEQUENTIAL), ALLOW);
}

#[test]
fn the_clocks_of_pid_1_cannot_be_read_and_all_others_can() {
    let clock = |clock: i32| answer(libc::SYS_clock_gettime, [clock.cast_unsigned(), 0, 0, 0, 0, 0]);
    // `MAKE_PROCESS_CPUCLOCK` and `MAKE_THREAD_CPUCLOCK` of the kernel.
    let of = |pid: i32, kind: i32| (!pid << 3) | kind;
    for kind in 0..8 {
        assert_eq!(clock(of(1, kind)), errno(libc::EINVAL), "{kind}");
        for other in [0, 2, 3, 300] {
            assert_eq!(clock(of(other, kind)), ALLOW, "{other} {kind}");
        }
    }
    for known in 0..12 {
        assert_eq!(clock(known), ALLOW);
    }
}
