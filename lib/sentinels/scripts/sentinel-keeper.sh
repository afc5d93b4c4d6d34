#!/bin/sh
# Beside a sentinel: keeps on its volume what it must not forget (its own file has the passwords in clear, so that stays
# in memory), and lets it start anew when it must forget.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=hosts.sh
. "${0%/*}/hosts.sh"

# Fails where what the sentinel knows is not on the volume.
remember() {
  [ ! -e "$RUN_DIR/asking" ] && [ -s "$RUN_DIR/sentinel.conf" ] || return 0
  new_state=$(grep -E "^sentinel (myid|current-epoch|monitor|config-epoch|leader-epoch) " "$RUN_DIR/sentinel.conf")
  case $new_state in *'sentinel myid '*) ;; *) return 0 ;; esac
  [ "$new_state" != "$old_state" ] || return 0
  printf '%s\n' "$new_state" | write_durably "$DATA_DIR/state" || return 1
  old_state=$new_state
}

# A member that has left the manifest stays known to a sentinel for ever, and a sentinel counts as a voter. It forgets by
# starting anew, from the manifest: when all that left are gone, one sentinel after another, and only while all is well.
forget() {
  if [ -n "$outsiders" ] && ! printf '%s\n' "$outsiders" | grep -qv s_down && all_is_well; then
    haunted=$((haunted + 1))
  else
    haunted=0
  fi
  [ "$haunted" -ge 3 ] || return 0
  haunted=0
  remember || return 0
  say "starting the sentinel anew, so that it forgets:" $names
  sentinel_cli 127.0.0.1 SHUTDOWN || :
}

# SENTINEL: prints `HOST FLAGS` of each member that it knows and that is not in the manifest.
outsiders_of() {
  for kind in REPLICAS SENTINELS; do ask_known "$1" "$kind"; done | while read -r host flags; do
    contains "$NODES $SENTINELS" "$host" || echo "$host $flags"
  done
}

pin() {
  names=$(printf '%s\n' "$outsiders" | cut -d' ' -f1 | sort)
  [ "$names" != "$(cat "$RUN_DIR/outsiders")" ] || return 0
  printf '%s\n' "$names" >"$RUN_DIR/outsiders"
  refresh_hosts || :
}

# All sentinels are there and see their master, and those before this one have nothing to forget.
all_is_well() {
  majority && [ "$(printf '%s\n' "$answers" | grep -c " - master$")" -eq "$(count $SENTINELS)" ] || return 1
  for sentinel in $SENTINELS; do
    [ "$sentinel" != "$SELF" ] || return 0
    [ -z "$(outsiders_of "$sentinel")" ] || return 1
  done
}

tick() {
  if remember; then : >"$RUN_DIR/ready"; else rm -f "$RUN_DIR/ready" && wait_for 'what the sentinel knows can not be written: is the volume full?'; fi
  asked=$((asked + 1))
  [ $((asked % 5)) -eq 0 ] || return 0
  outsiders=$(outsiders_of 127.0.0.1)
  pin
  forget
}

old_state='' asked=0 haunted=0
farewell() { remember || :; }
keep tick
