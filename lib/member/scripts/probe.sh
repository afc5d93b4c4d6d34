#!/bin/sh
# redis|sentinel [alive]: fails where the process does not answer; with `alive` only where it also does nothing, in two looks.
# Loading, a master that is away and a busy script are answers: a restart would cure none of them, and cost the data in
# memory. No password is an answer too. So is a word about certificates: one that has expired is no reason to stop. It reads
# no script that starts a process: on a busy machine each takes seconds.
set -eu

# A process that runs and does not answer is on a busy machine, or at a long command. After these minutes it is in a loop.
LOOP_MINUTES=10
ASK_SECONDS=4
# A second look here costs nothing where all is well; two probes for one verdict cost twice as much all day.
AGAIN_SECONDS=12

if [ "$1" = redis ]; then port=$REDIS_PORT; else port=$SENTINEL_PORT; fi
# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/client.sh
. "${0%/*}/client.sh"

# Sets turns: how often the server's thread got the processor, and left it. Ten times a second where it lives.
read_turns() {
  turns=''
  while read -r key value; do
    case $key in *ctxt_switches:) turns="$turns $value" ;; esac
  done </proc/1/status
}

if [ -e "$RUN_DIR/starting" ] || [ -e "$RUN_DIR/asking" ]; then exit 0; fi
read_turns
before=$turns
# shellcheck disable=SC2086 # its words
answered() {
  [ -n "${TLS_CLIENTS-}" ] || { [ -n "$(timeout "$ASK_SECONDS" $own_cli -p "$port" PING 2>/dev/null)" ] && return || return 1; }
  case $(timeout "$ASK_SECONDS" $own_cli -p "$port" PING 2>&1) in '' | *refused*) return 1 ;; esac
}
passes() {
  [ ! -e "$RUN_DIR/unanswered" ] || rm -f "$RUN_DIR/unanswered"
  exit 0
}
does_something() { read_turns && [ "$turns" != "$before" ]; }

! answered || passes
[ "${2-}" = alive ] || exit 1
if ! does_something; then
  sleep "$AGAIN_SECONDS"
  ! answered || passes
  does_something || exit 1
fi
[ -e "$RUN_DIR/unanswered" ] || : >"$RUN_DIR/unanswered"
echo "it runs, and did not answer within $ASK_SECONDS s"
[ -z "$(find "$RUN_DIR/unanswered" -mmin "+$LOOP_MINUTES")" ]
