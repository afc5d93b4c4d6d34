#!/bin/sh
# Before a node's server is told to stop: it waits for its turn, and a master hands over first, so that no write is lost.
#
#   its server            what it does
#   is gone, or loads     stops
#   does not answer       waits for it; stops when a majority names another, or its time is up
#   is not in sync        stops
#   is a replica          stops when it is its turn
#   is master             when it is its turn hands over, again and again, and gives its turn to others that are told meanwhile;
#                         stops when that is done, nobody is left to take over, or its time is up
set -eu
: >"$RUN_DIR/stopping" # a snapshot newer than this is complete
# One of a save point meanwhile is not: the server goes on. It is made older, and not the other file newer: some `find` compare
# whole seconds, and the last snapshot may come in the next moment.
trap 'touch -c -r "$RUN_DIR/stopping" "$DATA_DIR/dump.rdb" || :' EXIT
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=turns.sh
. "${0%/*}/turns.sh"
# shellcheck source-path=SCRIPTDIR source=hand-over.sh
. "${0%/*}/hand-over.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"

tell() { [ -n "$("$@" | server)" ]; }
read_passwords

# Sets what the local server says of itself. Where it does not answer, what it said last stands.
look() {
  state=$(ask_node 127.0.0.1)
  [ -n "$state" ] || return 1
  read -r _ role _ link _ priority _ <<STATE
$state
STATE
}

# A node that is not in sync is missed by nobody.
is_missed() { # ROLE LINK PRIORITY
  [ "$1" = master ] || { [ "$2" = up ] && [ "$3" != 0 ]; }
}

# A server at a long command does not answer until it is through, and then it hands over or waits for its turn like any other.
# One that hangs is missed by nobody when a majority names another; that is a replica's case from the start, so it gets time.
LONGEST_COMMAND=15000 # ms
is_given_up() {
  passed "$started" $LONGEST_COMMAND && majority && [ "$MASTER" != "$SELF" ]
}

# Everybody else, and the sentinels as one: without them nobody can take over.
observe() {
  look || :
  if majority && no_failover; then
    before=$(those_before "$role" "$MASTER")
    seen="sentinels ready$LINE_BREAK$(ask_all ask_node $other_nodes | states_under "$MASTER")"
  else
    case $WHY in "$UNDER_WAY") seen='sentinels behind' ;; *) seen='' ;; esac
  fi
}

# What nodes say, on standard input as `ask_node` prints it: prints `MEMBER STATE` of each.
states_under() { # MASTER
  while read -r host its_role its_master its_link _ its_priority _ _ _ _ leaving _; do
    case "$leaving $its_role $host $its_master $its_link $its_priority" in
      "- master $1 "*) echo "$host ready" ;;
      "- slave $host $1 up 0") echo "$host behind" ;;
      "- slave $host $1 up "*) echo "$host ready" ;;
      '- '*) echo "$host behind" ;;
      *) echo "$host $leaving" ;;
    esac
  done
}

# Prints who goes before this node: replicas in their order, the running master last.
those_before() { # ROLE MASTER
  nodes=" $NODES "
  if [ "$1" = master ]; then echo "$other_nodes"; else without "$2" ${nodes%%" $SELF "*}; fi
}

# Of a master that has its turn: those that were told just after it saw that nobody was do not take over, and wait for it.
give_way() {
  observe
  others=$(left_of sentinels $other_nodes)
  remember $others
  case $states in *' stopping'* | *' going'*) await_turn sentinels $other_nodes ;; esac
}

# Nobody is there to hand over to, and nobody will be.
nobody_left() {
  for node in $other_nodes; do contains "$lost" "$node" || return 1; done
}

other_nodes=$(without "$SELF" $NODES)
until look; do
  case $(why_silent 127.0.0.1 "$REDIS_PORT" "${REDIS_PASSWORD-}") in slow | untrusted) ;; *) exit 0 ;; esac
  ! is_given_up || exit 0
  wait_for "$SILENT"
  if time_is_up; then
    say "stopping all the same, the time is up: $SILENT"
    exit 0
  fi
  sleep $LOOK_SECONDS
done
is_missed "$role" "$link" "$priority" || exit 0

[ "$role" != master ] || prefer # while it waits for the others
take_turn sentinels $other_nodes
look || :
while [ "$role" = master ] && ! nobody_left && ! is_deleted; do
  if ! look; then
    ! is_given_up || break
    WHY=$SILENT
  elif [ "$role" != master ] || hand_over; then
    break
  fi
  read_removed
  wait_for "still master: $WHY"
  if time_is_up; then
    say "stopping as master: $WHY"
    echo "stopped as master: $WHY" >/dev/termination-log
    break
  fi
  sleep $LOOK_SECONDS
  give_way
done
prefer_nobody
