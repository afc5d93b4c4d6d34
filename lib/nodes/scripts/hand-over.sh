# Sourced by the stop of a node: gives the master's role to a replica that has everything, without losing a write.
# Sentinel's own FAILOVER leaves the old master writable for ten seconds, and what it takes meanwhile is thrown away.
#
#   this server                 it goes on when                        or else
#   is master                   a majority names it, and a replica     stays master
#                               in sync may be chosen
#   prefers the fullest         a sentinel has seen that, just now     stays master
#   has paused all writes       the chosen one has all of them         ends the pause, stays master
#   has asked the sentinel      it does not refuse                     ends the pause, stays master
#   waits for the promotion     the chosen one is master               goes on all the same
#   follows the chosen one      a majority names that one              takes the role back, where a majority still names
#                                                                      this one and the chosen one is no master
#   hands over its replicas     the chosen one has them                tells them itself, then goes on all the same
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# The chosen one before every other, by a number that nobody else has.
PREFERRED=10

# In milliseconds. While it fails over a sentinel looks at a replica once a second. Asked when its view is ripe, it looks
# again 400 ms later, when the promotion (134 to 233 ms) is done also on a busy machine.
RIPE=600
# What is younger than this can still be waited for: the rest is for the wait's own process.
YOUNG=450
# Else a sentinel looks every ten seconds, if not told otherwise, and asking them all takes its time.
SEEN_WITHIN=12000
# The sentinel that failed over knows it after a second, the others two seconds later. One that gives up has said so by then,
# for it does after ten seconds.
NAMED_WITHIN=15000
# A sentinel lets one replica after another follow, a second each.
FOLLOW_BY_THEMSELVES=2000
# Who is told later than this is told by its own keeper.
FOLLOWED_WITHIN=10000
# Longer than any hand-over.
SILENT_SECONDS=3600
# In seconds, between two questions: where asking alone takes the time, this is for the machine.
ASK_AGAIN=0.1

# The pause is shorter than down-after, for sentinels take a longer one for a dead master, and is never renewed. What happens in
# it goes by its fifths, each no longer than any question may take:
#   in the first   the chosen one gets the last writes: 1 to 4 ms. A question that begins in it ends in the second.
#   in the third   the sentinel is asked to fail over, and the promotion is waited for; the last answer comes in the fourth.
#   in the last    this server becomes a replica: before the pause ends, for what it would take after that is lost.
FIFTH=$((PAUSE_MILLISECONDS / 5))
[ "$FIFTH" -le 1000 ] || FIFTH=1000
LEVEL_WITHIN=$FIFTH
PROMOTED_WITHIN=$((3 * FIFTH))

# One attempt. Fails, and sets WHY, where the role stays here; the server then takes writes as before.
hand_over() {
  majority && no_failover || return 1
  [ "$MASTER" = "$SELF" ] || { WHY="the sentinels name $MASTER" && return 1; }
  prefer
  [ -n "$target" ] || { WHY='no replica is in sync' && return 1; }
  say "handing over to $target"
  attempt || return 1
  wait_for_followers
}

# Sets target, if there is one, and shows it to the sentinels. They see that within a second, so it is told as soon as it is
# known; and taken back at the end, whatever came of it.
target=''
prefer() {
  read -r followers chosen <<CHOICE
$(ask_all ask_node $other_nodes | choose "$SELF")
CHOICE
  [ "$chosen" = "$target" ] || prefer_nobody
  target=$chosen
  [ -z "$target" ] || node_cli "$target" CONFIG SET replica-priority $PREFERRED >/dev/null
}
prefer_nobody() {
  [ -z "$target" ] || node_cli "$target" CONFIG SET replica-priority "$REPLICA_PRIORITY" >/dev/null
}

# What nodes say, on standard input as `ask_node` prints it: prints how many replicas of this master are in sync and stay, and
# the fullest of those that may be chosen, if there is one.
choose() { # MASTER
  fullest='' most=-1 followers=0
  while read -r host its_role its_master its_link _ its_priority _ offset _ _ leaving _; do
    [ "$its_role $its_master $its_link $leaving" = "slave $1 up -" ] || continue
    followers=$((followers + 1))
    if [ "$its_priority" != 0 ] && [ "$offset" -gt "$most" ]; then fullest=$host most=$offset; fi
  done
  echo "$followers $fullest"
}

attempt() {
  wait_for_ripe_sentinel || { WHY="no sentinel sees $target" && return 1; }
  clock
  paused_at=$now ASK_TIMEOUT=$(seconds "$FIFTH")
  # The chosen one would be without a ping that this server sends now. Whoever has it would have to copy everything.
  ping_period=$(server CONFIG GET repl-ping-replica-period | sed -n 2p)
  everything=$(printf 'CONFIG SET repl-ping-replica-period %s\nCLIENT PAUSE %s WRITE\nINFO replication\n' "$SILENT_SECONDS" "$PAUSE_MILLISECONDS" | node_cli 127.0.0.1 | sed -n 's/^master_repl_offset://p')
  wait_until_level && fail_over
  result=$? ASK_TIMEOUT=''
  [ "$result" = 0 ] || { go_on CLIENT UNPAUSE && return 1; }
  # Connections that stay would write here for hours.
  printf 'REPLICAOF %s %s\nCLIENT KILL TYPE normal\nCLIENT KILL TYPE pubsub\nCLIENT UNPAUSE\n' "$target" "$REDIS_PORT" |
    node_cli 127.0.0.1 >/dev/null
  clock
  paused=$((now - paused_at))

  until is_named || passed $((paused_at + paused)) $NAMED_WITHIN; do sleep $ASK_AGAIN; done
  case $(verdict_on "$target" "$(role_of "$target")" "$named") in
    moved) say "handed over to $target: writes were paused for $paused ms" ;;
    unclear) say "handed over to $target: writes were paused for $paused ms; not all sentinels say so yet" ;;
    stayed)
      go_on REPLICAOF NO ONE
      WHY="the sentinels did not promote $target" && return 1
      ;;
  esac
}

