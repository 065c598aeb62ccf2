//! The program's own seccomp filter, on top of the container's profile.
//!
//! The profile must let the runner pin its child to a core; a program must not be able to undo that, nor slow the
//! runner down, which shares its uid. Each of these calls answers `EPERM`. Classic BPF, written by hand: there is
//! no room for libseccomp in a sandbox (see `seccomp(2)`, `bpf(4)`).

use std::io;

use super::sys::check;

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;

// Offsets in `struct seccomp_data`; the argument is its low half on a little-endian machine, all of a pid_t.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const ARG0: u32 = 16;

#[cfg(target_arch = "x86_64")]
const NATIVE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const NATIVE: u32 = 0xc000_00b7;

/// Numbers from here on are the x32 calls of the same architecture; aarch64 has none so high.
const X32: u32 = 0x4000_0000;

const DENY: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM as u32;
const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;

const DENIED: [libc::c_long; 6] = [
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_setattr,
    libc::SYS_sched_setscheduler,
    libc::SYS_sched_setparam,
    libc::SYS_setpriority,
    libc::SYS_ioprio_set,
];

/// Length of the program: two loads with their checks, the denied numbers, prlimit64, the two answers.
const LENGTH: usize = 4 + DENIED.len() + 3 + 2;

/// A filter ready to be installed.
pub struct Filter([libc::sock_filter; LENGTH]);

impl Filter {
    /// Writes the filter.
    pub fn new() -> Self {
        const ALLOW_AT: usize = LENGTH - 2;
        const DENY_AT: usize = LENGTH - 1;
        // A jump counts from the instruction after it.
        let jump = |code, k, at: usize, yes: usize, no: usize| libc::sock_filter {
            code,
            jt: (yes - at - 1) as u8,
            jf: (no - at - 1) as u8,
            k,
        };
        let plain = |code, k| libc::sock_filter { code, jt: 0, jf: 0, k };
        let mut filter = [plain(RETURN, DENY); LENGTH];
        filter[0] = plain(LOAD, ARCH);
        filter[1] = jump(EQUAL, NATIVE, 1, 2, DENY_AT);
        filter[2] = plain(LOAD, NUMBER);
        filter[3] = jump(AT_LEAST, X32, 3, DENY_AT, 4);
        for (at, number) in (4..).zip(DENIED) {
            filter[at] = jump(EQUAL, number as u32, at, DENY_AT, at + 1);
        }
        let prlimit = 4 + DENIED.len();
        filter[prlimit] = jump(EQUAL, libc::SYS_prlimit64 as u32, prlimit, prlimit + 1, ALLOW_AT);
        filter[prlimit + 1] = plain(LOAD, ARG0);
        filter[prlimit + 2] = jump(EQUAL, 0, prlimit + 2, ALLOW_AT, DENY_AT);
        filter[ALLOW_AT] = plain(RETURN, ALLOW);
        Self(filter)
    }

    /// Puts the filter on the calling process and all its descendants, for good. Needs `no_new_privs`.
    pub fn install(&self) -> io::Result<()> {
        let program =
            libc::sock_fprog { len: self.0.len() as libc::c_ushort, filter: self.0.as_ptr().cast_mut() };
        // SAFETY: `program` points to `len` instructions that outlive the call; the kernel only reads them.
        check(unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) })
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the filter as the kernel would.
    fn answer(arch: u32, number: libc::c_long, arg0: u32) -> u32 {
        let filter = Filter::new().0;
        let (mut at, mut value) = (0, 0);
        loop {
            let step = filter[at];
            at += 1;
            match step.code {
                LOAD if step.k == NUMBER => value = number as u32,
                LOAD if step.k == ARCH => value = arch,
                LOAD if step.k == ARG0 => value = arg0,
                EQUAL => at += usize::from(if value == step.k { step.jt } else { step.jf }),
                AT_LEAST => at += usize::from(if value >= step.k { step.jt } else { step.jf }),
                RETURN => return step.k,
                other => panic!("instruction {other:#x}"),
            }
        }
    }

    #[test]
    fn denies_the_list_and_limits_of_other_processes() {
        for number in DENIED {
            assert_eq!(answer(NATIVE, number, 0), DENY);
        }
        assert_eq!(answer(NATIVE, libc::SYS_prlimit64, 1), DENY);
        assert_eq!(answer(NATIVE, libc::SYS_prlimit64, 0), ALLOW);
    }

    #[test]
    fn allows_the_rest_of_the_native_calls_only() {
        for number in [libc::SYS_read, libc::SYS_execve, libc::SYS_sched_getaffinity, libc::SYS_clone] {
            assert_eq!(answer(NATIVE, number, 7), ALLOW);
            assert_eq!(answer(NATIVE, number | 0x4000_0000, 7), DENY, "x32");
            assert_eq!(answer(0x4000_0003, number, 7), DENY, "i386");
        }
    }
}
