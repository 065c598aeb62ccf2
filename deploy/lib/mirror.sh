# Where Debian's packages come from: the machine's own mirrors. Sourced, never run.
# shellcheck shell=bash

# What is printed names no host: logs are shown to people whom the machine's mirrors are no business of.
without_hosts() {
    sed -E -e 's#://[^/ "]+#://<host>#g' -e 's#(lookup) [^ ]+( on [^ ]+)?#\1 <host>#g' \
        -e "s#'[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[a-z]+)?'#'<host>'#g" \
        -e 's#(Connecting to|Could not connect to|Cannot initiate the connection to) [^ ]+#\1 <host>#g'
}

# debian_mirrors: sets DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR from GAVEL_DEBIAN_MIRROR and
# GAVEL_DEBIAN_SECURITY_MIRROR, or from what apt is told by /etc/apt/sources.list and sources.list.d.
debian_mirrors() {
    # Only Debian's own archive has updates beside its releases; other people's repositories may name a release too.
    DEBIAN_MIRROR=${GAVEL_DEBIAN_MIRROR:-$(apt_mirror '[a-z]+-updates')}
    DEBIAN_MIRROR=${DEBIAN_MIRROR:-$(apt_mirror 'testing|sid|unstable')}
    DEBIAN_SECURITY_MIRROR=${GAVEL_DEBIAN_SECURITY_MIRROR:-$(apt_mirror '[a-z]+-security')}
    local wanted
    for wanted in DEBIAN_MIRROR DEBIAN_SECURITY_MIRROR; do
        [[ -n ${!wanted} ]] || die "this machine's apt sources name no mirror of Debian: set GAVEL_$wanted to its URL"
    done
}

# apt_mirror RELEASE: the first mirror of a Debian release whose name is like this. Nothing on another distribution,
# whose mirrors hold no Debian.
apt_mirror() {
    [[ $(. /etc/os-release 2>/dev/null && echo "${ID:-}") == debian ]] || return 0
    command -v apt-get >/dev/null || return 0
    # apt knows both formats and every place of its sources; a machine's other repositories have no component main.
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' 2>/dev/null |
        awk -v release="^($1)\$" '$2 ~ release && $3 == "main" { sub("/$", "", $1); print $1; exit }'
}
