#!/bin/sh
# [SECONDS]: says in plain words whether the cluster is healthy, and changes nothing. Exits 0 where it is; otherwise it
# looks again until the seconds are over, and exits 1 with the reasons, or 2 where it could not tell. Runs in any container
# of the cluster:
#   kubectl exec deploy/cache-sentinel-1 -c sentinel -- sh /scripts/check.sh
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"

ASK_TIMEOUT=5 # nobody waits for it, and a busy machine is no fault of the cluster

good() { echo "ok   $*"; }
bad() { echo "BAD  $*"; }
unsure() { echo "?    $*"; }

report_silence() { # HOST PORT PASSWORD
  case $(why_silent "$@") in
    stranger) bad "$1 has another password, or is of another cluster" ;;
    loading) bad "$1 still loads its data" ;;
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
    MASTER=''
    if [ "$(printf '%s\n' "$answers" | grep -c .)" -lt "$needed" ]; then unsure "$WHY"; else bad "$WHY"; fi
  fi
  for sentinel in $SENTINELS; do
    line=$(lines_of "$sentinel" "$answers") # those of the count above
    [ -n "$line" ] || { report_silence "$sentinel" "$SENTINEL_PORT" "${SENTINEL_PASSWORD-}" && continue; }
    read -r _ named epoch leaving flags <<LINE
$line
LINE
    [ -z "$MASTER" ] || [ "$named" = "$MASTER" ] || bad "$sentinel names $named"
    [ -z "$MASTER" ] || [ "$epoch" = "$EPOCH" ] || bad "$sentinel is at epoch $epoch"
    [ "$flags" = master ] || bad "$sentinel says of its master: $flags"
    [ "$leaving" = - ] || bad "$sentinel is stopping"
    [ "$(sentinel_cli "$sentinel" INFO sentinel | sed -n 's/^sentinel_tilt://p')" = 0 ] || bad "$sentinel is in TILT: it was frozen, and does nothing for 30 seconds"
    check_known "$sentinel" replicas "$(known "$sentinel" REPLICAS)" "$(others_of "$named" $NODES)"
    check_known "$sentinel" sentinels "$(known "$sentinel" SENTINELS)" "$(others_of "$sentinel" $SENTINELS)"
  done
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
    read -r _ role follows link replicas priority keys offset _ _ leaving _ <<LINE
$line
LINE
    [ "$leaving" = - ] || bad "$node is stopping"
    if [ "$role" = master ] && [ "$node" = "$MASTER" ]; then
      wanted=$(($(count $NODES) - 1))
      if [ "$replicas" = "$wanted" ]; then good "$node is master, with $replicas replicas and $keys keys"; else bad "$node is master with $replicas replicas of $wanted"; fi
    elif [ "$role" = master ]; then
      bad "$node is master, and the sentinels name ${MASTER:-nobody}"
    elif [ "$follows" = 127.0.0.1 ]; then
      bad "$node has no role yet: its keeper says why in its log"
    elif [ "$follows" != "$MASTER" ]; then
      bad "$node follows $follows"
    elif [ "$link" != up ]; then
      bad "$node follows $follows and is not connected"
    elif [ "$priority" = 0 ]; then
      bad "$node has not been in sync since its start"
    else
      good "$node is in sync, with $keys keys, at offset $offset"
    fi
  done
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
deadline=$(($(date +%s) + ${1:-0}))
while :; do
  report=$(check_sentinels && check_nodes) # MASTER is set in the first, and needed in the second
  verdict=$(printf '%s\n' "$report" | judge)
  if [ "$verdict" = healthy ] || [ "$(date +%s)" -ge "$deadline" ]; then break; fi
  sleep 2
done
printf '%s\n' "$report" "$verdict"
case $verdict in
  'healthy') ;;
  'not healthy') exit 1 ;;
  *) exit 2 ;;
esac
