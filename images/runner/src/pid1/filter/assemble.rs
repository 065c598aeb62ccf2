//! From rules to classic BPF, written by hand: there is no room for libseccomp in a sandbox (see `seccomp(2)`, `bpf(4)`).

use super::rules::{ALLOW, DENY};

pub(super) const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
pub(super) const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
pub(super) const AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
pub(super) const HAS_BIT: u16 = (libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K) as u16;
pub(super) const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;

// Offsets in `struct seccomp_data`.
pub(super) const NUMBER: u32 = 0;
pub(super) const ARCH: u32 = 4;
/// Of an argument the low half on a little-endian machine, which is all that the kernel takes of an int.
pub(super) const ARGS: u32 = 16;
pub(super) const ARG: u32 = 8;

#[cfg(target_arch = "x86_64")]
pub(super) const NATIVE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
pub(super) const NATIVE: u32 = 0xc000_00b7;

/// Numbers from here on are the x32 calls of the same architecture; aarch64 has none so high.
const X32: u32 = 0x4000_0000;

/// Answers a call when all its conditions hold.
pub(super) struct Rule {
    /// Its number.
    pub(super) call: libc::c_long,
    /// Arguments, counted from 0, and what each must be. All of them are ints.
    pub(super) when: &'static [(u32, Test)],
    /// What it is answered.
    pub(super) answer: u32,
}

/// A condition on one argument.
pub(super) enum Test {
    /// It is one of these.
    Is(&'static [u32]),
    /// It is none of these.
    IsNot(&'static [u32]),
    /// It has any of these bits.
    HasAny(u32),
}

impl Test {
    /// Jumps it takes.
    const fn length(&self) -> usize {
        match self {
            Self::Is(values) | Self::IsNot(values) => values.len(),
            Self::HasAny(_) => 1,
        }
    }
}

/// A filter of these rules: calls of another architecture are denied, those that no rule fits are allowed.
pub(super) fn assemble(rules: &[Rule]) -> Vec<libc::sock_filter> {
    let mut steps = vec![
        plain(LOAD, ARCH),
        jump(EQUAL, NATIVE, 1, 0),
        plain(RETURN, DENY),
        plain(LOAD, NUMBER),
        jump(AT_LEAST, X32, 0, 1),
        plain(RETURN, DENY),
    ];
    for rule in rules {
        append(rule, &mut steps);
    }
    steps.push(plain(RETURN, ALLOW));
    steps
}

fn append(rule: &Rule, steps: &mut Vec<libc::sock_filter>) {
    // What is left of the rule after the step at hand: a condition that does not hold jumps over it.
    let mut left = rule.when.iter().map(|(_, test)| 1 + test.length()).sum::<usize>() + 1;
    steps.push(plain(LOAD, NUMBER));
    steps.push(jump(EQUAL, rule.call as u32, 0, left));
    for (argument, test) in rule.when {
        steps.push(plain(LOAD, ARGS + ARG * argument));
        left -= 1 + test.length();
        match test {
            Test::Is(values) => {
                for (others, value) in (0..values.len()).rev().zip(*values) {
                    steps.push(jump(EQUAL, *value, others, if others == 0 { left } else { 0 }));
                }
            }
            Test::IsNot(values) => {
                for (others, value) in (0..values.len()).rev().zip(*values) {
                    steps.push(jump(EQUAL, *value, others + left, 0));
                }
            }
            Test::HasAny(bits) => steps.push(jump(HAS_BIT, *bits, 0, left)),
        }
    }
    steps.push(plain(RETURN, rule.answer));
}

fn plain(code: u16, k: u32) -> libc::sock_filter {
    libc::sock_filter { code, jt: 0, jf: 0, k }
}

/// Over so many steps if the test holds, over so many if not. No rule is nearly as long as a jump can reach.
fn jump(code: u16, k: u32, yes: usize, no: usize) -> libc::sock_filter {
    libc::sock_filter { code, jt: yes as u8, jf: no as u8, k }
}
