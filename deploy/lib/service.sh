# `gavel up` in the background: started, waited for, stopped. Sourced, never run.
# shellcheck shell=bash

STATE=.gavel
PID_FILE=$STATE/up.pid
LOG_FILE=$STATE/up.log
URL=http://127.0.0.1:3000
# A name of its own, by which its sandboxes are told from those of other workers on this machine.
WORKER=${GAVEL__WORKER__ID:-quickstart}

running() {
    [[ -s $PID_FILE && $(cat "/proc/$(<"$PID_FILE")/comm" 2>/dev/null) == gavel ]]
}

# Without curl: a fresh machine may not have it. In a shell of its own, because a server that hangs up while it is
# written to would end this one.
ready() (
    trap '' PIPE
    host=${URL#http://}
    exec 3<>"/dev/tcp/${host/://}" || exit 1
    printf 'GET /readyz HTTP/1.0\r\nHost: %s\r\n\r\n' "$host" >&3
    read -r -t 5 line <&3
    [[ $line == *' 200 '* ]]
) 2>/dev/null

start_service() {
    if running && [[ $PID_FILE -nt $GAVEL ]]; then
        note "gavel is already running"
    else
        stop_service
        if ready; then die "something else answers at $URL"; fi
        mkdir -p "$STATE"
        GAVEL__WORKER__ID=$WORKER setsid nohup "$GAVEL" up >"$LOG_FILE" 2>&1 </dev/null &
        echo $! >"$PID_FILE"
    fi
    if ! wait_until 60 "$URL/readyz" ready_or_dead || ! ready; then
        tail -n 30 "$LOG_FILE" >&2
        die "gavel did not become ready (log: $LOG_FILE)"
    fi
    note "gavel answers at $URL (log: $LOG_FILE)"
}

# By its id alone: for a moment after its start the process still has the shell's name.
ready_or_dead() { ready || ! kill -0 "$(<"$PID_FILE")" 2>/dev/null; }

stop_service() {
    if running; then
        local pid
        pid=$(<"$PID_FILE")
        kill -TERM "$pid"
        if ! wait_until 60 "end of gavel ($pid)" not_running; then kill -KILL "$pid"; fi
    fi
    rm -f "$PID_FILE"
}

not_running() { ! running; }

# Sandboxes go when their worker goes. What is left of this one's after all is removed; other workers' are not.
sweep_sandboxes() {
    local left
    daemon_answers || return 0
    if wait_until 3 "end of the sandboxes" no_sandboxes 2>/dev/null; then return; fi
    mapfile -t left < <(sandboxes)
    docker rm --force --volumes "${left[@]}" >/dev/null
    note "removed ${#left[@]} sandboxes that were left"
}

sandboxes() { docker ps --all --quiet --filter "label=gavel.worker=$WORKER"; }
no_sandboxes() { [[ -z $(sandboxes) ]]; }
