//! What the Docker Engine says of itself and of its host, for people who set one up.

use bollard::Docker;
use bollard::models::{SystemInfo, SystemVersion};
use serde::Serialize;

use super::connect::connect;
use super::engine::bounded;
use super::error::ContainerError;
use crate::settings::SandboxConfig;

/// An engine as it describes itself; what it does not tell is empty, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EngineSurvey {
    /// Version of the engine.
    pub version: String,
    /// Version of its API that both sides speak.
    pub api: String,
    /// Versions of its parts, such as `runc`.
    pub components: Vec<(String, String)>,
    /// Version of control groups.
    pub cgroup: Option<u32>,
    /// Whether memory can be limited.
    pub memory_limit: Option<bool>,
    /// Whether swap can be limited.
    pub swap_limit: Option<bool>,
    /// Whether processes can be limited.
    pub pids_limit: Option<bool>,
    /// Such as `name=seccomp,profile=default`.
    pub security: Vec<String>,
    /// The storage driver.
    pub storage: String,
    /// Names of the runtimes it knows.
    pub runtimes: Vec<String>,
    /// Version of the kernel.
    pub kernel: String,
    /// Its clock, as it writes it (RFC 3339).
    pub time: String,
    /// Where it keeps images and containers, on its host.
    pub root: String,
}

impl EngineSurvey {
    /// Asks the engine.
    ///
    /// # Errors
    /// When it is out of reach, too old, or does not answer.
    pub async fn of(config: &SandboxConfig) -> Result<Self, ContainerError> {
        let docker: Docker = connect(&config.docker, config.engine_timeout).await?;
        let api = docker.client_version();
        let version = bounded("tell its version", config.engine_timeout, docker.version()).await?;
        let info = bounded("tell of itself", config.engine_timeout, docker.info()).await?;
        Ok(Self::from_answers(format!("{}.{}", api.major_version, api.minor_version), version, info))
    }

    fn from_answers(api: String, version: SystemVersion, info: SystemInfo) -> Self {
        let components = version.components.unwrap_or_default();
        let mut runtimes: Vec<String> = info.runtimes.unwrap_or_default().into_keys().collect();
        runtimes.sort();
        Self {
            version: version.version.unwrap_or_default(),
            api,
            components: components.into_iter().map(|part| (part.name, part.version)).collect(),
            cgroup: info.cgroup_version.and_then(|version| version.to_string().parse().ok()),
            memory_limit: info.memory_limit,
            swap_limit: info.swap_limit,
            pids_limit: info.pids_limit,
            security: info.security_options.unwrap_or_default(),
            storage: info.driver.unwrap_or_default(),
            runtimes,
            kernel: info.kernel_version.unwrap_or_default(),
            time: info.system_time.unwrap_or_default(),
            root: info.docker_root_dir.unwrap_or_default(),
        }
    }
}
