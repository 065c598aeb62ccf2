//! Finding the Docker Engine and agreeing on the version of its API.

use std::time::Duration;

use bollard::Docker;

use super::engine::bounded;
use super::error::ContainerError;

/// The oldest API that has all we need: Docker Engine 20.10.
const OLDEST_API: (usize, usize) = (1, 41);

/// Connects to `host` (empty: `DOCKER_HOST` or the usual socket) with the newest API both sides know.
pub(super) async fn connect(host: &str, timeout: Duration) -> Result<Docker, ContainerError> {
    let docker =
        if host.is_empty() { Docker::connect_with_defaults() } else { Docker::connect_with_host(host) }?;
    let docker = bounded("negotiate", timeout, docker.negotiate_version()).await?;
    let api = docker.client_version();
    if (api.major_version, api.minor_version) < OLDEST_API {
        return Err(ContainerError::OldEngine {
            api: format!("{}.{}", api.major_version, api.minor_version),
        });
    }
    let version = bounded("version", timeout, docker.version()).await?;
    tracing::info!(
        docker.version = version.version,
        docker.api = %format!("{}.{}", api.major_version, api.minor_version),
        kernel = version.kernel_version,
        "connected to the Docker Engine"
    );
    Ok(docker)
}
