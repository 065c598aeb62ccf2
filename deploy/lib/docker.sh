# A Docker daemon that answers: the one that is there, or one that we install and start. Sourced, never run.
# shellcheck shell=bash

# shellcheck source=deploy/lib/mirror.sh
source "$(dirname "${BASH_SOURCE[0]}")/mirror.sh"

DOCKERD_LOG=${DOCKERD_LOG:-/var/log/dockerd.log}

# Images are built by BuildKit only where the client has it: a bare client without buildx refuses otherwise.
choose_builder() {
    if [[ -n ${DOCKER_BUILDKIT:-} ]]; then return; fi
    if docker buildx version >/dev/null 2>&1; then DOCKER_BUILDKIT=1; else DOCKER_BUILDKIT=0; fi
    export DOCKER_BUILDKIT
}

daemon_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

ensure_docker() {
    if ! command -v docker >/dev/null || ! daemon_answers; then
        # A remote or rootless daemon that is named but silent is the user's to repair.
        if [[ -n ${DOCKER_HOST:-} ]]; then die "no Docker daemon answers at DOCKER_HOST=$DOCKER_HOST"; fi
        command -v dockerd >/dev/null || install_docker
        start_docker
    fi
    choose_builder
    note "Docker Engine $(docker version --format '{{.Server.Version}}')," \
        "cgroup v$(docker info --format '{{.CgroupVersion}}' 2>/dev/null || echo '?')"
}

install_docker() {
    ((EUID == 0)) || die "no Docker Engine here; run this as root to have it installed, or install it yourself"
    command -v apt-get >/dev/null || die "no Docker Engine here, and this is neither Debian nor Ubuntu: install it yourself"
    note "no Docker Engine found: installing docker.io from the distribution's packages"
    apt_install docker.io iptables ca-certificates
    # Newer releases ship the client on its own.
    command -v docker >/dev/null || apt_install docker-cli
}

# Packages from the distribution, quietly; the whole log is printed when it fails.
apt_install() {
    local log
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        tail -n 30 "$log" | without_hosts >&2
        rm -f "$log"
        die "could not install: $*"
    fi
    rm -f "$log"
}

start_docker() {
    ((EUID == 0)) || die "the Docker daemon is not running; start it, or run this as root"
    if [[ -d /run/systemd/system ]]; then
        note "starting the Docker daemon through systemd"
        systemctl start docker
    else
        note "starting the Docker daemon in the background (log: $DOCKERD_LOG)"
        prepare_cgroups
        drop_stale_pids
        # Its own session, so that it survives the shell that called us.
        setsid nohup dockerd >>"$DOCKERD_LOG" 2>&1 </dev/null &
    fi
    if ! wait_until 60 "Docker daemon" daemon_answers; then
        [[ -f $DOCKERD_LOG ]] && tail -n 30 "$DOCKERD_LOG" >&2
        die "the Docker daemon did not start"
    fi
}

# A machine without an init system may have no cgroup mounted at all; dockerd needs either version.
prepare_cgroups() {
    local root=/sys/fs/cgroup controller
    if mountpoint -q "$root"; then return; fi
    if grep -qw cgroup2 /proc/filesystems && mount -t cgroup2 none "$root" 2>/dev/null; then return; fi
    mount -t tmpfs -o mode=755 none "$root"
    while read -r controller _ _ enabled; do
        if [[ $controller == \#* || $enabled != 1 ]]; then continue; fi
        mkdir -p "$root/$controller"
        mount -t cgroup -o "$controller" none "$root/$controller" 2>/dev/null || rmdir "$root/$controller"
    done </proc/cgroups
}

# After a hard stop of the machine the pid files name processes of another life: dockerd would refuse to start.
drop_stale_pids() {
    local file pid
    for file in /run/docker.pid /run/docker/containerd/containerd.pid; do
        if [[ ! -s $file ]]; then continue; fi
        pid=$(<"$file")
        case $(cat "/proc/$pid/comm" 2>/dev/null) in
            dockerd | containerd) ;;
            *) rm -f "$file" ;;
        esac
    done
}
