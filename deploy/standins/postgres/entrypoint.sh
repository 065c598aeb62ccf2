#!/bin/sh
# Knows POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB, as the official image does.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=${POSTGRES_USER:-postgres}
    secret=$(mktemp)
    printf '%s\n' "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is needed}" >"$secret"
    initdb --username="$user" --pwfile="$secret" --auth-local=trust --auth-host=scram-sha-256 >/dev/null
    rm "$secret"
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    if [ "${POSTGRES_DB:-$user}" != postgres ]; then
        # A server without TCP, so that nobody connects before the database is there.
        pg_ctl --silent --options='-c listen_addresses=' --wait start
        createdb --username="$user" "${POSTGRES_DB:-$user}"
        pg_ctl --silent --wait stop
    fi
fi
exec "$@" -c listen_addresses='*'
