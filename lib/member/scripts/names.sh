#!/bin/sh
# Init container: writes the address of every Service of this cluster into a hosts file, which the server has as its
# /etc/hosts. So no name needs DNS later: a resolver that dies with the master's machine would stop the failover.
# A Service's address lasts as long as the Service. With TLS it also waits for a certificate that can be used.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=hosts.sh
. "${0%/*}/hosts.sh"
# shellcheck source-path=SCRIPTDIR source=../../metrics/scripts/exporter.sh
. "${0%/*}/exporter.sh"
# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/certificate.sh
. "${0%/*}/certificate.sh"

[ -z "${WORKLOAD-}" ] || refuse_renamed "$POD_NAME" "$WORKLOAD" # a backup made by hand has any name
make_exporter_password
await_certificate

# For names that do not exist no longer than this: the keeper adds them when they appear.
ROUNDS_FOR_NAMES=20
for _ in $(seq "$ROUNDS_FOR_NAMES"); do
  refresh_hosts && exit 0
  wait_for "no address yet for: $unresolved"
  sleep 1
done
say "going on without: $unresolved"
