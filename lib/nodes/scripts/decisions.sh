# Sourced by a node's keeper: what it makes of what it has heard. Nothing here asks, waits or knows the time: what is known
# comes as arguments and as lines of `ask_node` on standard input, and one verdict is printed.
# shellcheck shell=sh

# A server without a role; OTHER... are all other nodes of the manifest. Prints `follow HOST`, `master WHY`, `hand-over HOST`
# (that one has the data), `offer HOST` (the same, and it may not be chosen yet) or `wait WHY`.
role_for() { # SELF RUN_ID MASTER EPOCH DATA KEYS TRUST MARK_EPOCH OFFSET OTHER...
  self=$1 own_run=$2 named=$3 named_epoch=$4 own_data=$5 own_keys=$6 own_trust=$7 own_epoch=$8 own_offset=$9
  shift 9
  another='' serving='' heard='' silent='' best='' best_trust=0 best_epoch=0 best_offset=-1
  while read -r host its_role _ _ its_replicas _ its_keys its_offset its_epoch _ _ its_run its_trust; do
    [ -n "$host" ] || continue
    if [ "$host" = "$self" ]; then
      # Nobody where the network does not let a pod reach itself.
      [ "$its_run" = "$own_run" ] || another=yes
      continue
    fi
    heard="$heard $host"
    [ "$its_role" != master ] || [ "$its_replicas" = 0 ] || serving=yes
    [ "$its_keys" -gt 0 ] || continue
    if is_more "$its_trust" "$its_epoch" "$its_offset" "$best_trust" "$best_epoch" "$best_offset"; then
      best=$host best_trust=$its_trust best_epoch=$its_epoch best_offset=$its_offset
    fi
  done
  for node; do contains "$heard" "$node" || silent="$silent $node"; done
  # What the sentinels say of a name is said of the server that the name leads to.
  if [ -n "$another" ]; then
    echo "wait another server answers at this node's name, $self: two pods are behind one Service"
  elif [ "$named" != "$self" ]; then
    echo "follow $named"
  elif [ -n "$serving" ]; then
    echo 'wait the sentinels name this node, but another is a master with replicas'
  # A mark of an older epoch: of a volume that was put back from before this node was promoted.
  elif [ "$own_data" = complete ] && [ "$own_epoch" -ge "$named_epoch" ]; then
    echo 'master the sentinels name it and its data are complete'
  # It was gone again before it had a mark of its own reign, and before anybody followed it.
  elif [ "$own_data" = complete ] && [ "$best_trust" = 2 ] && ! is_more 2 "$best_epoch" "$best_offset" 2 "$own_epoch" "$own_offset"; then
    echo 'master its data are complete, and no node in sync has more'
  # It came back with less than it may have had. It must not serve: that would empty the replicas in half a second.
  elif [ "$best_trust" = 2 ]; then
    echo "hand-over $best"
  elif [ -n "$silent" ]; then
    echo "wait this node's data may be incomplete, and these do not answer and may hold more:$silent"
  elif [ -n "$best" ] && { [ "$own_keys" = 0 ] || is_more "$best_trust" "$best_epoch" "$best_offset" "$own_trust" "$own_epoch" "$own_offset"; }; then
    echo "offer $best"
  elif [ "$own_keys" -gt 0 ]; then
    echo 'master no other node has more'
  else
    echo 'master no node has any data'
  fi
}

# Sentinels look at each replica once a second: until their view is younger than a crash.
FRESH_MILLISECONDS=1200
# What a failover takes on a busy machine. One that is asked for so late could meet that of the sentinels, which have missed
# the master by then.
FAILOVER_MILLISECONDS=1500
# A server with more than this is longer on its way back than a change of master takes: it reads 3 to 10 s a GiB, and a
# replica copies all of it before writes are accepted.
QUICK_KIB=32768

# Whether a master whose server has been gone for so long, and that has so much on its volume, is replaced at once.
# Without an append-only file it does not come back as master in any case.
must_be_replaced() { # AOF KIB GONE_MILLISECONDS DOWN_AFTER_MILLISECONDS
  [ "$1" = no ] || [ "$2" -gt "$QUICK_KIB" ] || return 1
  [ $(($3 + FRESH_MILLISECONDS + FAILOVER_MILLISECONDS)) -le "$4" ]
}

# Sentinels hear of a new master within two seconds of one another, and who was told of it first must not go back to the old.
LONGEST_DISAGREEMENT=4

# Whether a server goes where a majority points, which has said so for ROUNDS rounds, a second each or more. Sentinels repair
# a node with the wrong master themselves, but late, and only one that they reach. A master that was deposed while it could
# not be told goes at once: every write that it takes is lost. So does a replica that was not told, where the new master has no
# other: it takes no writes before. One that was just made, or told, may hear of it before the sentinels do.
must_move() { # ROLE LEADER MASTER EPOCH OWN_EPOCH ROUNDS REPLICAS, of that master; empty where it does not answer
  [ "$2" != "$3" ] || return 1
  [ "$6" -lt "$LONGEST_DISAGREEMENT" ] || return 0
  [ "$4" -gt "$5" ] && { [ "$1" = master ] || [ "$7" = 0 ]; }
}

# Whether nobody can take over where this replica can not: its master is dead for DOWN sentinels, and it has not been in sync
# since its start. One without data only where the master has left the manifest.
is_stranded() { # DOWN PRIORITY KEYS MASTER NODES
  [ "$1" -gt 0 ] && [ "$2" = 0 ] && { [ "$3" -gt 0 ] || ! contains "$5" "$4"; }
}

# A stranded replica; OTHER... are all other nodes of the manifest. Prints `offer` where it has the most, `wait WHY` where
# that can not be told, or `nothing` where another has more and offers itself.
last_resort_of() { # MASTER KEYS TRUST MARK_EPOCH OFFSET OTHER...
  gone=$1 own_keys=$2 own_trust=$3 own_epoch=$4 own_offset=$5
  shift 5
  heard=$gone more=''
  while read -r host _ _ _ _ _ its_keys its_offset its_epoch _ _ _ its_trust; do
    heard="$heard $host"
    if [ "$host" = "$gone" ] || [ "${its_keys:-0}" = 0 ]; then continue; fi
    if [ "$own_keys" = 0 ] || is_more "$its_trust" "$its_epoch" "$its_offset" "$own_trust" "$own_epoch" "$own_offset"; then more=yes; fi
  done
  [ -z "$more" ] || { echo nothing && return; }
  for node; do
    contains "$heard" "$node" || { echo "wait $gone is gone, and $node does not answer and may hold more" && return; }
  done
  echo offer
}
