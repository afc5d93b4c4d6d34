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

tell() { "$@" | server >/dev/null; }

look() {
  read -r _ role follows link _ priority _ <<STATE
$(ask_node 127.0.0.1)
STATE
  [ -n "$role" ]
}
is_master() { look && [ "$role" = master ]; }

# Everybody else, and the sentinels as one: without them nobody can take over.
observe() {
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
  ! is_master || return 0
  [ "$1" != "$MASTER" ] && contains "${NODES%%"$SELF"*}" "$1"
}

# Nobody is there to hand over to, and nobody will be.
nobody_left() {
  for node in $other_nodes; do contains "$lost" "$node" || return 1; done
}

other_nodes=$(without "$SELF" $NODES)
look || exit 0
# A node that is not in sync is missed by nobody.
if [ "$role" = slave ] && { [ "$follows" = 127.0.0.1 ] || [ "$link" != up ] || [ "$priority" = 0 ]; }; then exit 0; fi

take_turn sentinels $other_nodes
while is_master && ! nobody_left && ! is_deleted && ! hand_over; do
  read_removed
  wait_for "still master: $WHY"
  if time_is_up; then
    say "stopping as master: $WHY"
    echo "stopped as master: $WHY" >/dev/termination-log
    break
  fi
  sleep 1
done
