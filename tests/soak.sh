#!/usr/bin/env bash
# Load of every kind while processes, connections and servers are killed:     tests/soak.sh [minutes] [seed] [faults]
#
# Ten minutes unless said otherwise, at a seed that is printed. Of the faults only those that are named, such as EndHalf,KillBroker; a
# name that there is not tells all of them. It tells how many submissions there were, what was broken how often, how
# many results came twice, and how much memory each process had; it fails when one submission has no result, a wrong one, or
# when anything is left.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for part in step docker base cargo service suite clock; do
    # shellcheck disable=SC1090
    source "deploy/lib/$part.sh"
done

GAVEL_TEST_SOAK_MINUTES=${1:-10}
export GAVEL_TEST_SOAK_MINUTES
if [[ -n ${2:-} ]]; then export GAVEL_TEST_SOAK_SEED=$2; fi
if [[ -n ${3:-} ]]; then export GAVEL_TEST_SOAK_FAULTS=$3; fi

step "Docker Engine" ensure_docker
step "Base image" ensure_base_image
step "Rust toolchain" ensure_cargo
step "Images" images/build.sh
step "RabbitMQ image" ensure_service_image rabbitmq:4-management deploy/standins/rabbitmq
step "PostgreSQL image" ensure_service_image postgres:17 deploy/standins/postgres
step "Clock" ensure_clock
step "Building the tests" build_suite
say "==> Soak"
cargo test --quiet --locked --workspace --test it -- --ignored --exact --nocapture \
    soak::nothing_is_lost_while_everything_is_killed
