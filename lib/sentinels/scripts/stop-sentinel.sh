#!/bin/sh
# Before a sentinel is told to stop: the others must be there, so that a majority always is, and a failover that it leads must be
# over, for it would end with it.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=turns.sh
. "${0%/*}/turns.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"

tell() { [ -n "$("$@" | sentinel_cli 127.0.0.1)" ]; }
read_passwords

in_order=" $SENTINELS " other_sentinels=$(without "$SELF" $SENTINELS)
observe() {
  seen=$(ask_all ask_sentinel $other_sentinels | states)
  before=${in_order%%" $SELF "*}
}

# What sentinels say, on standard input as `ask_sentinel` prints it: prints `MEMBER STATE` of each.
states() {
  while read -r host _ _ leaving flags; do
    if [ "$leaving" != - ]; then
      echo "$host $leaving"
    elif leads_failover "$flags"; then
      echo "$host behind"
    else
      echo "$host ready"
    fi
  done
}

[ ! -e "$RUN_DIR/asking" ] || exit 0
take_turn $other_sentinels
while is_failing_over 127.0.0.1 && ! time_is_up; do
  wait_for 'this sentinel leads a failover'
  sleep $LOOK_SECONDS
done
