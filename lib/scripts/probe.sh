#!/bin/sh
# redis|sentinel: fails only where the process is not there or does not answer. Loading, a master that is away and a busy
# script are answers: a restart would cure none of them, and cost the data in memory. A wrong password is one too.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"

if [ -e "$RUN_DIR/starting" ] || [ -e "$RUN_DIR/asking" ]; then exit 0; fi
ASK_TIMEOUT=4
if [ "$1" = redis ]; then node_cli 127.0.0.1 PING; else sentinel_cli 127.0.0.1 PING; fi | grep -q .
