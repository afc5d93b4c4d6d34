#!/bin/sh
# Beside a sentinel: keeps on its volume what it must not forget (its own file has the passwords in clear, so that stays
# in memory), lets it start anew when it must forget, sets how long it waits, and frees it when it spins.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=hosts.sh
. "${0%/*}/hosts.sh"
# shellcheck source-path=SCRIPTDIR source=keep.sh
. "${0%/*}/keep.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/users.sh
. "${0%/*}/users.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/rotation.sh
. "${0%/*}/rotation.sh"
# shellcheck source-path=SCRIPTDIR source=../../users/scripts/acl.sh
. "${0%/*}/acl.sh"
# shellcheck source-path=SCRIPTDIR source=../../tls/scripts/certificate.sh
. "${0%/*}/certificate.sh"

# Fails where what the sentinel knows is not on the volume. Looks into its file only where that is not older than the last
# look; some shells compare whole seconds.
remember() {
  [ ! -e "$RUN_DIR/asking" ] && [ -s "$RUN_DIR/sentinel.conf" ] || return 0
  # shellcheck disable=SC3013 # dash and busybox have it
  ! [ "$RUN_DIR/remembered" -nt "$RUN_DIR/sentinel.conf" ] || return 0
  : >"$RUN_DIR/remembered"
  new_state=$(grep -E "^sentinel (myid|current-epoch|monitor|config-epoch|leader-epoch) " "$RUN_DIR/sentinel.conf")
  case $new_state in *'sentinel myid '*) ;; *) return 0 ;; esac
  [ "$new_state" != "$old_state" ] || return 0
  printf '%s\n' "$new_state" | write_durably "$DATA_DIR/state" || { rm -f "$RUN_DIR/remembered" && return 1; }
  old_state=$new_state
}

# --- who has left -------------------------------------------------------------------------------------------------------

# A member that has left the manifest stays known to a sentinel for ever, and a sentinel counts as a voter. It forgets by
# starting anew, from the manifest: when all that left are gone, one sentinel after another, and only while all is well.
# In the same way it takes a new certificate: it has no command for that.
start_anew() {
  if has_reason && is_its_turn; then haunted=$((haunted + 1)); else haunted=0; fi
  [ "$haunted" -ge "$looks" ] || return 0
  haunted=0
  remember || return 0
  ! is_failing_over 127.0.0.1 || return 0 # a node has asked it meanwhile
  # shellcheck disable=SC2086 # a list
  say "starting the sentinel anew,$reason" $names
  sentinel_cli 127.0.0.1 SHUTDOWN || :
}
# A member of a new manifest may come up before this sentinel is told of it by its own new pod.
HAUNTED_LOOKS=3
# It is shown in the first, and those after it wait from then on.
RENEWING_LOOKS=2
# Nobody can tell when the certificate before it ends: five minutes after cert-manager has renewed it, or later, and two of them
# are the kubelet's.
MISSED_MINUTES=1

has_reason() { # sets reason and looks
  if [ -e "$RUN_DIR/tls.due" ]; then
    looks=$RENEWING_LOOKS reason=' with a new certificate'
    [ "$(show "$RENEWING" | tell)" = OK ]
  else
    looks=$HAUNTED_LOOKS reason=' so that it forgets:'
    must_forget "$(printf '%s' "$outsiders" | without_copies)"
  fi
}

must_forget() { # OUTSIDERS
  [ -n "$1" ] && ! printf '%s\n' "$1" | grep -qv s_down
}

