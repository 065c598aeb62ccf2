# A RabbitMQ of our own for the tests, on a port that is free. Sourced, never run.
# shellcheck shell=bash

start_rabbitmq() {
    RABBITMQ=$(docker run --detach --publish 127.0.0.1::5672 --label gavel.test=rabbitmq \
        --env RABBITMQ_DEFAULT_USER=gavel --env RABBITMQ_DEFAULT_PASS=gavel rabbitmq:4-management)
    if ! wait_until 90 "RabbitMQ" docker exec "$RABBITMQ" rabbitmq-diagnostics --quiet check_port_connectivity; then
        docker logs --tail 30 "$RABBITMQ" >&2
        die "RabbitMQ did not start"
    fi
    GAVEL_TEST_AMQP=amqp://gavel:gavel@$(docker port "$RABBITMQ" 5672 | head -n 1)/%2f
    export GAVEL_TEST_AMQP
    note "$GAVEL_TEST_AMQP"
}

stop_rabbitmq() {
    if [[ -n ${RABBITMQ:-} ]]; then docker rm --force --volumes "$RABBITMQ" >/dev/null; fi
}

# The AMQP client that examples/amqp.py uses, as Debian packages it.
ensure_amqp_client() {
    /usr/bin/python3 -c 'import pika' 2>/dev/null || apt_install python3 python3-pika
}
