# Sourced by the hooks that run before a server is told to stop: members of one kind stop one after another, each when
# the others are back and in sync. So a change of all Deployments at once is no outage.
#
#   it shows   the verdict on its turn   what it does
#   nothing    any                       shows `stopping`, as soon as its server takes it
#   stopping   wait, hold                waits
#   stopping   turn                      shows `going`, and looks again at once
#   going      turn                      stops: of two that go at the same moment, at least one sees the other
#   going      hold                      waits: the other one takes its `going` back
#   going      wait                      takes its `going` back
#
# When no Service is left, or its time is up, it stops whatever it sees.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# Between two looks. What one shows, all others see in their next.
LOOK_SECONDS=1

# What a hook prints is lost; the server's log is where people look.
say() { printf '%s: %s\n' "${0##*/}" "$*" >/proc/1/fd/1; }

clock
started=$now
time_is_up() { passed "$started" $((STOP_SECONDS * 1000)); }

# Looks until it is this member's turn, or nobody is left to wait for, or the time is up.
# `observe` sets seen, `MEMBER STATE` for each that answers: ready, behind, stopping or going; and before, those that go
# before this one. `tell COMMAND...`: the own server does it, and says so.
take_turn() { # OTHER...
  WHY='' shown=nothing before='' lost='' met='' nobody_returns='' gone=' '
  ! tell show stopping || shown=stopping
  observe
  remember "$@" # meets those that leave within the next second
  sleep $LOOK_SECONDS # others that were told at the same moment show it too by now
  await_turn "$@"
}

# Also for one that has had its turn, and found that others go first.
await_turn() { # OTHER...
  until time_is_up; do
    read_removed
    if is_deleted; then
      say 'no Service is left: the cluster is being deleted'
      return
    fi
    observe
    others=$(left_of "$@")
    remember $others
    verdict=$(printf %s "$states" | whose_turn "$before")
    [ "$verdict" = turn ] || WHY=${verdict#* }
    case $shown/$verdict in
      going/turn) return 0 ;;
      going/wait*) ! tell hide going || shown=stopping ;;
      stopping/turn)
        tell show going && shown=going && continue
        WHY=$SILENT
        ;;
      nothing/*) # nobody knows of one that was busy when it wanted to say it
        ! tell show stopping || shown=stopping
        WHY=$SILENT
        ;;
    esac
    wait_for "$WHY"
    sleep $LOOK_SECONDS
  done
  say "stopping all the same, the time is up: $WHY"
}
SILENT='this server does not answer'

# `MEMBER STATE` of each that is waited for on standard input: prints `turn`, `wait WHY`, or `hold WHY` where the other one
# is to give way.
whose_turn() { # BEFORE
  absent=''
  while read -r member state; do
    case $state in
      going)
        if contains "$1" "$member"; then echo "wait $member is stopping"; else echo "hold $member is stopping"; fi
        return
        ;;
      stopping) ! contains "$1" "$member" || { echo "wait first it is the turn of $member" && return; } ;;
      behind) echo "wait $member is not in sync" && return ;;
      absent) absent="$absent $member" ;;
    esac
  done
  if [ -z "$absent" ]; then echo turn; else echo "wait not back yet:$absent"; fi
}

# Sets states: `MEMBER STATE` of each that answers, and `MEMBER absent` of those that may come back. Keeps the lists of who
# was met during this stop, who is gone since when, and who is not waited for any longer.
remember() { # OTHER...
  states='' lines=$LINE_BREAK$seen$LINE_BREAK
  for other; do
    state=${lines#*"$LINE_BREAK$other "}
    if [ "$state" != "$lines" ]; then
      state=${state%%"$LINE_BREAK"*}
      meet "$other"
    else
      state=absent
      ! is_lost "$other" || continue
    fi
    states=$states$other' '$state$LINE_BREAK
  done
}

meet() { # MEMBER
  contains "$met" "$1" || met="$met $1"
  case " $lost $gone" in *" $1 "* | *" $1:"*) ;; *) return 0 ;; esac
  nobody_returns='' # it came back, so others may
  lost=$(without "$1" $lost) still=' '
  for entry in $gone; do [ "${entry%:*}" = "$1" ] || still="$still$entry "; done
  gone=$still
}

# Of one that does not answer: fails as long as it may come back.
is_lost() { # MEMBER
  ! contains "$lost" "$1" || return 0
  case $gone in *" $1:"*) ;; *) gone="$gone$1:$now " ;; esac
  since=${gone#*" $1:"}
  if [ $((now - ${since%% *})) -ge $((COMEBACK_SECONDS * 1000)) ]; then
    ! contains "$met" "$1" || nobody_returns=yes # it left during this stop, so the others that leave will not return either
  elif [ -z "$nobody_returns" ] || ! contains "$met" "$1"; then
    return 1
  fi
  say "not waiting any longer for $1"
  lost="$lost $1"
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