# Outsiders on standard input: prints those that stay forgotten. The master names whoever copies from it, as a tool does that tells
# no port: a sentinel that starts anew would know it again at once, and would do so for as long as it copies.
without_copies() {
  outside=$(cat)
  [ -n "$outside" ] || return 0
  copies=$(node_cli "$(sentinel_cli 127.0.0.1 SENTINEL GET-MASTER-ADDR-BY-NAME "$MASTER_NAME" | head -n 1)" INFO replication)
  printf '%s\n' "$outside" | while read -r host flags; do
    case $flags/$copies in *s_down*/*":ip=$host,"*) ;; *) echo "$host $flags" ;; esac
  done
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

# Where all certificates have expired nobody hears anybody: each has a time of its own.
is_its_turn() {
  if [ -e "$RUN_DIR/tls.due" ] && is_shunned; then
    looks=$(($(number_of "$SELF" $SENTINELS) * RENEWING_LOOKS))
  else
    all_is_well
  fi
}

# Whether nobody connects to this sentinel any more, because of its certificate. Under a name, for by the address it is not looked at.
is_shunned() { [ "$(why_silent localhost "$SENTINEL_PORT" "${SENTINEL_PASSWORD-}")" = untrusted ]; }

number_of() { # MEMBER LIST...
  number=1 member=$1
  shift
  for one; do
    [ "$one" != "$member" ] || break
    number=$((number + 1))
  done
  echo "$number"
}

# All sentinels are there and see their master, and none of those before this one is about to start anew.
all_is_well() {
  majority || return 1
  asked_sentinels=$SENTINELS absent=missed
  if [ -e "$RUN_DIR/tls.due" ]; then
    # One that has yet to trust a new CA may see nobody, and is cured by just this.
    asked_sentinels=$other_sentinels
    [ -z "$(find "$RUN_DIR/tls.due" -mmin "+$MISSED_MINUTES")" ] || absent=left-out
  fi
  printf '%s\n' "$answers" | are_well "$absent" $asked_sentinels || return 1
  for sentinel in $SENTINELS; do
    [ "$sentinel" != "$SELF" ] || return 0
    ! sentinel_cli "$sentinel" ACL USERS | grep -qx "$RENEWING" || return 1
    known=$(outsiders_of "$sentinel" | without_copies)
    # One that lives on keeps nobody from a new certificate.
    if [ -e "$RUN_DIR/tls.due" ]; then ! must_forget "$known"; else [ -z "$known" ]; fi || return 1
  done
}

# Lines of `ask_sentinel` on standard input: whether each of these is there, unless it is left out, and sees its master.
are_well() { # missed|left-out SENTINEL...
  absent=$1 lines=$LINE_BREAK$(cat)$LINE_BREAK
  shift
  for sentinel; do
    line=${lines#*"$LINE_BREAK$sentinel "}
    if [ "$line" = "$lines" ]; then
      [ "$absent" = left-out ] || return 1
    else
      case ${line%%"$LINE_BREAK"*} in *' - master') ;; *) return 1 ;; esac
    fi
  done
}

# --- a sentinel that spins ----------------------------------------------------------------------------------------------

# Of a processor: idle a sentinel needs a hundredth, in a failover a tenth.
SPINNING_PERCENT=15
# In a row, so that a busy moment is none.
SPINNING_SECONDS=3

# CENTISECONDS that the sentinel has used so far.
watch_for_spinning() {
  if [ $(($1 - used)) -ge "$SPINNING_PERCENT" ] && [ "$used" != 0 ]; then spinning=$((spinning + 1)); else spinning=0; fi
  used=$1
  [ "$spinning" -ge "$SPINNING_SECONDS" ] || return 0
  spinning=0
  free
}

# Each of its connections may be the one.
free() {
  say "the sentinel spins, more than $SPINNING_PERCENT % of a processor for $SPINNING_SECONDS s: its connections are made anew"
  reconnect_to_nodes 127.0.0.1 >/dev/null
  reconnect_to_sentinels 127.0.0.1 >/dev/null
}

# Those who missed it need not find out. Who leads a failover would lose what it has just told somebody.
greet() {
  # Waits for these, and for nobody else.
  ! majority || ! no_failover || (ask_all reconnect_to_sentinels $other_sentinels) >/dev/null
}

# --- passwords ----------------------------------------------------------------------------------------------------------

USERS=$(system_users sentinel | cut -d' ' -f1)
tell() { sentinel_cli 127.0.0.1; }
adopted() { # redis|sentinel PASSWORD
  ! is_failing_over 127.0.0.1 || return 1 # it connects anew with it
  case $1 in
    redis) what="SENTINEL SET $MASTER_NAME auth-pass" ;;
    sentinel) what='SENTINEL CONFIG SET sentinel-pass' ;;
  esac
  [ "$(printf '%s %s\n' "$what" "$(quoted "$2")" | tell)" = OK ]
}

# --- each second --------------------------------------------------------------------------------------------------------

ask_every_second() { become_client "$SENTINEL_PORT" "${SENTINEL_PASSWORD-}" -r -1 -i 1 INFO cpu sentinel; }

# Sets cpu, in hundredths of a second, and monitors, what it says of the master; the latter as of a second ago.
read_answer() {
  cpu=0
  while IFS=: read -r key value; do
    value=${value%"$CARRIAGE_RETURN"}
    case $key in
      used_cpu_sys | used_cpu_user) cpu=$((cpu + ${value%.*} * 100 + 1${value#*.} / 10000 - 100)) ;;
      master0) monitors=${value#*,status=} ;;
      sentinel_masters) return ;;
    esac
  done <&4
  return 1
}

# How often, in seconds, it is asked whom it knows; at rest it says each second how many those are.
KNOWN_SECONDS=5
RESTING_KNOWN_SECONDS=60
# All sentinels have a new certificate within half a minute.
RENEWING_SECONDS=2

is_at_rest() { # STATUS,address=ADDRESS,slaves=REPLICAS,sentinels=SENTINELS
  [ -z "$outsiders" ] || return 1
  case $1 in "ok,"*",$whole") ;; *) return 1 ;; esac
}

tick() {
  ! secrets_are_due || follow_secrets sentinel
  if [ -z "$listening" ] && [ ! -e "$RUN_DIR/asking" ]; then
    # Anew with each start of the sentinel, which does not keep them.
    [ "$(sentinel_cli 127.0.0.1 SENTINEL DEBUG $SENTINEL_WAITS)" = OK ] || { rm -f "$RUN_DIR/ready" && return; }
    listen
    [ -z "$listening" ] || follow_users sentinel "$listening"
    greet
  fi
  if remember; then : >"$RUN_DIR/ready"; else rm -f "$RUN_DIR/ready" && wait_for 'what the sentinel knows can not be written: is the volume full?'; fi
  [ -n "$listening" ] || return 0
  watch_for_spinning "$cpu"
  asked=$((asked + 1))
  known_seconds=$KNOWN_SECONDS
  [ ! -e "$RUN_DIR/tls.due" ] || known_seconds=$RENEWING_SECONDS
  [ "$asked" -ge "$known_seconds" ] || return 0
  if [ "$known_seconds" = "$KNOWN_SECONDS" ] && is_at_rest "$monitors"; then
    rest
    [ "$asked" -ge "$RESTING_KNOWN_SECONDS" ] || return 0
  else
    wake
  fi
  asked=0
  outsiders=$(outsiders_of 127.0.0.1)
  pin
  start_anew
}

other_sentinels=$(without "$SELF" $SENTINELS)
whole="slaves=$(($(count $NODES) - 1)),sentinels=$(count $SENTINELS)"
old_state='' asked=0 haunted=0 outsiders='' monitors='' cpu=0 used=0 spinning=0
rm -f "$RUN_DIR/remembered" # what the last keeper saw it may not have written
farewell() { remember || :; }
read_passwords
keep tick
