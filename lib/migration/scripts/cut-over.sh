#!/bin/sh
# SECONDS, in a Job: makes a cluster that follows another server one of its own. Waits until all of its nodes have everything, has
# the source take no more writes, and makes the first node master when that has the last of them.
#
#   what is so                                what it does                              what holds if it dies there
#   a majority names a master, that is one    nothing, this is done                     -
#   a node has no connection, or the source   waits; fails when the time is up          all is as it was
#   does not answer
#   all have a connection                     the source refuses writes                 the source refuses writes; the next attempt
#                                                                                       of the Job goes on
#   the first node lacks something            the source takes writes as before         -
#   the first node has all of it              makes it master, waits for the sentinels  the first node is master without writes until
#                                                                                       the sentinels name it, and they do
set -eu
# shellcheck source-path=SCRIPTDIR source=../../member/scripts/common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
. "${0%/*}/source.sh"

# In milliseconds. Clients of the source get errors meanwhile.
LEVEL_WITHIN=5000
# In milliseconds: sentinels start, and the first node writes its mark.
TAKES_WRITES_WITHIN=60000

# Lines of `ask_node` on standard input: prints `ready HOST`, the source as the first node knows it, or `wait WHY`.
readiness() { # NODE...
  first=$1 heard='' source='' why=''
  while read -r host role follows link _; do
    [ -n "$host" ] || continue
    heard="$heard $host"
    case "$host $role $follows $link" in
      "$first slave $first "* | *' slave 127.0.0.1 '*) why="$host follows nobody yet" ;;
      "$first slave "*" up") source=$follows ;;
      *" slave $first up") ;;
      "$first master "*) source=- ;;
      *) why="$host has no connection to $follows" ;;
    esac
  done
  for node; do contains "$heard" "$node" || why="$node does not answer"; done
  if [ -n "$why" ]; then echo "wait $why"; else echo "ready $source"; fi
}

source_server() { ask_source_server "$host" "$port" "$@"; }

is_done() { majority && [ "$(role_of "$MASTER")" = master ]; }
takes_writes() { is_done && [ "$(node_cli "$MASTER" CONFIG GET min-replicas-to-write | sed -n 2p)" != "$NO_WRITES" ]; }

# Writes that were acknowledged are in the stream before its answer.
close_source() {
  before=$(source_server CONFIG GET min-replicas-to-write 2>/dev/null | sed -n 2p)
  lag=$(source_server CONFIG GET min-replicas-max-lag 2>/dev/null | sed -n 2p)
  case $before in
    '') why='it does not let CONFIG GET' && return 1 ;;
    "$NO_WRITES") before=0 ;; # an attempt before this one
  esac
  # With a lag of 0 nobody counts replicas.
  [ "$lag" != 0 ] || source_server CONFIG SET min-replicas-max-lag 10 >/dev/null 2>&1
  closed=yes
  answer=$(source_server CONFIG SET min-replicas-to-write "$NO_WRITES" 2>&1)
  case $answer in
    OK) ;;
    '') why='it does not answer' && return 1 ;; # and may have done it
    *) closed='' why="it does not let CONFIG SET: $answer" && return 1 ;;
  esac
}
open_source() {
  [ -n "$closed" ] || return 0
  closed=''
  answer=$(source_server CONFIG SET min-replicas-to-write "$before" 2>&1) || :
  [ "$lag" != 0 ] || source_server CONFIG SET min-replicas-max-lag 0 >/dev/null 2>&1 || :
  if [ "$answer" = OK ]; then
    say "the source, $host:$port, takes writes as before"
  else
    say "the source, $host:$port, may take no writes. Tell it to: CONFIG SET min-replicas-to-write $before ($answer)"
  fi
}

# INFO replication on standard input: prints `ROLE HISTORY OFFSET`.
place_in_history() {
  role=- history=- offset=0
  while IFS=: read -r key value; do
    case $key in
      role) role=$value ;;
      master_replid) history=$value ;;
      slave_repl_offset | master_repl_offset) [ "$value" -le "$offset" ] || offset=$value ;;
    esac
  done
  echo "$role $history $offset"
}

# An offset says something within one history only.
has_everything() {
  read -r its_role its_history everything <<PLACE
$(source_server INFO replication 2>/dev/null | place_in_history)
PLACE
  [ "$its_role" = master ] || { why="it is no master, but: $its_role" && return 1; }
  clock
  since=$now
  until
    read -r _ history offset <<PLACE
$(node_cli "$first_node" INFO replication | place_in_history)
PLACE
    [ "$history" = "$its_history" ] && [ "$offset" -ge "$everything" ]
  do
    ! passed "$since" "$LEVEL_WITHIN" || { why="$first_node is at $offset of $everything, in the history $history of $its_history" && return 1; }
    sleep 0.05
  done
}

# Where another of them is made master later, it takes none either. Best effort: those that are gone have nothing to say.
close_replicas() {
  [ -n "${SOURCE_SENTINELS-}" ] || return 0
  ask_source_sentinels REPLICAS | connected_replicas | while read -r replica replica_port; do
    ask_source_server "$replica" "$replica_port" CONFIG SET min-replicas-to-write "$NO_WRITES" >/dev/null 2>&1 || :
  done
}

# One attempt, from all are connected to the new master. Fails where nothing has changed.
cut_over() {
  say "cutting over: $host:$port takes no more writes"
  clock
  began=$now
  if ! close_source || ! has_everything; then
    open_source
    return 1
  fi
  closed='' # and stays so: from here on there may be another master
  node_cli "$first_node" REPLICAOF NO ONE >/dev/null
  case $(role_of "$first_node") in
    master) ;;
    slave) closed=yes why="$first_node stays a replica" && open_source && return 1 ;;
    *) refuse "$first_node does not answer, and may be master. The source takes no writes: the next attempt of this Job goes on from here" ;;
  esac
  until takes_writes; do
    ! passed "$began" "$TAKES_WRITES_WITHIN" || refuse "$first_node is master, and takes no writes yet: see the logs of its keeper and of the sentinels. The source takes none either"
    sleep 0.1
  done
  clock
  close_replicas </dev/null
  say "$first_node is master and takes writes, $((now - began)) ms after the source took none"
}

deadline=$(($(date +%s) + $1))
refuse_renamed "$POD_NAME" "$WORKLOAD"
refuse_bad_passwords
read_passwords
closed='' first_node=''
for first_node in $NODES; do break; done
trap 'open_source; exit 1' TERM INT
while :; do
  if takes_writes; then
    say "$MASTER is master: this cluster is cut over"
    exit 0
  fi
  verdict=$(ask_all ask_node $NODES | readiness $NODES)
  case $verdict in
    'ready -') why="$first_node is master, the sentinels do not name it yet, and the source takes no writes" ;;
    'ready '*)
      read -r host port <<ADDRESS
$(source_master)
ADDRESS
      if [ -z "$port" ]; then
        why='no sentinel of the source names its master'
      elif cut_over; then
        exit 0
      fi
      ;;
    *) why=${verdict#wait } ;;
  esac
  [ "$(date +%s)" -lt "$deadline" ] || refuse "not cut over: $why"
  wait_for "$why"
  sleep 1
done
