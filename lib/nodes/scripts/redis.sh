#!/bin/sh
# Starts a node's server harmless: with its data, but as a replica of nobody that refuses reads and writes. Its keeper
# gives it a role when a majority of the sentinels names a master. A server that decides by itself empties its replicas
# when it comes back empty, or is the second master when it comes back late.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=volume.sh
. "${0%/*}/volume.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/users.sh
. "${0%/*}/users.sh"
# shellcheck source-path=SCRIPTDIR source=../../metrics/scripts/exporter.sh
. "${0%/*}/exporter.sh"
# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/certificate.sh
. "${0%/*}/certificate.sh"

refuse_bad_passwords
read_passwords
: >"$RUN_DIR/starting"
rm -f "$RUN_DIR/ready" "$RUN_DIR/users" "$RUN_DIR/source"
: >"$RUN_DIR/without-users" # its keeper tells it
lock_volume

read_owner
read_mark
form=$(form_of_volume) || refuse "$form"
named=$mark_master mark_master=$(known_master "$volume_owner" "$mark_master")
if [ "$mark_master" != "$named" ]; then
  echo "$mark_epoch $mark_master $mark_offset" | write_durably "$DATA_DIR/mark" || refuse "$NOT_WRITTEN"
fi
take_over
remember_passwords redis || refuse "$NOT_WRITTEN"
stop=''
if [ -f "$DATA_DIR/clean-stop" ]; then
  stop=clean
  ! majority || [ "$MASTER" = "$SELF" ] || stop=clean-replica
fi
read -r data appendonly <<START
$(data_of "$form" "$stop" "$mark_master" "$AOF")
START
rm -f "$DATA_DIR/clean-stop" "$RUN_DIR/stopping"
echo "$data" >"$RUN_DIR/data"
say "data on the volume: $form, $data; last in sync: epoch $mark_epoch, master ${mark_master:-none}, offset $mark_offset"

# A second connection for full copies announces no name: the sentinels would see the pod's address as one more replica,
# and a master told to follow that follows itself. On by default in Redis 8; other servers do not know the directive.
single_channel() { # VERSION, as the server says it
  case $1 in
    Redis*v=[89].* | Redis*v=[1-9][0-9].*) echo 'repl-rdb-channel no' ;;
    Valkey*v=[89].* | Valkey*v=[1-9][0-9].*) echo 'dual-channel-replication-enabled no' ;;
  esac
}

# The snapshot is what brings it back without a copy of everything. Who wants nothing on disk gets nothing.
at_stop=force
[ "$AOF" = no ] || at_stop='save force'

# Where a here-document lacks a variable, busybox's shell goes on in a child, which would start the server.
: "$REDIS_PORT"
server=$(program server)
version=$("$server" --version)
{
  echo 'repl-ping-replica-period 1' # so that a silent link is a dead one
  echo "repl-diskless-sync-max-replicas $(($(count $NODES) - 1))" # nobody is waited for when all ask
  each_setting REDIS_CONF server_setting
  single_channel "$version"
  cat <<CONF
$(listens_on "$REDIS_PORT")
protected-mode no
dir $DATA_DIR
appendonly $appendonly
appenddirname appendonlydir
appendfilename appendonly.aof
dbfilename dump.rdb
shutdown-on-sigterm $at_stop
replicaof 127.0.0.1 1
replica-priority 0
replica-serve-stale-data no
replica-announce-ip $SELF
replica-announce-port $REDIS_PORT
syslog-ident $mark_epoch:$mark_master:$mark_offset
CONF
  system_users redis | while read -r name onoff rules; do user "$name" "$onoff" "$rules"; done
  exporter_user
  printf 'masteruser %s\nmasterauth %s\n' "$COPIER" "$(quoted "${REDIS_PASSWORD:-none}")"
} >"$RUN_DIR/redis.conf"
remember_loaded
rm "$RUN_DIR/starting"

# Redis 8 loads its modules in the image's entry point.
entrypoint=/usr/local/bin/docker-entrypoint.sh
if [ -x "$entrypoint" ]; then exec "$entrypoint" "$server" "$RUN_DIR/redis.conf"; fi
exec "$server" "$RUN_DIR/redis.conf"
