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
# `precedes MEMBER`: that one goes before this one. `tell COMMAND...`: the own server does it, and says so.
take_turn() { # OTHER...
  WHY='' shown='' claimed='' lost='' met='' nobody_returns='' gone=''
  ! tell show stopping || shown=yes
  observe
  is_my_turn "$@" || : # meets those that leave within the next second
  sleep 1 # others that were told at the same moment show it too by now
  until time_is_up; do
    read_removed
    if is_deleted; then
      say 'no Service is left: the cluster is being deleted'
      return
    fi
    observe
    others=$(left_of "$@")
    # Nobody knows of one that was busy when it wanted to say it.
    if [ -z "$shown" ]; then
      WHY='this server does not answer'
      ! tell show stopping || shown=yes
    elif is_my_turn $others; then
      # Seen before and after showing it: of two that go at once, at least one sees the other.
      [ -z "$claimed" ] || return 0
      ! tell show going || claimed=yes
      continue
    elif [ -n "$claimed" ] && [ -z "$yielding" ]; then
      ! tell hide going || claimed=''
    fi
    wait_for "$WHY"
    sleep 1
  done
  say "stopping all the same, the time is up: $WHY"
}

# Sets removed: the members whose Services are gone, so that nobody can reach them any more.
read_removed() {
  removed=''
  [ ! -f "$RUN_DIR/removed" ] || read -r removed <"$RUN_DIR/removed" || :
}
left_of() { # MEMBER...
  for member; do contains "$removed" "$member" || echo "$member"; done
}
is_deleted() { [ -z "$(left_of $NODES $SENTINELS)" ]; }

is_my_turn() { # OTHER...
  missing=''
  for other; do look_at "$other" "$(state_of "$other")"; done
  yielding=''
  for other; do
    case $(state_of "$other") in
      going)
        precedes "$other" || yielding=yes
        WHY="$other is stopping" && return 1
        ;;
      stopping) ! precedes "$other" || { WHY="first it is the turn of $other" && return 1; } ;;
      behind) WHY="$other is not in sync" && return 1 ;;
    esac
  done
  [ -z "$missing" ] || { WHY="not back yet:$missing" && return 1; }
}

state_of() { printf '%s\n' "$seen" | while read -r member state; do [ "$member" != "$1" ] || echo "$state"; done; }

# Keeps the lists of who was met during this stop, who is gone since when, and who is not waited for any longer.
look_at() { # MEMBER STATE
  if [ -n "$2" ]; then
    contains "$met" "$1" || met="$met $1"
    case " $lost $gone " in *" $1 "* | *" $1:"*) nobody_returns='' ;; esac # it came back, so others may
    gone=$(without_entry "$1" $gone) lost=$(without "$1" $lost)
    return
  fi
  ! contains "$lost" "$1" || return 0
  since=$(for entry in $gone; do [ "${entry%:*}" != "$1" ] || echo "${entry##*:}"; done)
  [ -n "$since" ] || { since=$(now) && gone="$gone $1:$since"; }
  if [ $(($(now) - since)) -ge "$COMEBACK_SECONDS" ]; then
    ! contains "$met" "$1" || nobody_returns=yes # it left during this stop, so the others that leave will not return either
  elif [ -z "$nobody_returns" ] || ! contains "$met" "$1"; then
    missing="$missing $1"
    return
  fi
  say "not waiting any longer for $1"
  lost="$lost $1"
}

without_entry() { # MEMBER MEMBER:SINCE...
  member=$1 && shift
  for entry; do [ "${entry%:*}" = "$member" ] || printf '%s ' "$entry"; done
}
