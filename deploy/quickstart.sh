#!/usr/bin/env bash
# From a clean clone to judged programs: deploy/quickstart.sh
# Stop what it started:                  deploy/quickstart.sh --down
#
# Installs and starts Docker Engine where there is none, makes the images, builds and starts Gavel on
# 127.0.0.1:3000, and judges the programs of examples/. GAVEL_LANGUAGES says with which languages: sets (core, extended,
# all) and languages, `core` by default.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for part in step docker base cargo service; do
    # shellcheck disable=SC1090
    source "deploy/lib/$part.sh"
done
# shellcheck source=images/lib.sh
source images/lib.sh

case ${1:-} in
    '') ;;
    --down)
        step "Stopping Gavel" stop_service
        step "Looking for sandboxes that were left" sweep_sandboxes
        exit
        ;;
    *) die "usage: deploy/quickstart.sh [--down]" ;;
esac

export GAVEL__LANGUAGES__SET=${GAVEL_LANGUAGES:-${GAVEL__LANGUAGES__SET:-core}}
# A wrong choice is told now, not after the build.
folders_of "$GAVEL__LANGUAGES__SET" >/dev/null
begin=$EPOCHREALTIME
step "Docker Engine" ensure_docker
step "Base image" ensure_base_image
step "Rust toolchain" ensure_cargo
# Mostly waiting for package mirrors and disks: it shares the machine well with the compiler.
later "Language images" images/build.sh
step "The gavel binary" build_gavel quick
step "Language images, begun above" join_later
step "Starting Gavel" start_service
step "Judging the programs of examples/" "$GAVEL" examples examples/
say "Gavel runs at $URL; all in $(seconds_since "$begin") s. Stop it with: deploy/quickstart.sh --down"
