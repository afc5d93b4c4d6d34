#!/bin/sh
# Before a sentinel is told to stop: the others must be there, so that a majority always is.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=turns.sh
. "${0%/*}/turns.sh"

tell() { [ -n "$("$@" | sentinel_cli 127.0.0.1)" ]; }

observe() {
  seen=$(ask_all ask_sentinel $other_sentinels | while read -r host _ _ leaving flags; do
    case $leaving/$flags in
      -/*failover_in_progress*) echo "$host behind" ;;
      -/*) echo "$host ready" ;;
      *) echo "$host $leaving" ;;
    esac
  done)
}

before='' other_sentinels=$(without "$SELF" $SENTINELS)
for sentinel in $SENTINELS; do
  [ "$sentinel" != "$SELF" ] || break
  before="$before $sentinel"
done
precedes() { contains "$before" "$1"; }

# A failover that this one leads must end with it.
failing_over() { case $(ask_sentinel 127.0.0.1) in *failover_in_progress*) return 0 ;; *) return 1 ;; esac }

[ ! -e "$RUN_DIR/asking" ] || exit 0
take_turn $other_sentinels
while failing_over && ! time_is_up; do
  wait_for 'this sentinel leads a failover'
  sleep 1
done
