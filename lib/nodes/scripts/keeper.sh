#!/bin/sh
# Beside a node's server: gives it its role, keeps the mark on its volume, and says when the node is in sync.
# It never decides who is master; a majority of the configured sentinels does.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=hosts.sh
. "${0%/*}/hosts.sh"

other_nodes=$(without "$SELF" $NODES)
settled_run='' admitted_run='' save_asked='' old_mark='' disagreed=0 alone=0 asked=0 MASTER='' EPOCH=0

# Sets what the local server says of itself; fails where it does not answer or still loads.
look() {
  state=$(ask_node 127.0.0.1) && [ -n "$state" ] || return 1
  read -r _ role follows link _ priority keys offset _ _ _ run_id trust <<STATE
$state
STATE
}

# Whoever leaves the manifest may still be master, until it hands over. A server of another cluster does not answer.
follow() { # HOST
  contains "$NODES" "$1" || [ -n "$(ask_node "$1")" ] || {
    wait_for "the sentinels name $1, which is not in the manifest and does not answer as a node of $CLUSTER_ID"
    return
  }
  say "following $1: $(server REPLICAOF "$1" "$REDIS_PORT")"
}

become_master() {
  say "master, because $1: $(server REPLICAOF NO ONE)"
  admit
}

# Once for each start of the server: others may copy from it.
admit() {
  [ "$admitted_run" != "$run_id" ] || return 0
  [ "$(server ACL SETUSER "$COPIER" on)" != OK ] || admitted_run=$run_id
}

# --- a server without a role ----------------------------------------------------------------------------------------

decide() {
  majority || { wait_for "$WHY" && return; }
  # What the sentinels say of a name is said of the server that the name leads to.
  if is_another "$(ask_node "$SELF")"; then
    wait_for "another server answers at this node's name, $SELF: two pods are behind one Service"
    return
  fi
  if [ "$MASTER" != "$SELF" ]; then
    # Asking takes up to a second where a sentinel is away, and the others may have promoted this node meanwhile.
    ! look || [ "$follows" != 127.0.0.1 ] || follow "$MASTER"
    return
  fi
  others=$(ask_all ask_node $other_nodes)
  if printf '%s\n' "$others" | grep -q '^[^ ]* master [^ ]* [^ ]* [1-9]'; then
    wait_for "the sentinels name this node, but another is a master with replicas"
    return
  fi
  # A mark of an older epoch: of a volume that was put back from before this node was promoted.
  if [ "$(cat "$RUN_DIR/data")" = complete ] && [ "$mark_epoch" -ge "$EPOCH" ]; then
    become_master 'the sentinels name it and its data are complete'
  else
    decide_without_all_data
  fi
}

# ANSWER of whoever has this node's name: fails where it is this server, or where nobody answers, for some networks do not
# let a pod reach itself.
is_another() {
  [ -n "$1" ] || return 1
  read -r _ _ _ _ _ _ _ _ _ _ _ its_run _ <<ANSWER
$1
ANSWER
  [ "$its_run" != "$run_id" ]
}

# The sentinels name this node, and it came back with less than it may have had. It must not serve: that would empty
# the replicas in half a second.
decide_without_all_data() {
  best='' best_trust=0 best_keys=0 best_epoch=0 best_offset=-1 silent=$other_nodes
  while read -r host _ _ _ _ _ its_keys its_offset its_epoch _ _ _ its_trust; do
    [ -n "$host" ] || continue
    silent=$(without "$host" $silent)
    [ "$its_keys" -gt 0 ] || continue
    if is_more "$its_trust" "$its_epoch" "$its_offset" "$best_trust" "$best_epoch" "$best_offset"; then
      best=$host best_trust=$its_trust best_keys=$its_keys best_epoch=$its_epoch best_offset=$its_offset
    fi
  done <<LINES
$others
LINES
  if [ "$best_trust" = 2 ]; then
    hand_over_to "$best"
  elif [ -n "$silent" ]; then
    wait_for "this node's data may be incomplete, and these do not answer and may hold more:" $silent
  elif [ "$best_keys" -gt 0 ] && { [ "$keys" = 0 ] || is_more "$best_trust" "$best_epoch" "$best_offset" "$trust" "$mark_epoch" "$offset"; }; then
    node_cli "$best" CONFIG SET replica-priority "$REPLICA_PRIORITY" >/dev/null
    hand_over_to "$best"
  elif [ "$keys" -gt 0 ]; then
    become_master 'no other node has more'
  else
    become_master 'no node has any data'
  fi
}

# Only this node knows that the old master is gone, so it asks at once instead of waiting for down-after. One sentinel
# only: two that fail over at once can make two masters.
hand_over_to() { # NODE
  sleep 1.2 # until the sentinels' view of the replicas is younger than the crash
  majority && [ "$MASTER" = "$SELF" ] || return 0
  for sentinel in $SENTINELS; do
    read -r _ named _ <<ANSWER
$(ask_sentinel "$sentinel")
ANSWER
    [ "$named" = "$SELF" ] || continue
    say "$1 has the data and this node may not: $sentinel fails over: $(sentinel_cli "$sentinel" SENTINEL FAILOVER "$MASTER_NAME")"
    return
  done
}

# --- a server with a role -------------------------------------------------------------------------------------------

