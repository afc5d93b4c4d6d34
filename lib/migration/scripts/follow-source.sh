# Sourced by a node's keeper: what it does in a cluster that follows another server. The first node copies from that, the others
# from the first. No sentinel runs, so that nobody is made master before the cut-over.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# Where this server follows the source, or has been made master and has not been let take writes yet: how many replicas it wants
# before it does. Of this run of the server only.
GATE=$RUN_DIR/source

# Fails where this is not for a node of a cluster that waits for its cut-over.
follow_source() {
  awaiting=''
  has_source && [ -z "$mark_master" ] && [ -z "$answers" ] || return 1
  ask_all ask_node $other_nodes | nobody_was_master || return 1
  awaiting=yes
  # shellcheck disable=SC2086 # a list
  set -- $NODES
  if [ "$SELF" != "$1" ]; then
    if is_there "$1"; then follow "$1"; else wait_for "$1 does not answer yet"; fi
    return
  fi
  # shellcheck disable=SC2046 # two words, or none
  set -- $(source_address)
  [ $# = 2 ] || { wait_for "no sentinel of the source answers with its master: ${SOURCE_SENTINELS-}" && return; }
  problem=$(source_problem "$1" "$2")
  [ -z "$problem" ] || { wait_for "the source, $1:$2, $problem" && return; }
  [ -f "$GATE" ] || server CONFIG GET min-replicas-to-write | sed -n 2p >"$GATE"
  read_line "${SOURCE_PASSWORDS_DIR-}/password"
  become_replica "$1" "$2" "${SOURCE_USER-}" "$password" "${SOURCE_TLS:-no}" "$NO_WRITES"
}

source_problem() { # HOST PORT
  version=$(server INFO server)
  own_product=redis own_version=$(printf '%s\n' "$version" | sed -n 's/^redis_version://p')
  case $version in
    *valkey_version:*) own_product=valkey own_version=$(printf '%s\n' "$version" | sed -n 's/^valkey_version://p') ;;
  esac
  [ -n "$own_version" ] || { echo 'is not compared with this server, which does not answer' && return; }
  ask_source_server "$1" "$2" INFO 2>&1 | unfit_source "$own_product" "$own_version"
}

# HOST PORT USER PASSWORD TLS REPLICAS: all in one, so that none is connected to with what is for another.
become_replica() {
  answer=$({
    printf 'CONFIG SET min-replicas-to-write %s\n' "$6"
    printf 'CONFIG SET masteruser %s\nCONFIG SET masterauth %s\n' "$(quoted "$3")" "$(quoted "$4")"
    [ -z "${TLS_CLIENTS-}" ] || echo "CONFIG SET tls-replication $5"
    [ -z "$1" ] || echo "REPLICAOF $1 $2"
  } | server | grep -vx OK)
  [ -z "$1" ] || say "following $1:$2, until this cluster is cut over: ${answer:-OK}"
  [ -z "$answer" ] && hurry
}

# What it was told for the source ends here: before it follows a member, and before a master takes its first write. That is when
# its mark is on disk, for a node without one would follow the source again.
leave_source() {
  [ -f "$GATE" ] || return 0
  read_line "$GATE"
  become_replica '' '' "$COPIER" "${REDIS_PASSWORD:-none}" yes "${password:-0}" || return 1
  rm -f "$GATE"
  say 'the source is followed no longer'
}

# While there is no connection: why. Where another is master there, that one is followed.
look_at_source() {
  [ -f "$GATE" ] && [ "$role" = slave ] || return 0
  # shellcheck disable=SC2046 # two words, or none
  set -- $(source_address)
  [ $# = 2 ] || { wait_for "no sentinel of the source answers with its master: ${SOURCE_SENTINELS-}" && return; }
  problem=$(source_problem "$1" "$2")
  if [ -n "$problem" ]; then
    wait_for "the source, $1:$2, $problem"
  elif [ "$1" != "$follows" ]; then
    server REPLICAOF "$1" "$2" >/dev/null
  else
    wait_for "the source, $1:$2, is there, and this server does not copy from it yet: its own log says why"
  fi
}