# As a master that talks to its replicas.
go_on() { # COMMAND...
  printf '%s\nCONFIG SET repl-ping-replica-period %s\n' "$*" "${ping_period:-1}" | node_cli 127.0.0.1 >/dev/null
}

# Sets sentinel: one that names this master and stays, when its view of the chosen one is ripe.
wait_for_ripe_sentinel() {
  clock
  asked_at=$now answering=$SENTINELS
  until passed "$asked_at" $SEEN_WITHIN; do
    for sentinel in $answering; do
      read -r _ named _ leaving _ <<ANSWER
$(ask_sentinel "$sentinel")
ANSWER
      # One that is gone costs a second each time, and the view of another is fresh for less.
      [ -n "$named" ] || answering=$(without "$sentinel" $answering)
      [ "$named $leaving" = "$SELF -" ] || continue
      ripe_in=$(sentinel_cli "$sentinel" SENTINEL REPLICAS "$MASTER_NAME" | ripens_in "$target")
      [ -n "$ripe_in" ] || continue
      sleep "$(seconds "$ripe_in")"
      return 0
    done
    sleep $ASK_AGAIN
  done
  return 1
}

# The answer of SENTINEL REPLICAS on standard input: prints in how many milliseconds that view of the replica will be ripe, or
# nothing where it is older, or from before the replica was preferred.
ripens_in() { # REPLICA
  about='' age='' seen_priority=''
  while read -r key && read -r value; do
    case $key in
      name) about=${value%:*} ;;
      info-refresh) [ "$about" != "$1" ] || age=$value ;;
      slave-priority) [ "$about" != "$1" ] || seen_priority=$value ;;
    esac
  done
  [ "$seen_priority" != "$PREFERRED" ] || [ "${age:-$YOUNG}" -ge "$YOUNG" ] || echo $((RIPE - age))
}

wait_until_level() {
  until has_all "$(node_cli "$target" INFO replication | sed -n 's/^slave_repl_offset://p')" "$everything"; do
    ! passed "$paused_at" "$LEVEL_WITHIN" || { WHY="$target lags behind" && return 1; }
  done
}

has_all() { # OFFSET EVERYTHING: both empty where a server did not answer
  [ -n "$1" ] && [ -n "$2" ] && [ "$1" -ge "$2" ]
}

# No answer is no refusal: that sentinel may promote the chosen one all the same, and then every write here is lost.
fail_over() {
  answer=$(sentinel_cli "$sentinel" SENTINEL FAILOVER "$MASTER_NAME")
  case $answer in OK | '') ;; *) WHY="$sentinel refuses: $answer" && return 1 ;; esac
  until [ "$(role_of "$target")" = master ] || passed "$paused_at" $PROMOTED_WITHIN; do :; done
}

# Sets named: whom a majority names now, or nobody. Fails where that is not the chosen one.
is_named() {
  named=''
  ! majority || named=$MASTER
  [ "$named" = "$target" ]
}

# Prints what became of the role: moved; stayed, where a majority says so and the chosen one never was promoted; or unclear, and
# then this node does not take it back, for two would take writes.
verdict_on() { # TARGET ITS_ROLE NAMED
  case $3/$2 in
    "$1"/*) echo moved ;;
    "$SELF/slave") echo stayed ;;
    *) echo unclear ;;
  esac
}

# A master without replicas refuses writes, and the new one will be without this one in a moment. The sentinel tells the others,
# but not one that it still holds for dead, for that has just restarted. So this node does.
wait_for_followers() {
  clock
  followed_since=$now
  until [ "$(node_cli "$target" INFO replication | grep -c ':.*state=online')" -ge "$followers" ]; do
    ! passed "$followed_since" $FOLLOWED_WITHIN || { say "$target does not have $followers replicas yet" && return; }
    ! passed "$followed_since" $FOLLOW_BY_THEMSELVES || tell_followers
    sleep $ASK_AGAIN
  done
}

tell_followers() {
  [ "$named" = "$target" ] || return 0
  for follower in $(ask_all ask_node $other_nodes | left_behind "$SELF" "$target"); do
    say "$follower still follows this node: $(node_cli "$follower" REPLICAOF "$target" "$REDIS_PORT")"
  done
}

# What nodes say, on standard input as `ask_node` prints it: prints who has the old master, and is not the new one.
left_behind() { # OLD NEW
  while read -r host its_role its_master _; do
    [ "$its_role $its_master" != "slave $1" ] || [ "$host" = "$2" ] || echo "$host"
  done
}
