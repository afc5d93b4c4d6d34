#!/bin/sh
# Before a node's server is told to stop: it waits for its turn, and a master hands over first, so that no write is lost.
set -eu
: >"$RUN_DIR/stopping" # a snapshot newer than this is complete
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=turns.sh
. "${0%/*}/turns.sh"
# shellcheck source-path=SCRIPTDIR source=hand-over.sh
. "${0%/*}/hand-over.sh"

tell() { [ -n "$("$@" | server)" ]; }

# Sets what the local server says of itself. Where it does not answer, what it said last stands.
look() {
  state=$(ask_node 127.0.0.1)
  [ -n "$state" ] || return 1
  read -r _ role follows link _ priority _ <<STATE
$state
STATE
}

# A server at a long command does not answer until it is through, and then it hands over or waits for its turn like any other.
# One that hangs is missed by nobody when a majority names another; that is a replica's case from the start, so it gets time.
LONGEST_COMMAND=15
is_given_up() {
  [ $(($(now) - started)) -ge "$LONGEST_COMMAND" ] && majority && [ "$MASTER" != "$SELF" ]
}

# Everybody else, and the sentinels as one: without them nobody can take over.
observe() {
  look || :
  majority || { seen='' && case $WHY in *'under way') seen='sentinels behind' ;; esac && return; }
  seen="sentinels ready
$(ask_all ask_node $other_nodes | while read -r host its_role its_master its_link _ its_priority _ _ _ _ leaving _; do
    case "$leaving $its_role $its_master $its_link $its_priority" in
      '- master '*) [ "$host" = "$MASTER" ] && echo "$host ready" || echo "$host behind" ;;
      "- slave $MASTER up 0") echo "$host behind" ;;
      "- slave $MASTER up "*) echo "$host ready" ;;
      '- '*) echo "$host behind" ;;
      *) echo "$host $leaving" ;;
    esac
  done)"
}

# Replicas in their order, the running master last.
precedes() {
  [ "$role" != master ] || return 0
  [ "$1" != "$MASTER" ] && contains "${NODES%%"$SELF"*}" "$1"
}

# Nobody is there to hand over to, and nobody will be.
nobody_left() {
  for node in $other_nodes; do contains "$lost" "$node" || return 1; done
}

other_nodes=$(without "$SELF" $NODES)
until look; do
  case $(why_silent 127.0.0.1 "$REDIS_PORT" "${REDIS_PASSWORD-}") in slow) ;; *) exit 0 ;; esac
  ! is_given_up || exit 0
  wait_for 'this server does not answer'
  if time_is_up; then
    say 'stopping all the same, the time is up: this server does not answer'
    exit 0
  fi
  sleep 1
done
# A node that is not in sync is missed by nobody.
if [ "$role" = slave ] && { [ "$follows" = 127.0.0.1 ] || [ "$link" != up ] || [ "$priority" = 0 ]; }; then exit 0; fi

take_turn sentinels $other_nodes
look || :
while [ "$role" = master ] && ! nobody_left && ! is_deleted; do
  if ! look; then
    ! is_given_up || break
    WHY='this server does not answer'
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
  sleep 1
done
