# Debian's Prometheus and its promtool, for the tests. Sourced, never run.
# shellcheck shell=bash

# shellcheck source=deploy/lib/package.sh
source "$(dirname "${BASH_SOURCE[0]}")/package.sh"

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
