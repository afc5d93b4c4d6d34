#!/bin/sh
# [SECONDS]: says in plain words whether the cluster is healthy, and changes nothing. Exits 0 where it is; otherwise it
# looks again until the seconds are over, and exits 1 with the reasons, or 2 where it could not tell. Runs in any container
# of the cluster:
#   kubectl exec deploy/cache-sentinel-1 -c sentinel -- sh /scripts/check.sh
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=../../migration/scripts/source.sh
. "${0%/*}/source.sh"

ASK_TIMEOUT=5 # nobody waits for it, and a busy machine is no fault of the cluster
LOOK_SECONDS=2 # between two looks: what is not healthy yet takes a while, and each look costs the members time

good() { echo "ok   $*"; }
bad() { echo "BAD  $*"; }
unsure() { echo "?    $*"; }
note() { echo "note $*"; }

report_silence() { # HOST PORT PASSWORD
  case $(why_silent "$@") in
    stranger) bad "$1 has another password, or is of another cluster" ;;
    loading) bad "$1 still loads its data" ;;
    untrusted) bad "$1 shows a certificate of another CA, or one that has expired, or refuses the one of this pod" ;;
    absent) bad "$1 has no server behind its name: see its pod with kubectl describe" ;;
    *) unsure "$1 did not answer within $ASK_TIMEOUT s: it hangs, is cut off, or its machine is busy" ;;
  esac
}

lines_of() { # HOST LINES
  printf '%s\n' "$2" | grep "^$1 " || :
}

check_sentinels() {
  if majority; then
    good "$needed of $(count $SENTINELS) sentinels or more name $MASTER, epoch $EPOCH"
    contains "$NODES" "$MASTER" || bad "$MASTER is master and not in the manifest: delete its Deployment, it hands over"
  else
    MASTER='' EPOCH=''
    if [ "$(printf '%s\n' "$answers" | grep -c .)" -lt "$needed" ]; then unsure "$WHY"; else bad "$WHY"; fi
  fi
  for sentinel in $SENTINELS; do
    line=$(lines_of "$sentinel" "$answers") # those of the count above
    [ -n "$line" ] || { report_silence "$sentinel" "$SENTINEL_PORT" "${SENTINEL_PASSWORD-}" && continue; }
    read -r _ named _ <<LINE
$line
LINE
    printf '%s\n' "$line" | judge_sentinel "$MASTER" "$EPOCH"
    judge_tilt "$sentinel" "$(sentinel_cli "$sentinel" INFO sentinel | sed -n 's/^sentinel_tilt://p')"
    check_known "$sentinel" replicas "$(known "$sentinel" REPLICAS)" "$(others_of "$named" $NODES)"
    check_known "$sentinel" sentinels "$(known "$sentinel" SENTINELS)" "$(others_of "$sentinel" $SENTINELS)"
  done
}

# A line of `ask_sentinel` on standard input, beside what a majority says, if there is one: prints what is wrong with it.
judge_sentinel() { # MASTER EPOCH
  read -r sentinel named epoch leaving flags
  [ -z "$1" ] || [ "$named" = "$1" ] || bad "$sentinel names $named"
  [ -z "$1" ] || [ "$epoch" = "$2" ] || bad "$sentinel is at epoch $epoch"
  [ "$flags" = master ] || bad "$sentinel says of its master: $flags"
  [ "$leaving" = - ] || bad "$sentinel is stopping"
}

judge_tilt() { # SENTINEL TILT
  case $2 in
    0) ;;
    1) bad "$1 is in TILT: it was frozen, and does nothing for some seconds" ;;
    *) unsure "$1 did not say within $ASK_TIMEOUT s whether it is in TILT" ;;
  esac
}

known() { # SENTINEL REPLICAS|SENTINELS: the hosts that it knows, sorted
  ask_known "$1" "$2" | cut -d' ' -f1 | sort | tr '\n' ' '
}

others_of() { # HOST LIST...: sorted as the known ones are
  without "$@" | tr ' ' '\n' | sort | tr '\n' ' '
}

check_known() { # SENTINEL WHAT KNOWN WANTED
  if [ "$3" = "$4" ]; then good "$1 knows the $2 of the manifest and no other"; else bad "$1 knows these $2: ${3:-none}; the manifest has: $4"; fi
}

check_nodes() {
  said=$(ask_all ask_node $NODES)
  for node in $NODES; do
    line=$(lines_of "$node" "$said")
    [ -n "$line" ] || { report_silence "$node" "$REDIS_PORT" "${REDIS_PASSWORD-}" && continue; }
    printf '%s\n' "$line" | judge_node "$MASTER" $(($(count $NODES) - 1))
  done
}

