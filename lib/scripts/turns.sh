# Sourced by the hooks that run before a server is told to stop: members of one kind stop one after another, each when
# the others are back and in sync. So a change of all Deployments at once is no outage.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# What a hook prints is lost; the server's log is where people look.
say() { printf '%s: %s\n' "${0##*/}" "$*" >/proc/1/fd/1; }

now() { date +%s; }
started=$(now)
time_is_up() { [ $(($(now) - started)) -ge "$STOP_SECONDS" ]; }

# Asks every second until it is this member's turn, or nobody is left to wait for, or the time is up.
# `observe` sets seen: `MEMBER STATE` for each that answers: ready, behind, stopping or going.
# `precedes MEMBER`: that one goes before this one.
take_turn() { # OTHER...
  WHY='' claimed='' lost='' seen_leaving='' nobody_returns='' absent='' absent_since=0
  tell show stopping
  sleep 1 # others that were told at the same moment show it too by now
  until time_is_up; do
    if [ -e "$RUN_DIR/service-gone" ]; then
      say 'its Service is gone: the cluster is being deleted'
      return
    fi
    observe
    if is_my_turn "$@"; then
      # Seen before and after showing it: of two that go at once, at least one sees the other.
      [ -z "$claimed" ] || return 0
      tell show going && claimed=yes
      continue
    fi
    if [ -n "$claimed" ] && [ -z "$yielding" ]; then tell hide going && claimed=''; fi
    wait_for "$WHY"
    sleep 1
  done
  say "stopping all the same, the time is up: $WHY"
}

is_my_turn() { # OTHER...
  yielding='' missing=''
  for other; do
    state=$(printf '%s\n' "$seen" | while read -r host its_state; do [ "$host" != "$other" ] || echo "$its_state"; done)
    case $state in going | stopping) contains "$seen_leaving" "$other" || seen_leaving="$seen_leaving $other" ;; esac
    case $state in
      going)
        precedes "$other" || yielding=yes
        WHY="$other is stopping" && return 1
        ;;
      stopping) ! precedes "$other" || { WHY="first it is the turn of $other" && return 1; } ;;
      behind) WHY="$other is not in sync" && return 1 ;;
      ready) lost=$(without "$other" $lost) seen_leaving=$(without "$other" $seen_leaving) nobody_returns='' ;;
      *) contains "$lost" "$other" || missing="$missing $other" ;;
    esac
  done
  if [ "$missing" != "$absent" ]; then absent=$missing absent_since=$(now); fi
  [ -n "$missing" ] || return 0
  if [ -n "$nobody_returns" ] || [ $(($(now) - absent_since)) -ge "$COMEBACK_SECONDS" ]; then
    for other in $missing; do ! contains "$seen_leaving" "$other" || nobody_returns=yes; done
    say "not waiting any longer for:$missing"
    lost="$lost$missing"
    return 0
  fi
  WHY="not back yet:$missing" && return 1
}

without() { # WORD LIST...
  word=$1 && shift
  for one; do [ "$one" = "$word" ] || printf '%s ' "$one"; done
}
