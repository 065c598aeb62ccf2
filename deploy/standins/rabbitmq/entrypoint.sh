#!/bin/sh
# Knows RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS, as the official image does.
set -eu
cat >/etc/rabbitmq/conf.d/10-defaults.conf <<CONF
loopback_users = none
default_user = ${RABBITMQ_DEFAULT_USER:-guest}
default_pass = ${RABBITMQ_DEFAULT_PASS:-guest}
CONF
exec "$@"
