# What a package of the distribution holds, without installing it. Sourced, never run.
# shellcheck shell=bash

# shellcheck source=deploy/lib/mirror.sh
source "$(dirname "${BASH_SOURCE[0]}")/mirror.sh"

# fetch_package NAME FOLDER: unpacks it there.
fetch_package() {
    local name=$1 folder=$2 fetched
    fetched=$(mktemp --directory)
    # So that apt's own user may write here.
    chmod 0755 "$fetched"
    command -v apt-get >/dev/null || die "no $name here, and this is neither Debian nor Ubuntu: install it yourself"
    # Without lists of packages, as on a fresh machine, the first try finds nothing.
    if ! (cd "$fetched" && { apt-get download "$name" || { apt-get update && apt-get download "$name"; }; }) \
        >"$fetched/log" 2>&1; then
        tail -n 10 "$fetched/log" | without_hosts >&2
        die "could not fetch the package $name"
    fi
    mkdir -p "$folder"
    dpkg-deb --extract "$fetched/$name"_*.deb "$folder"
    rm -rf "$fetched"
}
