# A Postgres of our own for the tests, on a port that is free. Sourced, never run.
# shellcheck shell=bash

# Nothing of it outlives the tests, so nothing waits for the disk.
start_postgres() {
    POSTGRES=$(docker run --detach --publish 127.0.0.1::5432 --label gavel.test=postgres \
        --env POSTGRES_USER=gavel --env POSTGRES_PASSWORD=gavel postgres:17 \
        postgres -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400)
    # Over TCP: before its database is made the server listens on a socket only.
    if ! wait_until 60 "Postgres" docker exec "$POSTGRES" pg_isready --quiet --host=127.0.0.1 --username=gavel; then
        docker logs --tail 30 "$POSTGRES" >&2
        die "Postgres did not start"
    fi
    # A test connects many times, and nobody guesses this password.
    docker exec "$POSTGRES" psql --quiet --username=gavel \
        --command="SET scram_iterations = 1; ALTER ROLE gavel PASSWORD 'gavel'" postgres
    GAVEL_TEST_POSTGRES=postgres://gavel:gavel@$(docker port "$POSTGRES" 5432 | head -n 1)/postgres
    export GAVEL_TEST_POSTGRES
    note "$GAVEL_TEST_POSTGRES"
}

stop_postgres() {
    if [[ -n ${POSTGRES:-} ]]; then docker rm --force --volumes "$POSTGRES" >/dev/null; fi
}