# A line of `ask_node` on standard input: prints how that node is, with this master (nobody where no majority names one), who
# should have so many replicas.
judge_node() { # MASTER REPLICAS
  read -r node role follows link replicas priority keys offset _ _ leaving _
  [ "$leaving" = - ] || bad "$node is stopping"
  if [ "$role" = master ] && [ "$node" != "$1" ]; then
    bad "$node is master, and the sentinels name ${1:-nobody}"
  elif [ "$role" = master ] && [ "$replicas" != "$2" ]; then
    bad "$node is master with $replicas replicas of $2"
  elif [ "$role" = master ]; then
    good "$node is master, with $replicas replicas and $keys keys"
  elif [ "$follows" = 127.0.0.1 ]; then
    bad "$node has no role yet: its keeper says why in its log"
  elif [ "$follows" != "$1" ]; then
    bad "$node follows $follows"
  elif [ "$link" != up ]; then
    bad "$node follows $follows and is not connected"
  elif [ "$priority" = 0 ]; then
    bad "$node has not been in sync since its start"
  else
    good "$node is in sync, with $keys keys, at offset $offset"
  fi
}

# What somebody made by hand is no fault, and nobody takes it away; a user of the manifest that is missing is one.
check_users() {
  for node in $NODES; do judge_users "$node" "$(node_cli "$node" ACL USERS | tr '\n' ' ')" "$(users_of redis)"; done
  for sentinel in $SENTINELS; do judge_users "$sentinel" "$(sentinel_cli "$sentinel" ACL USERS | tr '\n' ' ')" "$(users_of sentinel)"; done
}

users_of() { # redis|sentinel: their names in the manifest
  [ ! -f "${USERS_DIR-}/users" ] || sed -n "s/^\([^ ]*\) $1 .*/\1/p" "$USERS_DIR/users" | tr '\n' ' '
}

judge_users() { # MEMBER USERS WANTED
  [ -n "$2" ] || return 0 # it was said above that it does not answer
  for user in $3; do contains "$2" "$user" || bad "$1 has no user $user: its keeper says why in its log"; done
  for user in $2; do
    case $user in
      default | *"@$CLUSTER_ID" | "$MARK"* | stopping | going | "$RENEWING") ;; # this library's own
      "$REFUSED") bad "$1 does not use the certificate in its Secret, and keeps the one before it: its keeper says why in its log" ;;
      *) contains "$3" "$user" || note "$1 has the user $user, which is not in the manifest" ;;
    esac
  done
}

# Lines of `ask_node` on standard input: prints how the nodes are that follow a source, the first of them, and that by the others.
judge_followers() { # NODE...
  first=$1
  while read -r node role follows link _ _ keys offset _; do
    case "$node $role $follows $link" in
      *' slave 127.0.0.1 '*) bad "$node follows nobody yet: its keeper says why in its log" ;;
      "$first slave "*' up' | *" slave $first up") good "$node copies from $follows, with $keys keys, at offset $offset" ;;
      *) bad "$node follows $follows and is not connected: its keeper says why in its log" ;;
    esac
  done
}

# Until its cut-over a cluster with a source has no master, and no sentinel runs.
check_followers() {
  good 'this cluster follows its source; migrateFrom.phase: MigrationPhase.CUT_OVER makes it one of its own'
  for node in $NODES; do
    [ -n "$(lines_of "$node" "$said")" ] || report_silence "$node" "$REDIS_PORT" "${REDIS_PASSWORD-}"
  done
  printf '%s\n' "$said" | grep . | judge_followers $NODES
}

awaits_cut_over() {
  has_source && [ -z "$(ask_all ask_sentinel $SENTINELS)" ] || return 1
  said=$(ask_all ask_node $NODES)
  printf '%s\n' "$said" | nobody_was_master
}

# What the manifest begins with is for a new cluster. One with data has nothing to do with it.
note_beginnings() {
  [ -n "$MASTER" ] || return 0
  [ -z "${RESTORE-}" ] || note 'restoreFrom is ignored: this cluster lives. It may be deleted'
  ! has_source || note 'migrateFrom is ignored: this cluster has a master of its own. It may be deleted'
}

# The report on standard input: `healthy`, or what is worse.
judge() {
  case $(cat) in
    *'BAD  '*) echo 'not healthy' ;;
    *'?    '*) echo 'could not tell' ;;
    *) echo 'healthy' ;;
  esac
}

[ -z "${WORKLOAD-}" ] || refuse_renamed "${POD_NAME-}" "$WORKLOAD" # a Job; members have looked when they started
read_passwords
deadline=$(($(date +%s) + ${1:-0}))
while :; do
  if awaits_cut_over; then
    report=$(check_followers)
  else
    report=$(check_sentinels && check_nodes && check_users && note_beginnings) # MASTER is set in the first, and needed in others
  fi
  verdict=$(printf '%s\n' "$report" | judge)
  if [ "$verdict" = healthy ] || [ "$(date +%s)" -ge "$deadline" ]; then break; fi
  sleep $LOOK_SECONDS
done
printf '%s\n' "$report" "$verdict"
case $verdict in
  'healthy') ;;
  'not healthy') exit 1 ;;
  *) exit 2 ;;
esac
