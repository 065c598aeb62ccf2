# Debian's Prometheus and its promtool, for the tests. Sourced, never run.
# shellcheck shell=bash

# The programs alone, unpacked beside what cargo builds: to install the package would start a service.
ensure_prometheus() {
    if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; then
        local folder=$PWD/target/prometheus
        if [[ ! -x $folder/usr/bin/prometheus ]]; then
            note "unpacking the distribution's package prometheus"
            fetch_package prometheus "$folder"
        fi
        PATH=$folder/usr/bin:$PATH
        export PATH
    fi
    note "$(prometheus --version 2>&1 | head -n 1)"
}

# fetch_package NAME FOLDER: what a package of the distribution holds.
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
