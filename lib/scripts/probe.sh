#!/bin/sh
# redis|sentinel [alive]: fails where the process does not answer; with `alive` only where it also does nothing. Loading, a
# master that is away and a busy script are answers: a restart would cure none of them, and cost the data in memory. A wrong
# password is one too.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"

# A process that runs and does not answer is on a busy machine, or at a long command. After these minutes it is in a loop.
LOOP_MINUTES=10
ASK_TIMEOUT=4

answers() {
  if [ "$1" = redis ]; then node_cli 127.0.0.1 PING; else sentinel_cli 127.0.0.1 PING; fi | grep -q .
}

# How often the server's thread was given the processor, and left it: every tenth of a second where it lives.
turns() { grep ctxt_switches /proc/1/status; }

if [ -e "$RUN_DIR/starting" ] || [ -e "$RUN_DIR/asking" ]; then exit 0; fi
before=$(turns)
if answers "$1"; then
  rm -f "$RUN_DIR/unanswered"
  exit 0
fi
if [ "${2-}" != alive ] || [ "$(turns)" = "$before" ]; then exit 1; fi
[ -e "$RUN_DIR/unanswered" ] || : >"$RUN_DIR/unanswered"
echo "it runs, and did not answer within $ASK_TIMEOUT s"
[ -z "$(find "$RUN_DIR/unanswered" -mmin "+$LOOP_MINUTES")" ]
