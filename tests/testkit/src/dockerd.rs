//! A Docker Engine of a test's own, which can be killed: the containers of everybody else stay as they are.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use crate::images::image_tag;
use crate::wait::until;

/// How long an engine may take to answer: it first ends what an earlier one left running.
const ANSWERS_WITHIN: Duration = Duration::from_secs(90);

/// Where containerd listens, as a service of its own or as one of the machine's engine.
const CONTAINERD: [&str; 2] =
    ["/run/containerd/containerd.sock", "/var/run/docker/containerd/containerd.sock"];

/// A `dockerd` with a folder of its own, over the machine's containerd, where it has a namespace of its own. Dropped, it goes with
/// all its containers and images.
pub struct DockerEngine {
    folder: PathBuf,
    daemon: Mutex<Option<Child>>,
}

impl DockerEngine {
    /// One that answers and has these images of languages, such as `python-run`, of the machine's engine.
    ///
    /// # Panics
    /// When it does not start, which only root can do, or when an image is not there.
    pub async fn start(images: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("gavel-dockerd-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        let engine = Self { folder, daemon: Mutex::default() };
        engine.resume().await;
        let tag = image_tag();
        let images: Vec<String> = images.iter().map(|image| format!("gavel/{image}:{tag}")).collect();
        let mut save =
            Command::new("docker").arg("save").args(&images).stdout(Stdio::piped()).spawn().unwrap();
        let load = engine.docker(&["load", "--quiet"]).stdin(save.stdout.take().unwrap()).output().unwrap();
        assert!(save.wait().unwrap().success() && load.status.success(), "{images:?} are copied: {load:?}");
        engine
    }

    /// Kills it. What runs in its containers goes on, with nobody to look after it.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&self) {
        let mut daemon = self.daemon.lock().unwrap().take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// Starts it again, and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    pub async fn resume(&self) {
        *self.daemon.lock().unwrap() = Some(self.launch());
        until(
            &format!("the engine answers; see {}", self.path("log").display()),
            ANSWERS_WITHIN,
            async || self.answers().then_some(()),
        )
        .await;
    }

    /// Its socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.path("docker.sock")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn launch(&self) -> Child {
        let containerd = CONTAINERD.into_iter().find(|socket| Path::new(socket).exists());
        let namespace = self.folder.file_name().unwrap().to_str().unwrap();
        let log = File::options().create(true).append(true).open(self.path("log")).unwrap();
        // Of one that was killed.
        std::fs::remove_file(self.path("pid")).ok();
        // In a network of its own: an engine takes away the bridge that it is to do without.
        Command::new("unshare")
            .args(["--net", "--", "dockerd"])
            .arg("--data-root")
            .arg(self.path("data"))
            .arg("--exec-root")
            .arg(self.path("exec"))
            .arg("--pidfile")
            .arg(self.path("pid"))
            .arg(format!("--host=unix://{}", self.socket().display()))
            .arg(format!("--containerd={}", containerd.unwrap()))
            .arg(format!("--containerd-namespace={namespace}"))
            .arg(format!("--containerd-plugins-namespace={namespace}-plugins"))
            // Sandboxes have no network.
            .args(["--bridge=none", "--iptables=false", "--ip6tables=false"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    fn answers(&self) -> bool {
        let asked = self.docker(&["version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.unwrap().success()
    }

    fn docker(&self, arguments: &[&str]) -> Command {
        let mut docker = Command::new("docker");
        docker.arg("--host").arg(format!("unix://{}", self.socket().display())).args(arguments);
        docker
    }
}

impl Drop for DockerEngine {
    fn drop(&mut self) {
        // One that is killed just now is started again: nobody else knows of its containers.
        let mut daemon = self.daemon.lock().unwrap().take().unwrap_or_else(|| self.launch());
        let asked = std::time::Instant::now();
        while !self.answers() && asked.elapsed() < ANSWERS_WITHIN {
            std::thread::sleep(Duration::from_millis(100));
        }
        let listed = self.docker(&["ps", "--all", "--quiet"]).output().unwrap().stdout;
        for id in String::from_utf8_lossy(&listed).lines() {
            self.docker(&["rm", "--force", "--volumes", id]).output().unwrap();
        }
        let pid = rustix::process::Pid::from_child(&daemon);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        daemon.wait().unwrap();
        // It mounts its own folder upon itself.
        Command::new("umount").arg(self.path("data")).stderr(Stdio::null()).status().unwrap();
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}
