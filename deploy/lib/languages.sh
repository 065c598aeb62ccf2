# Every language's programs, judged by a Gavel of our own. Sourced, never run.
# shellcheck shell=bash

# judge_languages SETS: builds their images and judges examples/, tests/languages/ and tests/hostile/further/ with all of them.
judge_languages() {
    export GAVEL_LANGUAGES=$1 GAVEL__LANGUAGES__SET=$1 GAVEL__WORKER__ID=languages GAVEL__SANDBOX__POOL__MIN=0
    WORKER=$GAVEL__WORKER__ID STATE=.gavel/languages
    PID_FILE=$STATE/up.pid LOG_FILE=$STATE/up.log
    free_address GAVEL__API__BIND
    free_address GAVEL__WORKER__BIND
    URL=http://$GAVEL__API__BIND
    mkdir -p "$STATE"
    export GAVEL__STORE__PATH=$STATE/gavel.db GAVEL__BLOBS__DIR=$STATE/blobs GAVEL__WORKER__CACHE_DIR=$STATE/cache
    cleanup() {
        stop_service
        sweep_sandboxes
    }
    local begin=$EPOCHREALTIME
    step "Docker Engine" ensure_docker
    step "Base image" ensure_base_image
    step "Rust toolchain" ensure_cargo
    cargo nextest --version >/dev/null 2>&1 || die "the ways out are tried with cargo-nextest, which is not here"
    later "Language images: $1" images/build.sh
    step "The gavel binary" build_gavel quick
    step "Language images, begun above" join_later
    step "A long input" tests/languages/generate.sh
    step "Starting Gavel" start_service
    PROGRAMS_LOG=$(mktemp)
    step "Nine programs a language" judge_programs examples/
    step "UTF-8, recursion, ten megabytes" judge_programs tests/languages/ --cpu-ms 10000
    step "Ways out of further languages" judge_ways "$1"
    note "all in $(seconds_since "$begin") s"
    report_programs
}

# The exit status says that a program surprised, which the count at the end says too.
judge_programs() {
    "$GAVEL" examples "$@" --url "$URL" --languages "$GAVEL__LANGUAGES__SET" 2>&1 | tee -a "$PROGRAMS_LOG" || true
}

# judge_ways SETS: the tests of worker/tests/it/hostile.rs that have the names of these languages; those of the core are in the suite.
judge_ways() {
    local names
    names=$(of_languages id "$1" | tr '.\n-' '_|_')
    run_suite --run-ignored only --no-tests pass -E "test(/^hostile::every_further_way_out_is_closed::(${names%|})\$/)"
}

# The last line of the run. Two folders were judged, or something failed.
report_programs() {
    local judged expected folders passed failed
    passed=$(count_of passed || true)
    failed=$(count_of 'failed|timed out|exec failed' || true)
    if ((SUITE_STATUS != 0 && failed == 0)); then say "error: the ways out were not tried to their end" >&2; fi
    rm -f "$SUITE_LOG"
    read -r folders judged expected < <(sed -nE 's/^([0-9]+) programs, ([0-9]+) as expected$/\1 \2/p' "$PROGRAMS_LOG" |
        awk '{ judged += $1; expected += $2 } END { print NR, judged + 0, expected + 0 }')
    rm -f "$PROGRAMS_LOG"
    if ((folders != 2)); then say "error: not every folder was judged" >&2; fi
    say "$((expected + passed)) passed, $((judged - expected + failed)) failed"
    ((folders == 2 && judged > 0 && judged == expected && SUITE_STATUS == 0))
}

# free_address NAME: exports NAME as an address of this machine that nobody listens at.
free_address() {
    local port
    for port in $(shuf -i 20000-30000 -n 50); do
        if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            export "$1=127.0.0.1:$port"
            return
        fi
    done
    die "no free port"
}
