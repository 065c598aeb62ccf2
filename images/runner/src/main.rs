//! PID 1 of every Gavel sandbox: takes commands on its standard input, answers events on its standard output.
//!
//! It refuses to be anything but PID 1, because it kills every other process it can see. Its exit code tells why
//! it ended: 0 its input ended, 64 wrong use, 70 it could not go on, 76 the worker broke the protocol.

#![expect(unsafe_code, reason = "PID 1 talks to the kernel; every block says why it is sound")]

use std::process::ExitCode;

mod pid1;

fn main() -> ExitCode {
    // Before a sandbox has any other process, and while these files are not root's.
    let reads = pid1::Reads::open().ok();
    // Nothing else may come before this: from here on no process of the same uid can look into this one.
    if pid1::harden().is_err() {
        return ExitCode::from(70);
    }
    if std::env::args_os().nth(1).is_some_and(|argument| argument == "--version") {
        println!("gavel-runner {} protocol {}", env!("CARGO_PKG_VERSION"), gavel_runner::PROTOCOL);
        return ExitCode::SUCCESS;
    }
    if std::process::id() != 1 {
        eprintln!("gavel-runner: must be PID 1 of a sandbox: it kills every other process it can see");
        return ExitCode::from(64);
    }
    match pid1::prepare(reads).and_then(pid1::serve) {
        Ok(pid1::End::Closed) => ExitCode::SUCCESS,
        Ok(pid1::End::Protocol) => ExitCode::from(76),
        Err(_) => ExitCode::from(70),
    }
}
