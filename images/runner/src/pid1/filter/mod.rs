//! The program's own seccomp filter, on top of the container's profile.
//!
//! The profile must let the runner pin and confine its child; a program must not be able to undo that, nor slow the
//! runner down, which shares its uid. And here, unlike in the profile, an answer can depend on several arguments and be
//! the error that programs know how to take. What is filtered is in [`rules`]; `deploy/seccomp.md` says why.

mod assemble;
mod rules;
#[cfg(test)]
mod tests;

use std::io;

use super::sys::check;

/// A filter ready to be installed.
pub struct Filter(Vec<libc::sock_filter>);

impl Filter {
    /// Writes the filter.
    pub fn new() -> Self {
        Self(assemble::assemble(&rules::RULES))
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
