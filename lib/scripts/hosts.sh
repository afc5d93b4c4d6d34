# Sourced by the keepers: the hosts file of their server, and the loop that ends when the server has.
# shellcheck shell=sh disable=SC2034 # variables for those who source this

look_up() { # HOST: prints `ADDRESS HOST`
  timeout 5 getent hosts "$1" | { read -r address _ && echo "$address $1"; }
}

# Looks every name up and writes what is new. A name that does not resolve keeps the address it had.
# Sets `unresolved`; fails where that is not empty.
refresh_hosts() {
  touch "$RUN_DIR/hosts"
  known=$(cat "$RUN_DIR/hosts") found=$(ask_all look_up $NODES $SENTINELS)
  wanted='127.0.0.1 localhost
::1 localhost' unresolved=''
  for host in $NODES $SENTINELS; do
    line=$(line_of "$host" "$found") || line=$(line_of "$host" "$known") || { unresolved="$unresolved $host" && continue; }
    wanted="$wanted
$line"
  done
  if [ "$wanted" != "$known" ]; then
    [ -z "$known" ] || say 'addresses changed: writing the hosts file anew'
    printf '%s\n' "$wanted" >"$RUN_DIR/hosts" # in place: the server's /etc/hosts is this very file
  fi
  [ -z "$unresolved" ]
}

line_of() { # HOST LINES
  printf '%s\n' "$2" | while read -r address host; do
    [ "$host" != "$1" ] || { echo "$address $host" && break; }
  done | grep .
}

# A cluster that is deleted has no Service any more, and nobody to wait for: the stopping server looks for this file. Only
# where another name is still answered: a resolver that is away says nothing.
look_for_service() {
  timeout 2 getent hosts "$SELF" >/dev/null && return 0
  [ $? = 2 ] && timeout 2 getent hosts kubernetes.default.svc >/dev/null || return 0
  : >"$RUN_DIR/service-gone"
}

# COMMAND: every second until the pod is told to stop and the server is gone; then `farewell`.
keep() {
  stopping=''
  trap 'stopping=yes' TERM
  (while sleep 10; do refresh_hosts || :; done) &
  exec 9>"$DATA_DIR/.lock"
  until [ -n "$stopping" ] && flock -n 9; do
    "$1" || :
    [ -z "$stopping" ] || look_for_service
    sleep 1 &
    wait $! || :
  done
  farewell
}
