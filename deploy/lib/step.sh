# Steps that say what they do and how long it took. Sourced, never run.
# shellcheck shell=bash

# Seconds since $1 (a value of $EPOCHREALTIME), with one digit.
seconds_since() {
    # The decimal separator of EPOCHREALTIME follows the locale.
    local from=${1/[.,]/} to=${EPOCHREALTIME/[.,]/}
    local tenths=$(((to - from) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

say() { printf '%s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# step TEXT COMMAND...: runs it in this shell and prints the seconds it took, also when it fails.
# The command must not be guarded by `if` or `||` around the step: errexit stays in force inside it.
step() {
    STEP_TEXT=$1 STEP_FROM=$EPOCHREALTIME
    shift
    say "==> $STEP_TEXT"
    "$@"
    note "done in $(seconds_since "$STEP_FROM") s"
    STEP_TEXT=
}

# later TEXT COMMAND...: a step that runs beside those that follow; `step TEXT join_later` waits for it and shows what
# it said. One at a time.
later() {
    say "==> $1 (begun, goes on beside the next steps)"
    shift
    LATER_FROM=$EPOCHREALTIME LATER_LOG=$(mktemp)
    "$@" >"$LATER_LOG" 2>&1 &
    LATER_PID=$!
}

join_later() {
    local status=0
    wait "$LATER_PID" || status=$?
    LATER_PID=
    cat "$LATER_LOG"
    rm -f "$LATER_LOG"
    note "begun $(seconds_since "$LATER_FROM") s ago"
    ((status == 0)) || die "it ended with exit code $status"
}

# At the end of the script: which step failed, then the script's own `cleanup`, if it has one.
at_exit() {
    local status=$?
    if [[ -n ${LATER_PID:-} ]] && kill -0 "$LATER_PID" 2>/dev/null; then
        pkill -TERM -P "$LATER_PID" || true
        kill -TERM "$LATER_PID" || true
    fi
    rm -f "${LATER_LOG:-}"
    if [[ $status -ne 0 && -n ${STEP_TEXT:-} ]]; then
        printf 'error: failed after %s s: %s\n' "$(seconds_since "$STEP_FROM")" "$STEP_TEXT" >&2
    fi
    if declare -F cleanup >/dev/null; then cleanup; fi
    return "$status"
}
trap at_exit EXIT

# wait_until SECONDS WHAT COMMAND...: polls a condition with a bound and a message.
wait_until() {
    local limit=$1 what=$2 from=$SECONDS
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS - from >= limit)); then
            printf 'error: %s: not after %s s\n' "$what" "$limit" >&2
            return 1
        fi
        sleep 0.2
    done
}
