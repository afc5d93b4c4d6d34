#!/bin/sh
# Starts a sentinel. What it must not forget (its id, the master's name and its epochs) is on its volume; everything else
# is written anew from the manifest. Without a memory it asks the other sentinels, then the nodes, and believes the
# manifest only where nobody has a history: a sentinel that believes the manifest first is stuck with a replica for ever.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"

refuse_bad_passwords
: >"$RUN_DIR/asking" # alive and ready: it does what it is here for
lock_volume

state=$DATA_DIR/state
read_owner
if [ "$volume_owner" != "$OWNER" ] && [ -f "$state" ]; then
  memory_of "$volume_owner" <"$state" >"$RUN_DIR/memory"
  write_durably "$state" <"$RUN_DIR/memory" || refuse "$NOT_WRITTEN"
fi
take_over
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

initial_master=${NODES%% *}
other_sentinels=$(without "$SELF" $SENTINELS)

# The highest epoch among the others' answers and our own memory: sets master and epoch.
from_sentinels() {
  master=$own_master epoch=${own_epoch:-0}
  while read -r _ named its_epoch _; do
    [ -n "$named" ] || continue
    if [ -z "$master" ] || [ "$its_epoch" -gt "$epoch" ]; then master=$named epoch=$its_epoch; fi
  done <<LINES
$(ask_all ask_sentinel $other_sentinels)
LINES
  [ -n "$master" ]
}

# No sentinel remembers: what the nodes do, then what they remember.
from_nodes() {
  running=$(ask_all ask_node $NODES)
  answered=0 masters='' serving='' followed='' remembered='' fullest='' best_trust=0 best_epoch=0 best_offset=-1
  while read -r host role follows link replicas _ _ offset mark_epoch mark_master _ _ trust; do
    [ -n "$host" ] || continue
    answered=$((answered + 1))
    if [ "$role" = master ]; then
      masters="$masters $host"
      [ "$replicas" = 0 ] || serving="$serving $host"
    elif [ "$link" = up ]; then
      contains "$followed" "$follows" || followed="$followed $follows"
    fi
    [ "$mark_master" != - ] || continue
    [ "$trust" -le 1 ] || trust=1 # marks are compared, not nodes
    if is_more "$trust" "$mark_epoch" "$offset" "$best_trust" "$best_epoch" "$best_offset"; then
      remembered=$mark_master fullest=$host best_trust=$trust best_epoch=$mark_epoch best_offset=$offset
    fi
  done <<LINES
$running
LINES
  master=''
  for said in "$serving" "$masters" "$followed"; do
    case $(count $said) in
      0) ;;
      1) master=${said# } && break ;;
      *) wait_for "more than one master:$said" && return 1 ;;
    esac
  done
  if [ -z "$master" ]; then
    # All are without a role. One that does not answer may remember a later master.
    if [ "$answered" -lt "$(count $NODES)" ] && { [ "$asked" -lt 60 ] || [ "$answered" -lt "$majority_of_nodes" ]; }; then
      wait_for "no sentinel remembers a master, and $answered of $(count $NODES) nodes answer"
      return 1
    fi
    master=${remembered:-$initial_master}
    # It has left the manifest and nobody follows it, or it was that of another cluster.
    contains "$NODES" "$master" || master=$fullest
  fi
  # The marks of all nodes are of this epoch or an older one, and new ones must not look older than those.
  [ "$master" != "$remembered" ] || learned_epoch=$best_epoch
}

epoch=0 learned_epoch=0 asked=0 majority_of_nodes=$(($(count $NODES) / 2 + 1))
until from_sentinels || from_nodes; do
  asked=$((asked + 1))
  sleep 1
done
say "monitoring $master (own memory: ${own_master:-none}, epoch ${own_epoch:-none}; others: epoch $epoch; nodes: epoch $learned_epoch)"

sentinel_setting() { printf 'sentinel %s %s %s\n' "$1" "$MASTER_NAME" "$2"; }
{
  each_setting REDIS_CONF server_setting
  cat <<CONF
port $SENTINEL_PORT
protected-mode no
dir $RUN_DIR
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $SELF
sentinel announce-port $SENTINEL_PORT
CONF
  for name in default "$MEMBER"; do
    user "$name" on "${SENTINEL_PASSWORD-}" "${PREVIOUS_SENTINEL_PASSWORD-}" "$EVERYTHING"
  done
  printf 'sentinel sentinel-user %s\nsentinel sentinel-pass %s\n' "$MEMBER" "$(quoted "${SENTINEL_PASSWORD:-none}")"
  echo "sentinel monitor $MASTER_NAME $master $REDIS_PORT $QUORUM"
  sentinel_setting auth-user "$MEMBER"
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
rm "$RUN_DIR/asking"
exec "$(program server)" "$RUN_DIR/sentinel.conf" --sentinel