in_sync() {
  if [ "$MASTER" = "$leader" ]; then
    [ "$settled_run" = "$run_id" ] || settle
    if remember; then wait_reason=''; else wait_for 'the mark can not be written: is the volume full?'; fi
  fi
  : >"$RUN_DIR/ready"
}

# Once for each start of the server. Until now it could not be chosen as master: with AOF nobody can tell a server with
# old data from one with new data. No answer is none: it is told again until it says that it has done it.
settle() {
  [ "$(server CONFIG SET replica-priority "$REPLICA_PRIORITY")" = OK ] || return 0
  appendonly=$(server CONFIG GET appendonly | sed -n 2p)
  [ -n "$appendonly" ] || return 0
  if [ "$appendonly" != "$AOF" ]; then
    say "persistence changes to appendonly $AOF"
    [ "$(server CONFIG SET appendonly "$AOF")" = OK ] || return 0
  fi
  if [ "$AOF" = no ] && [ -d "$DATA_DIR/appendonlydir" ]; then leave_aof || return 0; fi
  settled_run=$run_id
  say "in sync: $([ "$role" = master ] && echo master || echo "replica of $leader")"
}

# The old AOF would be loaded instead of newer snapshots: it goes when a snapshot has taken its place.
leave_aof() {
  if server CONFIG GET save | sed -n 2p | grep -q .; then
    last_save=$(server LASTSAVE)
    [ -n "$save_asked" ] || { server BGSAVE >/dev/null && save_asked=$last_save; }
    [ "$last_save" != "$save_asked" ] || return 1
  fi
  rm -rf "$DATA_DIR/appendonlydir"
}

remember() {
  new_mark="$EPOCH $MASTER $offset"
  [ "$new_mark" != "$old_mark" ] || return 0
  if [ "$EPOCH $MASTER" = "${old_mark% *}" ]; then
    { echo "$new_mark" >"$DATA_DIR/mark.new" && mv "$DATA_DIR/mark.new" "$DATA_DIR/mark"; } 2>/dev/null || return 1
  else
    echo "$new_mark" | write_durably "$DATA_DIR/mark" || return 1
    show_mark
  fi
  old_mark=$new_mark
}

show_mark() {
  {
    server ACL USERS | grep "^$MARK" | while read -r shown; do hide "$shown"; done
    show "$MARK$EPOCH:$MASTER"
  } | server >/dev/null
}

# Sentinels repair a node with the wrong master themselves, but late, and only one that they reach. A master that was
# deposed while it could not be told goes at once: every write that it takes is lost. One that was just made may hear
# of it before the sentinels do.
out_of_step() {
  [ "$leader" = "$MASTER" ] && disagreed=0 && return
  disagreed=$((disagreed + 1))
  own_epoch=${old_mark%% *}
  [ "$role" = slave ] || [ "$EPOCH" -le "${own_epoch:-$EPOCH}" ] || disagreed=4
  [ "$disagreed" -ge 4 ] || return 0
  disagreed=0
  [ "$MASTER" = "$SELF" ] || follow "$MASTER"
}

# The master is gone for good and every replica has restarted, so none may be chosen. When all others have answered,
# the one with the most offers itself; one without data only where the master has left the manifest.
last_resort() {
  if [ "$DOWN" = 0 ] || [ "$priority" != 0 ] || { [ "$keys" = 0 ] && contains "$NODES" "$MASTER"; }; then
    alone=0
    return 0
  fi
  alone=$((alone + 1))
  [ "$alone" -ge 12 ] || return 0
  others=$(ask_all ask_node $other_nodes)
  for node in $other_nodes; do
    [ "$node" != "$MASTER" ] || continue
    line=$(printf '%s\n' "$others" | grep "^$node ") || { wait_for "$MASTER is gone, and $node does not answer and may hold more" && return 0; }
    read -r _ _ _ _ _ _ its_keys its_offset its_epoch _ _ _ its_trust <<LINE
$line
LINE
    [ "$its_keys" -gt 0 ] || continue
    # Its own number as the others see it: with the older one of the mark, two that are both ahead of theirs would each
    # leave it to the other.
    ! is_more "$its_trust" "$its_epoch" "$its_offset" "$trust" "$mark_epoch" "$offset" || return 0
  done
  say "$MASTER is gone and no other node has more: offering this one"
  server CONFIG SET replica-priority "$REPLICA_PRIORITY" >/dev/null
}

tick() {
  look || { rm -f "$RUN_DIR/ready" && return; }
  if [ "$follows" = 127.0.0.1 ]; then
    rm -f "$RUN_DIR/ready"
    read_mark
    decide
    return
  fi
  leader=$SELF
  [ "$role" = master ] || leader=$follows
  # Before the sentinels are asked, for they call a failover done when the replicas have copied.
  if [ "$role" = master ] || [ "$link" = up ]; then admit; fi
  asked=$((asked + 1))
  if [ "$leader" != "$MASTER" ] || [ -n "$stopping" ] || [ $((asked % 5)) -eq 0 ]; then
    ! majority || { out_of_step && last_resort; }
  fi
  if [ "$role" = master ] || [ "$link" = up ]; then in_sync; else rm -f "$RUN_DIR/ready"; fi
}

# A snapshot that the server wrote on its way out holds everything; one that was there before may not.
farewell() {
  [ ! -f "$DATA_DIR/dump.rdb" ] || [ -z "$(find "$DATA_DIR/dump.rdb" -newer "$RUN_DIR/stopping")" ] || : >"$DATA_DIR/clean-stop"
}

keep tick
