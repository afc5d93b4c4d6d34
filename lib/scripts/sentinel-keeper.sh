#!/bin/sh
# Beside a sentinel: keeps on its volume what it must not forget. Its own file has the passwords in clear, so that stays
# in memory.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=hosts.sh
. "${0%/*}/hosts.sh"

remember() {
  [ ! -e "$RUN_DIR/asking" ] && [ -s "$RUN_DIR/sentinel.conf" ] || return 0
  new_state=$(grep -E "^sentinel (myid|current-epoch|monitor|config-epoch|leader-epoch) " "$RUN_DIR/sentinel.conf")
  case $new_state in *'sentinel myid '*) ;; *) return 0 ;; esac
  [ "$new_state" != "$old_state" ] || return 0
  printf '%s\n' "$new_state" | write_durably "$DATA_DIR/state"
  old_state=$new_state
}

old_state=''
farewell() { remember; }
keep remember
