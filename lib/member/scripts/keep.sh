# Sourced by the keepers: the loop that ends when their server has, and what goes on beside it.
# shellcheck shell=sh disable=SC2034,SC2154 # variables from and for those who source this

# How often names are looked up: a Service gets a new address only with a new Service, and a member that misses one is not
# at rest.
HOSTS_SECONDS=10
RESTING_HOSTS_SECONDS=60
# A server that has not said anything for so long hangs, or is at a long command.
SILENCE_SECONDS=5

# A second is long for what has just begun: five looks in it, for two seconds.
SOON_SECONDS=0.2
SOON_LOOKS=10
hurry() { soon=$SOON_LOOKS; }

# COMMAND: every second until the pod is told to stop and the server is gone; then `farewell`. It calls `rest` while
# nothing needs to be done, and `wake` otherwise.
keep() {
  stopping='' looking='' missed='' listening='' resting='' ended_at=0
  hurry # it comes with its server
  trap 'stopping=yes' TERM
  rm -f "$RUN_DIR/answers" "$RUN_DIR/answered" "$RUN_DIR/resting"
  mkfifo "$RUN_DIR/answers"
  tend &
  exec 9>"$DATA_DIR/.lock"
  until [ -n "$stopping" ] && { try_lock || [ -n "$no_lock" ]; }; do
    next_second
    "$1" || :
    if [ -n "$stopping" ] && [ -z "$looking" ]; then
      (while sleep 1; do look_for_services; done) &
      looking=yes
    fi
  done
  farewell
}

# A process for each question costs more than everything else here. So one asks the own server every second, for as long as
# that lives: its answers are the clock. Called when the server has answered; one that ends again and again is begun once in
# a second.
listen() {
  [ -z "$listening" ] && passed "$ended_at" 1000 || return 0
  exec 3<>"$RUN_DIR/answers" # waits for nobody
  exec 4<"$RUN_DIR/answers"
  ask_every_second >&3 3>&- 4<&- 2>/dev/null &
  listening=$!
  echo "$listening" >"$RUN_DIR/answered"
  exec 3>&- # the end of that process is the end of what is read
  soon=0
}

next_second() {
  if [ "$soon" -gt 0 ]; then
    soon=$((soon - 1))
    pause $SOON_SECONDS
  elif [ -n "$listening" ]; then
    if read_answer; then
      echo "$listening" >"$RUN_DIR/answered"
      return
    fi
    kill "$listening" 2>/dev/null || :
    wait "$listening" 2>/dev/null || :
    exec 4<&-
    listening=''
    clock
    ended_at=$now
    hurry # it may be back
    wake
    # and look at once
  else
    pause 1
  fi
}

pause() { # SECONDS, or until it is told to stop
  sleep "$1" &
  wait $! || :
}

# Beside the loop: names, a new certificate, and the end of waiting for a server that says nothing.
tend() {
  waited=0 asking=''
  while sleep "$SILENCE_SECONDS"; do
    if read -r answering 2>/dev/null <"$RUN_DIR/answered"; then # empty where it fails
      asking=$answering
      : >"$RUN_DIR/answered"
    elif [ -n "$asking" ]; then
      kill "$asking" 2>/dev/null || :
      asking=''
    fi
    waited=$((waited + SILENCE_SECONDS))
    [ -z "${TLS_CLIENTS-}" ] || try_certificate || :
    ! names_are_due "$waited" || { refresh_hosts || : && waited=0; }
  done
}

# In looks, which are seconds: what Kubernetes brings comes a minute late anyway.
SECRETS_LOOKS=5
secrets_looks=0
secrets_are_due() {
  secrets_looks=$((secrets_looks + 1))
  [ -z "$listening" ] || [ "$secrets_looks" -ge "$SECRETS_LOOKS" ] || return 1
  secrets_looks=0
}
follow_secrets() { # redis|sentinel
  follow_passwords "$1"
  [ -z "$listening" ] || follow_users "$1" "$listening"
  follow_certificate
}

names_are_due() { # SECONDS since they were looked up
  [ "$1" -ge "$RESTING_HOSTS_SECONDS" ] || { [ "$1" -ge "$HOSTS_SECONDS" ] && [ ! -e "$RUN_DIR/resting" ]; }
}

# PORT PASSWORD ARGUMENTS...: becomes a client of the own server, for as long as that lives.
become_client() {
  client_port=$1 REDISCLI_AUTH=${2:-none}
  shift 2
  export REDISCLI_AUTH
  # shellcheck disable=SC2086 # its words
  exec $own_cli --user "$MEMBER" -h 127.0.0.1 -p "$client_port" "$@"
}

# Only who hears its server, for nobody else would wake it.
rest() {
  [ -n "$listening" ] || return 0
  [ -n "$resting" ] || : >"$RUN_DIR/resting"
  resting=yes
}
wake() {
  [ -z "$resting" ] || rm -f "$RUN_DIR/resting"
  resting=''
}

CARRIAGE_RETURN=$(printf '\r')
