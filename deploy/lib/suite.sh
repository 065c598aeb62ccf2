# Running the tests and counting them, whatever runs them. Sourced, never run.
# shellcheck shell=bash

# One pass instead of two over the whole dependency tree: clippy's driver is a rustc that lints what it compiles, and
# takes clippy's arguments the way `cargo clippy` hands them over. What is built so is kept apart from other builds by
# cargo, so every later step has to be told the same.
lint_while_building() {
    RUSTC_WORKSPACE_WRAPPER=$(rustup which clippy-driver 2>/dev/null || command -v clippy-driver) ||
        die "no clippy here: rustup component add clippy"
    CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
    export RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS
    # Nothing is built twice here, so nothing is kept for the next time.
    export CARGO_INCREMENTAL=0
}

# A test may use any binary of the workspace, not only those of its own package. Warnings are errors.
build_suite() {
    lint_while_building
    cargo build --quiet --locked --workspace --all-targets
}

check_format() {
    if cargo fmt --version >/dev/null 2>&1; then cargo fmt --all --check; else note "no rustfmt here"; fi
}

# Failing tests are counted, not thrown: the last line of the run has to say how many there were. With options for nextest, those
# tests that they select; without nextest all are run, but for those marked as ignored.
run_suite() {
    SUITE_LOG=$(mktemp)
    SUITE_STATUS=0
    if cargo nextest --version >/dev/null 2>&1; then
        logged cargo nextest run --locked --workspace --no-fail-fast "$@"
        if (($# == 0)); then logged cargo test --locked --workspace --doc --no-fail-fast; fi
    elif (($#)); then
        die "this needs cargo-nextest"
    else
        logged cargo test --locked --workspace --no-fail-fast
    fi
}

logged() {
    set +e
    "$@" 2>&1 | tee -a "$SUITE_LOG"
    ((PIPESTATUS[0] == 0)) || SUITE_STATUS=1
    set -e
}

# Sum of the numbers before a word, in the summaries of cargo test and of nextest.
count_of() {
    sed -nE 's/\x1b\[[0-9;]*m//g; /^test result: |^ *Summary \[/p' "$SUITE_LOG" |
        grep -oE "[0-9]+ ($1)\b" | awk '{ sum += $1 } END { print sum + 0 }'
}

# Tests that passed at their second try only.
flaky_tests() { sed -nE 's/\x1b\[[0-9;]*m//g; s/^ *FLAKY [^]]*\] *(\([^)]*\) *)?//p' "$SUITE_LOG" | sort -u; }

# The last line of the run. A suite that was not built, or was empty, has failed.
report_suite() {
    local passed failed skipped
    passed=$(count_of passed || true)
    failed=$(count_of 'failed|timed out|exec failed' || true)
    while read -r name; do note "flaky: $name"; done < <(flaky_tests)
    skipped=$(count_of 'skipped|ignored' || true)
    rm -f "$SUITE_LOG"
    if ((skipped)); then note "$skipped not run (marked as ignored)"; fi
    if ((SUITE_STATUS != 0 && failed == 0)); then say "error: the suite did not run to its end" >&2; fi
    say "$passed passed, $failed failed"
    ((SUITE_STATUS == 0 && failed == 0 && passed > 0))
}
