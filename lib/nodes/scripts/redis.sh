#!/bin/sh
# Starts a node's server harmless: with its data, but as a replica of nobody that refuses reads and writes. Its keeper
# gives it a role when a majority of the sentinels names a master. A server that decides by itself empties its replicas
# when it comes back empty, or is the second master when it comes back late.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=volume.sh
. "${0%/*}/volume.sh"

refuse_bad_passwords
: >"$RUN_DIR/starting"
rm -f "$RUN_DIR/ready"
lock_volume

# The form on disk decides how to start, whatever the settings say now: a server told to use the other form would load
# nothing. The keeper changes the form when the data are in memory.
read_owner
read_mark
form=$(form_of_volume) || refuse "$form"
case $form in
  append-only) data=complete appendonly=yes ;;
  snapshot) data=partial appendonly=no ;;
  nothing) data=none appendonly=$AOF ;;
esac
[ "$form" != snapshot ] || [ ! -f "$DATA_DIR/clean-stop" ] || data=complete

case $volume_owner in
  "$CLUSTER_ID"/*) ;;
  *)
    # A copy of another cluster's volume: its data, and how old they are. The names in it are none of ours.
    if [ -n "$mark_master" ]; then
      mark_master=$ELSEWHERE
      echo "$mark_epoch $mark_master $mark_offset" | write_durably "$DATA_DIR/mark" || refuse "$NOT_WRITTEN"
    fi
    ;;
esac
take_over
# A node that never was in sync has files too, with nothing in them; and what was complete elsewhere may be old here.
case $data/$mark_master in "complete/" | "complete/$ELSEWHERE") data=partial ;; esac
rm -f "$DATA_DIR/clean-stop" "$RUN_DIR/stopping"
echo "$data" >"$RUN_DIR/data"
say "data on the volume: $form, $data; last in sync: epoch $mark_epoch, master ${mark_master:-none}, offset $mark_offset"

# A second connection for full copies announces no name: the sentinels would see the pod's address as one more replica,
# and a master told to follow that follows itself. On by default in Redis 8; other servers do not know the directive.
server=$(program server)
case $("$server" --version) in
  Redis*v=[89].* | Redis*v=[1-9][0-9].*) single_channel='repl-rdb-channel no' ;;
  Valkey*v=[89].* | Valkey*v=[1-9][0-9].*) single_channel='dual-channel-replication-enabled no' ;;
  *) single_channel='' ;;
esac

{
  echo 'repl-ping-replica-period 1' # so that a silent link is a dead one
  each_setting REDIS_CONF server_setting
  echo "$single_channel"
  cat <<CONF
port $REDIS_PORT
protected-mode no
dir $DATA_DIR
appendonly $appendonly
appenddirname appendonlydir
appendfilename appendonly.aof
dbfilename dump.rdb
shutdown-on-sigterm force
replicaof 127.0.0.1 1
replica-priority 0
replica-serve-stale-data no
replica-announce-ip $SELF
replica-announce-port $REDIS_PORT
syslog-ident $mark_epoch:$mark_master:$mark_offset
CONF
  for name in default "$MEMBER"; do
    user "$name" on "${REDIS_PASSWORD-}" "${PREVIOUS_REDIS_PASSWORD-}" "$EVERYTHING"
  done
  # Without SYNC: a replica whose PSYNC is refused tries that at once. Where it gets through, the replica has a copy and no
  # more of the stream, looks connected, and can be chosen as master.
  user "$COPIER" off "${REDIS_PASSWORD-}" "${PREVIOUS_REDIS_PASSWORD-}" '+ping +replconf +psync'
  printf 'masteruser %s\nmasterauth %s\n' "$COPIER" "$(quoted "${REDIS_PASSWORD:-none}")"
} >"$RUN_DIR/redis.conf"
rm "$RUN_DIR/starting"

# Redis 8 loads its modules in the image's entry point.
entrypoint=/usr/local/bin/docker-entrypoint.sh
if [ -x "$entrypoint" ]; then exec "$entrypoint" "$server" "$RUN_DIR/redis.conf"; fi
exec "$server" "$RUN_DIR/redis.conf"
