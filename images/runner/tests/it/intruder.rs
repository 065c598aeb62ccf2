//! Somebody with rights that no program has, who leaves in a sandbox what no program could: the engine starts it there,
//! in a container without a profile and past the runner.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command as Process, Stdio};

use crate::sandbox::Sandbox;

/// A sandbox that can be intruded.
pub fn open_sandbox() -> Sandbox {
    Sandbox::start_with(&["--security-opt", "seccomp=unconfined"])
}

/// A process in a sandbox that is not the runner's.
pub struct Intruder(Child);

/// Root, but without a privilege: the runner cannot kill it.
pub const ROOT: &str = "0:0";
/// The runner's own user, in root's group.
pub const OWNER: &str = "61234:0";

impl Intruder {
    /// Runs a perl script beside the runner and returns when it has done its work: what it holds it holds until the
    /// end.
    pub fn enter(sandbox: &Sandbox, user: &str, script: &str) -> Self {
        let script = format!("{script}; $| = 1; print qq(done\\n); <STDIN>");
        let mut docker = Process::new("docker")
            .args(["exec", "--interactive", "--user", user, &sandbox.name])
            .args(["/usr/bin/perl", "-e", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the docker command must be installed");
        let mut said = String::new();
        BufReader::new(docker.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "done\n", "the intruder failed");
        Self(docker)
    }

    /// Lets it end and waits until it has.
    pub fn leave(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }
}
