# Sourced by the stop of a node: gives the master's role to a replica that has everything, without losing a write.
# Sentinel's own FAILOVER leaves the old master writable for ten seconds, and what it takes meanwhile is thrown away.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

milliseconds() {
  read -r uptime _ </proc/uptime
  echo "${uptime%.*}${uptime#*.}0"
}

# Sets target: the fullest replica that is in sync and stays, and followers: how many those are.
choose_target() {
  target='' most=-1 followers=0
  while read -r host its_role its_master its_link _ its_priority _ offset _ _ leaving _; do
    [ "$its_role $its_master $its_link $leaving" = "slave $SELF up -" ] || continue
    followers=$((followers + 1))
    if [ "$its_priority" != 0 ] && [ "$offset" -gt "$most" ]; then target=$host most=$offset; fi
  done <<LINES
$(ask_all ask_node $other_nodes)
LINES
  [ -n "$target" ]
}

# HOST OF SENTINEL: prints how many milliseconds ago it saw the target's priority of now, or nothing.
freshness() {
  sentinel_cli "$1" SENTINEL REPLICAS "$MASTER_NAME" | {
    about='' age='' seen_priority=''
    while read -r key && read -r value; do
      case $key in
        name) about=${value%:*} ;;
        info-refresh) [ "$about" != "$target" ] || age=$value ;;
        slave-priority) [ "$about" != "$target" ] || seen_priority=$value ;;
      esac
    done
    [ "$seen_priority" != "$PREFERRED" ] || echo "$age"
  }
}

# The chosen one before every other, by a number that nobody else has.
PREFERRED=10

# Sets sentinel, when its view of the target is 600 ms old. It looks at a replica once a second during a failover: asked
# now, it looks again 400 ms later, when the promotion is done also on a busy machine.
wait_for_fresh_sentinel() {
  asked_at=$(milliseconds) answering=$SENTINELS
  while [ $(($(milliseconds) - asked_at)) -lt 12000 ]; do
    for sentinel in $answering; do
      read -r _ named _ leaving _ <<ANSWER
$(ask_sentinel "$sentinel")
ANSWER
      # One that is gone costs a second each time, and the view of another is fresh for less.
      [ -n "$named" ] || answering=$(without "$sentinel" $answering)
      [ "$named $leaving" = "$SELF -" ] || continue
      age=$(freshness "$sentinel")
      [ "${age:-450}" -lt 450 ] || continue
      sleep "$(printf '0.%03d' $((600 - age)))"
      return 0
    done
    sleep 0.1
  done
  return 1
}

role_of() { node_cli "$1" ROLE | head -n 1; }

unpause() { server CLIENT UNPAUSE >/dev/null; }

# One attempt. Fails, and sets WHY, where the role stays here; the server then takes writes as before.
hand_over() {
  majority || return 1
  [ "$MASTER" = "$SELF" ] || { WHY="the sentinels name $MASTER" && return 1; }
  choose_target || { WHY='no replica is in sync' && return 1; }
  say "handing over to $target"
  node_cli "$target" CONFIG SET replica-priority $PREFERRED >/dev/null
  attempt
  result=$?
  node_cli "$target" CONFIG SET replica-priority "$REPLICA_PRIORITY" >/dev/null
  [ "$result" != 0 ] || wait_for_followers
  return $result
}

# A master without replicas refuses writes. One that a sentinel still holds for dead, for it has just restarted, is not
# told to follow the new master, and follows this one until its keeper sees it.
wait_for_followers() {
  for _ in $(seq 100); do
    [ "$(node_cli "$target" INFO replication | grep -c ':.*state=online')" -lt "$followers" ] || return 0
    sleep 0.1
  done
  say "$target does not have $followers replicas yet"
}

attempt() {
  wait_for_fresh_sentinel || { WHY="no sentinel sees $target" && return 1; }

  # Shorter than down-after, for sentinels take a pause for a dead master; and never renewed.
  paused_at=$(milliseconds)
  everything=$(printf 'CLIENT PAUSE %s WRITE\nINFO replication\n' "$PAUSE_MILLISECONDS" | node_cli 127.0.0.1 | sed -n 's/^master_repl_offset://p')
  until [ "$(node_cli "$target" INFO replication | sed -n 's/^slave_repl_offset://p')" -ge "$everything" ]; do
    [ $(($(milliseconds) - paused_at)) -lt 1000 ] || { unpause && WHY="$target lags behind" && return 1; }
  done
  answer=$(sentinel_cli "$sentinel" SENTINEL FAILOVER "$MASTER_NAME")
  [ "$answer" = OK ] || { unpause && WHY="$sentinel refuses: $answer" && return 1; }

  until [ "$(role_of "$target")" = master ]; do
    [ $(($(milliseconds) - paused_at)) -lt $((PAUSE_MILLISECONDS - 200)) ] || break
  done
  # Before the pause ends, for what this server would take now is lost. Connections that stay would write here for hours.
  printf 'REPLICAOF %s %s\nCLIENT KILL TYPE normal\nCLIENT KILL TYPE pubsub\nCLIENT UNPAUSE\n' "$target" "$REDIS_PORT" |
    node_cli 127.0.0.1 >/dev/null
  paused=$(($(milliseconds) - paused_at))

  for _ in $(seq 150); do
    if majority && [ "$MASTER" = "$target" ]; then
      say "handed over to $target: writes were paused for $paused ms"
      return 0
    fi
    sleep 0.1
  done
  if [ "$(role_of "$target")" = slave ] && majority && [ "$MASTER" = "$SELF" ]; then
    server REPLICAOF NO ONE >/dev/null
    WHY="the sentinels did not promote $target" && return 1
  fi
  say "handed over to $target: writes were paused for $paused ms; not all sentinels say so yet"
}
