#!/usr/bin/env bash
# Measures this machine and writes what it found into docs/PERFORMANCE.md: deploy/bench.sh
# Some measures only, or other numbers:                                    deploy/bench.sh latency --rounds 30
#
# Needs Docker Engine and the language images (deploy/quickstart.sh makes both). Nothing else should run beside it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for part in step docker base cargo; do
    # shellcheck disable=SC1090
    source "deploy/lib/$part.sh"
done

PAGE=docs/PERFORMANCE.md

# The table goes between two lines of the page that say so.
write_page() {
    local table
    table=$(mktemp)
    "$GAVEL" bench --markdown "$@" >"$table"
    awk -v table="$table" '
        /^<!-- begin of gavel bench -->$/ { print; while ((getline line < table) > 0) print line; inside = 1 }
        /^<!-- end of gavel bench -->$/ { inside = 0 }
        !inside || /^<!-- end/ { if (!/^<!-- begin/) print }
    ' "$PAGE" >"$PAGE.new"
    mv "$PAGE.new" "$PAGE"
    rm -f "$table"
}

step "Docker Engine" ensure_docker
step "Rust toolchain" ensure_cargo
step "The gavel binary" build_gavel release
step "Measuring" write_page "$@"
say "The figures are in $PAGE"
