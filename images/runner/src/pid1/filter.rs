//! The program's own seccomp filter, on top of the container's profile.
//!
//! The profile must let the runner pin and confine its child; a program must not be able to undo that, nor slow the
//! runner down, which shares its uid. Each of these calls answers `EPERM`.
//!
//! And a write to standard output or standard error never comes up short. Node makes a pipe that it finds there
//! non-blocking, keeps what the pipe does not take at once, and throws it away when `process.exit()` is called; other
//! programs write once and do not look at the count. So 1 and 2 stay as they were given: making them non-blocking is
//! answered with success and not done. A reader that always drains makes the difference in time only.
//!
//! Classic BPF, written by hand: there is no room for libseccomp in a sandbox (see `seccomp(2)`, `bpf(4)`).

use std::io;

use super::sys::check;

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
const HAS_BIT: u16 = (libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;

// Offsets in `struct seccomp_data`; of an argument the low half on a little-endian machine, which is all of an int.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const ARG0: u32 = 16;
const ARG1: u32 = 24;
const ARG2: u32 = 32;

#[cfg(target_arch = "x86_64")]
const NATIVE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const NATIVE: u32 = 0xc000_00b7;

/// Numbers from here on are the x32 calls of the same architecture; aarch64 has none so high.
const X32: u32 = 0x4000_0000;

const DENY: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM as u32;
const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
/// The call returns 0 and does nothing.
const PRETEND: u32 = libc::SECCOMP_RET_ERRNO;

const DENIED: [libc::c_long; 9] = [
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_setattr,
    libc::SYS_sched_setscheduler,
    libc::SYS_sched_setparam,
    libc::SYS_setpriority,
    libc::SYS_ioprio_set,
    libc::SYS_landlock_create_ruleset,
    libc::SYS_landlock_add_rule,
    libc::SYS_landlock_restrict_self,
];

/// Where a jump goes.
#[derive(Clone, Copy)]
enum To {
    /// Over this many instructions.
    Over(usize),
    /// To one of the answers.
    Answer(u32),
}

const NEXT: To = To::Over(0);

/// The answers, at the end of the program.
const ANSWERS: [u32; 3] = [ALLOW, PRETEND, DENY];

enum Step {
    Load(u32),
    Jump(u16, u32, To, To),
}

/// A filter ready to be installed.
pub struct Filter(Vec<libc::sock_filter>);

impl Filter {
    /// Writes the filter.
    pub fn new() -> Self {
        let steps = steps();
        let answers = ANSWERS.map(|answer| plain(RETURN, answer));
        let length = steps.len();
        let distance = |at: usize, to: To| match to {
            To::Over(count) => count as u8,
            To::Answer(answer) => {
                let place = ANSWERS.iter().position(|known| *known == answer).unwrap_or(ANSWERS.len() - 1);
                // A jump counts from the instruction after it.
                (length + place - at - 1) as u8
            }
        };
        let compiled = steps.into_iter().enumerate().map(|(at, step)| match step {
            Step::Load(offset) => plain(LOAD, offset),
            Step::Jump(code, k, yes, no) => {
                libc::sock_filter { code, jt: distance(at, yes), jf: distance(at, no), k }
            }
        });
        Self(compiled.chain(answers).collect())
    }

    /// Puts the filter on the calling process and all its descendants, for good. Needs `no_new_privs`.
    pub fn install(&self) -> io::Result<()> {
        let (len, filter) = (self.0.len() as libc::c_ushort, self.0.as_ptr().cast_mut());
        let program = libc::sock_fprog { len, filter };
        // SAFETY: `program` points to `len` instructions that outlive the call; the kernel only reads them.
        check(unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) })
            .map(drop)
    }
}

fn plain(code: u16, k: u32) -> libc::sock_filter {
    libc::sock_filter { code, jt: 0, jf: 0, k }
}

fn steps() -> Vec<Step> {
    use Step::{Jump, Load};
    use To::{Answer, Over};
    let mut steps = vec![
        Load(ARCH),
        Jump(EQUAL, NATIVE, NEXT, Answer(DENY)),
        Load(NUMBER),
        Jump(AT_LEAST, X32, Answer(DENY), NEXT),
    ];
    steps.extend(DENIED.map(|number| Jump(EQUAL, number as u32, Answer(DENY), NEXT)));
    steps.extend([
        // Limits of the process itself only.
        Jump(EQUAL, libc::SYS_prlimit64 as u32, NEXT, Over(2)),
        Load(ARG0),
        Jump(EQUAL, 0, Answer(ALLOW), Answer(DENY)),
        // The two ways to make a descriptor non-blocking.
        Jump(EQUAL, libc::SYS_ioctl as u32, NEXT, Over(2)),
        Load(ARG1),
        Jump(EQUAL, libc::FIONBIO as u32, Over(5), Answer(ALLOW)),
        Jump(EQUAL, libc::SYS_fcntl as u32, NEXT, Answer(ALLOW)),
        Load(ARG1),
        Jump(EQUAL, libc::F_SETFL as u32, NEXT, Answer(ALLOW)),
        Load(ARG2),
        Jump(HAS_BIT, libc::O_NONBLOCK as u32, NEXT, Answer(ALLOW)),
        Load(ARG0),
        Jump(EQUAL, 1, Answer(PRETEND), NEXT),
        Jump(EQUAL, 2, Answer(PRETEND), Answer(ALLOW)),
    ]);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the filter as the kernel would.
    fn answer_of(arch: u32, number: libc::c_long, args: [u32; 3]) -> u32 {
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
                        ARG0 => args[0],
                        ARG1 => args[1],
                        ARG2 => args[2],
                        other => panic!("offset {other}"),
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

    fn answer(arch: u32, number: libc::c_long, arg0: u32) -> u32 {
        answer_of(arch, number, [arg0, 0, 0])
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

    #[test]
    fn outputs_cannot_be_made_non_blocking_and_everything_else_can() {
        let (fionbio, setfl) = (libc::FIONBIO as u32, libc::F_SETFL as u32);
        let nonblocking = (libc::O_NONBLOCK | libc::O_APPEND) as u32;
        for (fd, want) in [(0, ALLOW), (1, PRETEND), (2, PRETEND), (3, ALLOW), (257, ALLOW)] {
            assert_eq!(answer_of(NATIVE, libc::SYS_ioctl, [fd, fionbio, 0xffff]), want, "{fd}");
            assert_eq!(answer_of(NATIVE, libc::SYS_fcntl, [fd, setfl, nonblocking]), want, "{fd}");
            assert_eq!(answer_of(NATIVE, libc::SYS_fcntl, [fd, setfl, libc::O_APPEND as u32]), ALLOW);
            assert_eq!(answer_of(NATIVE, libc::SYS_fcntl, [fd, libc::F_GETFL as u32, nonblocking]), ALLOW);
            assert_eq!(answer_of(NATIVE, libc::SYS_ioctl, [fd, libc::TCGETS as u32, 0]), ALLOW);
        }
    }
}
