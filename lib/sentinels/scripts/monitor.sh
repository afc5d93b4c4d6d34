# Sourced by the start of a sentinel: which master it monitors. Nothing here asks, waits or knows the time: what is known
# comes as arguments and as answers on standard input. Prints `monitor MASTER EPOCH LEARNED`: the epoch that sentinels know
# of it, and the one that nodes do; 0 where nobody does.
# shellcheck shell=sh

# Its own memory, or nothing, and lines of `ask_sentinel`: the highest epoch. Prints nothing where nobody remembers.
by_sentinels() { # MASTER EPOCH
  master=$1 epoch=${2:-0}
  while read -r _ named its_epoch _; do
    [ -n "$named" ] || continue
    if [ -z "$master" ] || [ "$its_epoch" -gt "$epoch" ]; then master=$named epoch=$its_epoch; fi
  done
  [ -z "$master" ] || echo "monitor $master $epoch 0"
}

# A minute or more: one that is only late may remember a later master, and one that is lost for good must not stop all others.
ROUNDS_FOR_ALL=60

# No sentinel remembers. Lines of `ask_node`, and `NODE loading`: what the nodes do, then what they remember, then the first of
# the manifest. Prints `wait WHY` where that can not be told yet.
by_nodes() { # ROUNDS NODE...
  rounds=$1 && shift
  answered=0 masters='' serving='' followed='' loading='' remembered='' fullest='' best_trust=0 best_epoch=0 best_offset=-1
  while read -r host role follows link replicas _ _ offset mark_epoch mark_master _ _ trust; do
    [ -n "$host" ] || continue
    [ "$role" != loading ] || { loading="$loading $host" && continue; }
    answered=$((answered + 1))
    if [ "$role" = master ]; then
      masters="$masters $host"
      [ "$replicas" = 0 ] || serving="$serving $host"
    elif [ "$link" = up ]; then
      contains "$followed" "$follows" || followed="$followed $follows"
    fi
    [ "$mark_master" != - ] || continue
    [ "$trust" -le 1 ] || trust=1 # marks are compared, not nodes
    if is_more "$trust" "$mark_epoch" "$offset" "$best_trust" "$best_epoch" "$best_offset"; then
      remembered=$mark_master fullest=$host best_trust=$trust best_epoch=$mark_epoch best_offset=$offset
    fi
  done
  master=''
  for said in "$serving" "$masters" "$followed"; do
    case $said in
      '') ;;
      ' '*' '*) echo "wait more than one master:$said" && return ;;
      *) master=${said# } && break ;;
    esac
  done
  if [ -z "$master" ]; then
    # All are without a role. One that does not answer may remember a later master.
    if [ "$answered" -lt $# ] && { [ "$rounds" -lt "$ROUNDS_FOR_ALL" ] || [ -n "$loading" ] || [ "$answered" -le $(($# / 2)) ]; }; then
      echo "wait no sentinel remembers a master, and $answered of $# nodes answer${loading:+; these still load their data:$loading}"
      return
    fi
    master=${remembered:-$1}
    # It has left the manifest and nobody follows it, or it was that of another cluster.
    contains "$*" "$master" || master=$fullest
  fi
  # The marks of all nodes are of this epoch or an older one, and new ones must not look older than those.
  if [ "$master" = "$remembered" ]; then echo "monitor $master 0 $best_epoch"; else echo "monitor $master 0 0"; fi
}
