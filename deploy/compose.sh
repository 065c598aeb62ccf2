#!/usr/bin/env bash
# The distributed system of docker-compose.yml: deploy/compose.sh up | key | down | any compose command
#
# `key` prints the API's key, which is made at the first start.
# `up` makes every image first, so that it works without a registry too. GAVEL_LANGUAGES says for which languages, and the
# services read it too: sets (core, extended, all) and languages, `core` by default. `up --scale worker=4` starts as many workers.
# Ports of this machine: GAVEL_PORT (3000), GAVEL_PROMETHEUS_PORT (9090), GAVEL_GRAFANA_PORT (3001).
# With COMPOSE_PROFILES=observe it brings Prometheus and, where its image can be had, Grafana.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for part in step docker base cargo; do
    # shellcheck disable=SC1090
    source "deploy/lib/$part.sh"
done

# The binary is built on the host and copied in: inside a build there may be no way to the package registry.
build_gavel_image() {
    local context=images/.build/gavel file
    build_gavel release
    rm -rf "$context"
    mkdir -p "$context/languages"
    install -m 0755 "$GAVEL" deploy/Dockerfile "$context/"
    for file in images/*/language.toml; do
        install -D -m 0644 "$file" "$context/languages/$(basename "$(dirname "$file")")/language.toml"
    done
    install -m 0644 deploy/seccomp.json deploy/seccomp-compile.json "$context/"
    # What a worker knows the answer of.
    cp -rL examples "$context/examples"
    build_image gavel:latest "$context"
}

# The plugin where there is one, the older program of its own otherwise.
compose() {
    if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}

ensure_compose() {
    if ! docker compose version >/dev/null 2>&1 && ! command -v docker-compose >/dev/null; then
        apt_install docker-compose
    fi
}

is_observed() { [[ ,${COMPOSE_PROFILES:-}, == *,observe,* ]]; }

# Debian has no Grafana, so without a registry there is none.
ensure_grafana() {
    local image
    image=$(sed -n 's#^ *image: \(grafana/grafana:.*\)#\1#p' docker-compose.yml)
    if ! image_present "$image" && ! pulled "$image"; then
        note "no $image to be had: Prometheus alone"
        # One that is scaled to none is pulled all the same.
        mapfile -t SERVICES < <(compose config --services | grep -vx grafana)
    fi
}

show_key() { compose exec -T api-1 cat /etc/gavel/keys/api; }

if [[ ${1:-} == key ]]; then
    show_key
elif [[ ${1:-} == up ]]; then
    shift
    step "Docker Engine" ensure_docker
    step "Compose" ensure_compose
    step "Base image" ensure_base_image
    step "Rust toolchain" ensure_cargo
    step "Language images" images/build.sh
    step "RabbitMQ image" ensure_service_image rabbitmq:4-management deploy/standins/rabbitmq
    step "PostgreSQL image" ensure_service_image postgres:17 deploy/standins/postgres
    step "HAProxy image" ensure_service_image haproxy:3.0 deploy/standins/haproxy
    # None by name: all.
    SERVICES=()
    if is_observed; then
        step "Prometheus image" ensure_service_image prom/prometheus:v3.5.0 deploy/standins/prometheus
        step "Grafana image" ensure_grafana
    fi
    step "The gavel image" build_gavel_image
    step "Starting" compose up --detach --remove-orphans "$@" "${SERVICES[@]}"
    say "The API answers at http://127.0.0.1:${GAVEL_PORT:-3000} and wants this key: $(show_key)"
else
    compose "$@"
fi
