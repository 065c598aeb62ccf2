//! A container with the runner in it, and the worker's side of the protocol, as simple as it can be.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command as Process, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use gavel_runner::{
    Cgroup, Command, Decoder, Event, ExecSpec, Outcome, PROTOCOL, Root, Stdin, Stdout, encode_command,
    encode_data, encode_stdin,
};

/// Nothing in these tests takes longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
pub const MIB: u64 = 1024 * 1024;
const IMAGE: &str = "gavel/runner-test";

pub struct Sandbox {
    docker: Child,
    stdin: Option<ChildStdin>,
    events: Receiver<(u64, Event)>,
    nonce: u64,
    pub name: String,
    pub cgroup: Cgroup,
}

/// What came of a job.
#[derive(Debug)]
pub struct Run {
    pub outcome: Outcome,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Whether it was shown its peer's end before it ended.
    pub shown: bool,
}

impl Run {
    pub fn text(&self) -> String {
        assert_eq!(String::from_utf8_lossy(&self.stderr), "", "{:?}", self.outcome);
        String::from_utf8(self.stdout.clone()).unwrap()
    }

    pub fn cpu_us(&self) -> u64 {
        self.outcome.user_us + self.outcome.system_us
    }
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub fn docker(args: &[&str]) -> String {
    let output = Process::new("docker").args(args).output().expect("the docker command must be installed");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {args:?} failed; is Docker Engine running?\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Builds the static binary and an image with nothing else on top of Debian's.
fn image() -> &'static str {
    static IMAGE_ONCE: OnceLock<()> = OnceLock::new();
    IMAGE_ONCE.get_or_init(|| {
        let built = Process::new(repository().join("images/runner/build.sh")).output().unwrap();
        assert!(built.status.success(), "build.sh: {}", String::from_utf8_lossy(&built.stderr));
        let binary = String::from_utf8(built.stdout).unwrap();
        let context = tempfile::tempdir().unwrap();
        std::fs::copy(binary.trim(), context.path().join("gavel-runner")).unwrap();
        // runc gives a tmpfs the mode of the directory it covers, whatever the mount option says.
        let dockerfile = "FROM debian:trixie-slim\nRUN mkdir -p -m 1777 /app/work\nCOPY gavel-runner /\nENTRYPOINT [\"/gavel-runner\"]\n";
        std::fs::write(context.path().join("Dockerfile"), dockerfile).unwrap();
        docker(&["build", "--quiet", "--tag", IMAGE, &context.path().to_string_lossy()]);
    });
    IMAGE
}

impl Sandbox {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(more: &[&str]) -> Self {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("gavel-runner-test-{}-{number}", std::process::id());
        let seccomp = format!("seccomp={}", repository().join("deploy/seccomp.json").display());
        let image = image();
        let mut docker = Process::new("docker")
            .args(["run", "--interactive", "--rm", "--name", &name, "--log-driver", "none"])
            .args(["--user", "61234:61234", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"])
            .args(["--security-opt", &seccomp, "--network", "none", "--read-only", "--pids-limit", "64"])
            .args(["--memory", "320m", "--memory-swap", "320m"])
            .args(["--tmpfs", "/tmp:rw,exec,nosuid,nodev,size=64m,nr_inodes=20000,uid=61234,gid=61234"])
            .args([
                "--tmpfs",
                "/app/work:rw,noexec,nosuid,nodev,size=32m,nr_inodes=20000,uid=61234,gid=61234",
            ])
            .args(["--tmpfs", "/dev/shm:rw,noexec,nosuid,nodev,size=4m,nr_inodes=256,uid=61234,gid=61234"])
            .args(["--ulimit", "core=0", "--ulimit", "nofile=1024"])
            .args(more)
            .arg(image)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the docker command must be installed");
        let stdin = docker.stdin.take();
        let mut stdout = docker.stdout.take().unwrap();
        let (sender, events) = channel();
        std::thread::spawn(move || {
            let mut decoder = Decoder::<Event>::new();
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = stdout.read(&mut buffer) {
                decoder.push(&buffer[..count]);
                while let Some(event) = decoder.next().expect("the runner keeps to the protocol") {
                    if sender.send(event).is_err() {
                        return;
                    }
                }
            }
        });
        let mut sandbox = Self { docker, stdin, events, nonce: 0, name, cgroup: Cgroup::Unknown };
        let (nonce, event) = sandbox.event();
        let Event::Ready { protocol, cgroup } = event else { panic!("{event:?}") };
        assert_eq!((nonce, protocol), (0, PROTOCOL));
        sandbox.cgroup = cgroup;
        sandbox
    }

    /// Takes no output for a while, as a worker does that has other things to do.
    pub fn look_away(&mut self, time: Duration) {
        let pid = self.docker.id().to_string();
        let signal =
            |name: &str| assert!(Process::new("kill").args([name, &pid]).status().unwrap().success());
        signal("-STOP");
        std::thread::sleep(time);
        signal("-CONT");
    }

    /// The next event of the runner.
    pub fn event(&mut self) -> (u64, Event) {
        match self.events.recv_timeout(PATIENCE) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => panic!("no event within {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("the sandbox ended: {:?}", self.docker.wait()),
        }
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().unwrap().write_all(bytes).unwrap();
        self.stdin.as_mut().unwrap().flush().unwrap();
    }

    pub fn send(&mut self, nonce: u64, command: &Command) {
        let mut frame = Vec::new();
        encode_command(nonce, command, &mut frame).unwrap();
        self.send_bytes(&frame);
    }

    pub fn nonce(&mut self) -> u64 {
        self.nonce += 1;
        self.nonce
    }

    /// Sends a command and gives the event that answers it.
    pub fn ask(&mut self, command: &Command) -> Event {
        let nonce = self.nonce();
        self.send(nonce, command);
        let (answered, event) = self.event();
        assert_eq!(answered, nonce, "{event:?}");
        event
    }

    pub fn begin(&mut self, spec: ExecSpec) -> u64 {
        let nonce = self.nonce();
        self.send(nonce, &Command::Exec(spec));
        nonce
    }

    /// Collects a job's output to its end.
    pub fn finish(&mut self, nonce: u64) -> Run {
        let (mut stdout, mut stderr, mut shown) = (Vec::new(), Vec::new(), false);
        loop {
            let (answered, event) = self.event();
            assert_eq!(answered, nonce, "{event:?}");
            match event {
                Event::Stdout(bytes) => stdout.extend(bytes),
                Event::Stderr(bytes) => stderr.extend(bytes),
                Event::PeerEndShown => shown = true,
                // Of a joined program, only as often as it had no core; of a live one, as it takes its input.
                Event::Waited { .. } | Event::Taken { .. } => {}
                Event::Exited(outcome) => return Run { outcome, stdout, stderr, shown },
                other => panic!("{other:?}"),
            }
        }
    }

    pub fn run(&mut self, spec: ExecSpec) -> Run {
        let nonce = self.begin(spec);
        self.finish(nonce)
    }

    /// Sends standard input in chunks, and its end.
    pub fn feed(&mut self, nonce: u64, bytes: &[u8]) {
        let mut frames = Vec::new();
        for chunk in bytes.chunks(gavel_runner::CHUNK) {
            encode_stdin(nonce, chunk, &mut frames).unwrap();
        }
        encode_command(nonce, &Command::StdinEof, &mut frames).unwrap();
        self.send_bytes(&frames);
    }

    pub fn put(&mut self, root: Root, path: &str, mode: u32, keep: bool, bytes: &[u8]) {
        let nonce = self.nonce();
        let mut frames = Vec::new();
        let put = Command::Put { root, path: path.to_owned(), mode, size: bytes.len() as u64, keep };
        encode_command(nonce, &put, &mut frames).unwrap();
        for chunk in bytes.chunks(gavel_runner::CHUNK) {
            encode_data(nonce, chunk, &mut frames).unwrap();
        }
        self.send_bytes(&frames);
    }

    pub fn reset(&mut self) {
        assert_eq!(self.ask(&Command::Reset), Event::ResetDone);
    }

    /// Asks for a border between two tests or two submissions that cannot be passed: what the runner says is left.
    pub fn refuses(&mut self, border: &Command) -> String {
        match self.ask(border) {
            Event::Failed { what } => what,
            other => panic!("{other:?}"),
        }
    }

    /// Closes the command stream.
    pub fn hang_up(&mut self) {
        drop(self.stdin.take());
    }

    /// Waits until the container has ended.
    pub fn gone(&mut self) -> Duration {
        let start = Instant::now();
        while self.docker.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < PATIENCE, "the sandbox did not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        start.elapsed()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.hang_up();
        drop(Process::new("docker").args(["rm", "--force", &self.name]).output());
        drop(self.docker.wait());
    }
}

/// A program with limits that none of these tests reaches by accident.
pub fn program(argv: &[&str]) -> ExecSpec {
    ExecSpec {
        argv: argv.iter().map(|word| (*word).to_owned()).collect(),
        env: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
        cwd: "/tmp".to_owned(),
        stdin: Stdin::Empty,
        stdout: Stdout::Stream,
        cpu_limit_us: 20_000_000,
        wall_limit_us: 30_000_000,
        wall_spare_us: 0,
        memory_limit: u64::MAX,
        stdout_limit: 64 * MIB,
        stderr_limit: 64 * MIB,
        stderr_forward: 64 * 1024,
        stack_bytes: 64 * MIB,
        file_bytes: u64::MAX,
        cores: vec![],
        address_space_bytes: None,
    }
}

pub fn shell(script: &str) -> ExecSpec {
    program(&["/bin/sh", "-c", script])
}

/// Counts the processes of the sandbox, itself and PID 1 among them.
pub fn count_processes() -> ExecSpec {
    perl("print scalar(() = glob '/proc/[0-9]*')")
}

pub fn perl(script: &str) -> ExecSpec {
    program(&["/usr/bin/perl", "-e", script])
}
