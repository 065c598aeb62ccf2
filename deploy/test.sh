#!/usr/bin/env bash
# Brings up what the tests need - Docker, the images, RabbitMQ, Postgres, Prometheus - and runs all of them: deploy/test.sh
# Judges the programs of every language instead:     deploy/test.sh --languages all
# Runs the tests that take minutes each instead:      deploy/test.sh --long
#
# Its last line is "<N> passed, <M> failed". A part that is missing is a failure: GAVEL_TEST_REQUIRE tells the
# tests that none of them may skip. The languages are a run of their own, since all their images take half an hour: sets
# (core, extended, all) and languages, as in GAVEL_LANGUAGES.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for part in step docker base cargo rabbitmq postgres prometheus clock service suite languages; do
    # shellcheck disable=SC1090
    source "deploy/lib/$part.sh"
done
# shellcheck source=images/lib.sh
source images/lib.sh

SELECTION=()
case ${1:-} in
    '') ;;
    # Of further languages there are no images then.
    --long) SELECTION=(--run-ignored only --profile repeats -E 'not test(/^hostile::every_further_way_out/)') ;;
    --languages)
        judge_languages "${2:?which? core, extended, all, or languages}"
        exit
        ;;
    *) die "usage: deploy/test.sh [--long | --languages SETS]" ;;
esac

cleanup() {
    stop_rabbitmq
    stop_postgres
}
export GAVEL_TEST_REQUIRE=1

build_images() {
    images/build.sh
    ensure_service_image rabbitmq:4-management deploy/standins/rabbitmq
    ensure_service_image postgres:17 deploy/standins/postgres
}

begin=$EPOCHREALTIME
step "Docker Engine" ensure_docker
step "Base image" ensure_base_image
step "Rust toolchain" ensure_cargo
# Mostly waiting for package mirrors and disks: it shares the machine well with the compiler.
later "Images" build_images
step "Test data" tests/problems-large/generate.sh
step "Format" check_format
step "Lints, and building the tests" build_suite
step "Images, begun above" join_later
step "Prometheus" ensure_prometheus
step "Clock" ensure_clock
step "RabbitMQ" start_rabbitmq
step "PostgreSQL" start_postgres
step "AMQP client of the examples" ensure_amqp_client
step "Tests" run_suite "${SELECTION[@]}"
note "all in $(seconds_since "$begin") s"
report_suite
