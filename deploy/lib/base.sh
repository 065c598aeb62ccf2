# Base images under the names a registry gives them, also where no registry can be reached. Sourced, never run.
# shellcheck shell=bash

PULL_SECONDS=${GAVEL_PULL_SECONDS:-20}
# Set once a pull has failed, so that the next image does not wait for the same dead registry.
REGISTRY_DOWN=${REGISTRY_DOWN:-}
# shellcheck source=deploy/lib/mirror.sh
source "$(dirname "${BASH_SOURCE[0]}")/mirror.sh"

image_present() { docker image inspect "$1" >/dev/null 2>&1; }

# pulled IMAGE: true when a registry gave it. The deadline is for its first answer, not for the download.
pulled() {
    if [[ -n $REGISTRY_DOWN ]]; then return 1; fi
    local log job from=$SECONDS
    log=$(mktemp)
    docker pull "$1" >"$log" 2>&1 &
    job=$!
    while kill -0 "$job" 2>/dev/null && ! grep -q 'Pulling from' "$log"; do
        if ((SECONDS - from >= PULL_SECONDS)); then
            kill "$job"
            break
        fi
        sleep 0.1
    done
    if grep -q 'Pulling from' "$log"; then note "pulling $1"; fi
    if wait "$job"; then
        rm -f "$log"
        return 0
    fi
    note "could not pull $1: $(tail -n 1 "$log" | without_hosts | cut -c1-160)"
    REGISTRY_DOWN=1
    rm -f "$log"
    return 1
}

ensure_base_image() {
    if image_present debian:trixie-slim; then
        note "debian:trixie-slim is here"
    elif ! pulled debian:trixie-slim; then
        make_base_image
    fi
}

# Debian's own packages, signatures checked against the archive keyring, without a registry.
make_base_image() {
    ((EUID == 0)) || die "cannot make debian:trixie-slim without root; pull or load it yourself"
    debian_mirrors
    note "making debian:trixie-slim from Debian's packages (mmdebstrap)"
    command -v mmdebstrap >/dev/null || apt_install mmdebstrap debian-archive-keyring
    local log
    log=$(mktemp)
    if ! mmdebstrap --variant=minbase --quiet \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        trixie - \
        "deb $DEBIAN_MIRROR trixie main" \
        "deb $DEBIAN_MIRROR trixie-updates main" \
        "deb $DEBIAN_SECURITY_MIRROR trixie-security main" 2>"$log" |
        docker import --change 'CMD ["bash"]' - debian:trixie-slim >/dev/null; then
        tail -n 30 "$log" | without_hosts >&2
        rm -f "$log"
        die "could not make debian:trixie-slim"
    fi
    rm -f "$log"
}

# ensure_service_image IMAGE FOLDER: a service's image, or a stand-in built from Debian's packages under its name.
ensure_service_image() {
    local image=$1 folder=$2
    if image_present "$image"; then
        note "$image is here"
    elif ! pulled "$image"; then
        note "building a stand-in for $image from Debian's packages"
        build_image "$image" "$folder"
    fi
}

# build_image IMAGE FOLDER [ARG...]: docker build whose log is shown only when it fails.
build_image() {
    local image=$1 folder=$2 log
    shift 2
    log=$(mktemp)
    if ! docker build --network=host --tag "$image" "$@" "$folder" >"$log" 2>&1; then
        tail -n 40 "$log" | without_hosts >&2
        rm -f "$log"
        die "could not build $image"
    fi
    rm -f "$log"
}
