# Sourced by the keepers: the hosts file of their server.
# shellcheck shell=sh disable=SC2034 # variables for those who source this

# Of an address `getent` looks for the name, and most have none.
is_address() { # HOST
  case $1 in *:*) ;; *[!0-9.]*) return 1 ;; *.*.*.*) ;; *) return 1 ;; esac
}

look_up() { # HOST: prints `ADDRESS HOST`
  ! is_address "$1" || { echo "$1 $1" && return; }
  timeout 5 getent hosts "$1" | { read -r address _ && echo "$address $1"; }
}

# Addresses that nobody has, by RFC 5737.
NOWHERE=192.0.2

# Looks every name up and writes what is new. A name that does not resolve keeps the address it had. Names of others, in
# the file `outsiders`, have one in any case: a sentinel that looks for them all the time does nothing else.
# Sets `unresolved`; fails where that is not empty.
refresh_hosts() {
  touch "$RUN_DIR/hosts" "$RUN_DIR/outsiders"
  others=$(cat "$RUN_DIR/outsiders")
  known=$(cat "$RUN_DIR/hosts") found=$(ask_all look_up $NODES $SENTINELS $others)
  wanted='127.0.0.1 localhost
::1 localhost' unresolved=''
  for host in $NODES $SENTINELS; do
    line=$(line_of "$host" "$found") || line=$(line_of "$host" "$known") || { unresolved="$unresolved $host" && continue; }
    wanted="$wanted
$line"
  done
  number=0 known_real=$(printf '%s\n' "$known" | sed "/^$NOWHERE\./d")
  for host in $others; do
    number=$((number + 1)) # two at one address would be taken for one
    wanted="$wanted
$(line_of "$host" "$found" || line_of "$host" "$known_real" || echo "$NOWHERE.$number $host")"
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

# Whose Service is gone has been removed from the cluster, and is not waited for: the stopping server reads this list. Only
# where another name is still answered, and only twice in a row: a resolver that is away says nothing.
look_for_services() {
  missing=$(ask_all without_service $NODES $SENTINELS | tr '\n' ' ')
  [ -z "$missing" ] || timeout 2 getent hosts kubernetes.default.svc >/dev/null || return 0
  for host in $missing; do ! contains "$missed" "$host" || printf '%s ' "$host"; done >"$RUN_DIR/removed.new"
  mv "$RUN_DIR/removed.new" "$RUN_DIR/removed"
  missed=$missing
}

without_service() { # HOST
  ! is_address "$1" || return 0 # it has none that could go
  timeout 2 getent hosts "$1" >/dev/null || [ $? != 2 ] || echo "$1"
}
