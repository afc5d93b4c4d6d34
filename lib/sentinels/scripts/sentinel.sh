#!/bin/sh
# Starts a sentinel. What it must not forget (its id, the master's name and its epochs) is on its volume; everything else
# is written anew from the manifest. Without a memory it asks the other sentinels, then the nodes, and believes the
# manifest only where nobody has a history: a sentinel that believes the manifest first is stuck with a replica for ever.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=monitor.sh
. "${0%/*}/monitor.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/users.sh
. "${0%/*}/users.sh"
# shellcheck source-path=SCRIPTDIR source=../../metrics/scripts/exporter.sh
. "${0%/*}/exporter.sh"
# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/certificate.sh
. "${0%/*}/certificate.sh"
# shellcheck source-path=SCRIPTDIR source=../../migration/scripts/source.sh
. "${0%/*}/source.sh"

refuse_bad_passwords
read_passwords
rm -f "$RUN_DIR/users"
: >"$RUN_DIR/without-users" # its keeper tells it
: >"$RUN_DIR/asking" # alive and ready: it does what it is here for
lock_volume

state=$DATA_DIR/state
read_owner
if [ "$volume_owner" != "$OWNER" ] && [ -f "$state" ]; then
  memory_of "$volume_owner" <"$state" >"$RUN_DIR/memory"
  write_durably "$state" <"$RUN_DIR/memory" || refuse "$NOT_WRITTEN"
fi
take_over
remember_passwords sentinel || refuse "$NOT_WRITTEN"
recall() { # DIRECTIVE: the value on the volume
  [ ! -f "$state" ] || sed -n "s/^sentinel $1 //p" "$state"
}
own_master=$(recall "monitor $MASTER_NAME" | cut -d' ' -f1)
own_epoch=$(recall "config-epoch $MASTER_NAME")

# Its own server does not run yet.
while [ -n "$(ask_sentinel "$SELF")" ]; do
  wait_for "another sentinel answers at this one's name, $SELF: two pods are behind one Service"
  sleep 1
done

# How long a node loads follows from its data, and no number of rounds is enough for all. A PING does not tell: one that has no role
# answers it with MASTERDOWN, whether it loads or not.
ask_loading() { # HOST
  case $(node_cli "$1" INFO persistence) in *"${LINE_BREAK}loading:1"*) echo "$1 loading" ;; esac
}
ask_nodes() {
  ask_all ask_node $NODES
  [ "$asked" -lt "$ROUNDS_FOR_ALL" ] || ask_all ask_loading $NODES
}

# In seconds: at a cut-over nobody takes writes until sentinels are there.
SOON=0.5

AWAITS_CUT_OVER='wait this cluster follows its source, and has no master before it is cut over'
look_at_nodes() {
  said=$(ask_nodes)
  if has_source && printf '%s\n' "$said" | nobody_was_master; then
    echo "$AWAITS_CUT_OVER"
  else
    printf '%s\n' "$said" | by_nodes "$asked" $NODES
  fi
}

other_sentinels=$(without "$SELF" $SENTINELS) asked=0
while :; do
  verdict=$(ask_all ask_sentinel $other_sentinels | by_sentinels "$own_master" "$own_epoch")
  [ -n "$verdict" ] || verdict=$(look_at_nodes)
  # Who brings a backup is waited for, or this cluster would no longer be a new one.
  if [ -n "${RESTORE-}" ] || [ "$verdict" = "$AWAITS_CUT_OVER" ]; then asked=0; fi
  case $verdict in 'monitor '*) break ;; esac
  wait_for "${verdict#wait }"
  asked=$((asked + 1))
  if [ "$verdict" = "$AWAITS_CUT_OVER" ]; then sleep $SOON; else sleep 1; fi
done
read -r _ master epoch learned_epoch <<VERDICT
$verdict
VERDICT
say "monitoring $master (own memory: ${own_master:-none}, epoch ${own_epoch:-none}; others: epoch $epoch; nodes: epoch $learned_epoch)"

sentinel_setting() { printf 'sentinel %s %s %s\n' "$1" "$MASTER_NAME" "$2"; }
{
  each_setting REDIS_CONF server_setting
  cat <<CONF
$(listens_on "$SENTINEL_PORT")
protected-mode no
dir $RUN_DIR
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $SELF
sentinel announce-port $SENTINEL_PORT
CONF
  system_users sentinel | while read -r name onoff rules; do user "$name" "$onoff" "$rules"; done
  exporter_user
  printf 'sentinel sentinel-user %s\nsentinel sentinel-pass %s\n' "$WATCHER" "$(quoted "${SENTINEL_PASSWORD:-none}")"
  echo "sentinel monitor $MASTER_NAME $master $REDIS_PORT $QUORUM"
  sentinel_setting auth-user "$WATCHER"
  sentinel_setting auth-pass "$(quoted "${REDIS_PASSWORD:-none}")"
  each_setting SENTINEL_CONF sentinel_setting
  # Without these a sentinel whose master is dead knows no replica, and finds no other sentinel.
  for node in $NODES; do
    [ "$node" = "$master" ] || echo "sentinel known-replica $MASTER_NAME $node $REDIS_PORT"
  done
  # An epoch belongs to the master it was voted for; with another's name it would block every correction.
  if [ -f "$state" ]; then
    grep '^sentinel myid ' "$state" || :
    [ "$own_master" != "$master" ] || grep -E '^sentinel (config-epoch|leader-epoch) ' "$state" || :
    grep '^sentinel current-epoch ' "$state" || :
  fi
  [ "$learned_epoch" = 0 ] || sentinel_setting config-epoch "$learned_epoch"
} >"$RUN_DIR/sentinel.conf"
remember_loaded
rm "$RUN_DIR/asking"
exec "$(program server)" "$RUN_DIR/sentinel.conf" --sentinel
