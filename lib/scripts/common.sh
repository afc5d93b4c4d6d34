# Sourced by every script here: how to log, to write a configuration, and to ask nodes and sentinels.
# POSIX sh for dash and busybox; needs the server's own programs, flock, timeout, getent and coreutils.
# shellcheck shell=sh disable=SC2034 # variables for those who source this

umask 077

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

# The same sentence every second helps nobody: said at once when it is new, then every 5 seconds.
wait_for() {
  if [ "$*" = "${wait_reason-}" ]; then wait_seconds=$((wait_seconds + 1)); else wait_reason=$* wait_seconds=0; fi
  [ $((wait_seconds % 5)) -ne 0 ] || say "waiting: $*"
}

count() { echo $#; }

contains() { # LIST WORD
  case " $1 " in *" $2 "*) return 0 ;; *) return 1 ;; esac
}

without() { # WORD LIST...
  word=$1 && shift
  for one; do [ "$one" = "$word" ] || printf '%s ' "$one"; done
}

# The lists in the environment are Services of this namespace, or addresses: each as the one name it is known by.
hosts() {
  for member; do
    shift
    case $member in *.*) ;; *) member=$member.$POD_NAMESPACE.svc ;; esac
    set -- "$@" "$member"
  done
  echo "$*"
}
NODES=$(hosts $NODES) SENTINELS=$(hosts $SENTINELS) SELF=$(hosts $SELF)

# Images of Valkey name their programs valkey-*, images of Redis redis-*.
program() { command -v "valkey-$1" || command -v "redis-$1"; }

# --- configuration files ------------------------------------------------------------------------------------------

# PREFIX COMMAND...: `COMMAND directive value` for every variable PREFIX_DIRECTIVE of the environment.
each_setting() {
  prefix=$1
  shift
  env | sed -n "s/^${prefix}_\([A-Z0-9_]*\)=/\1 /p" | sort | while read -r name value; do
    "$@" "$(printf %s "$name" | tr 'A-Z_' 'a-z-')" "$value"
  done
}

server_setting() { printf '%s %s\n' "$1" "$2"; }

quoted() { printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"; }

hashed() { printf '#%s' "$(printf %s "$1" | sha256sum | cut -d' ' -f1)"; }

# NAME on|off PASSWORD PREVIOUS RULES: a user, known to the server by hashes only; during a rotation both passwords are good.
user() {
  passwords=nopass
  [ -z "$3" ] || passwords="$(hashed "$3") ${4:+$(hashed "$4")}"
  printf 'user %s %s %s %s\n' "$1" "$2" "$passwords" "$5"
}
EVERYTHING='~* &* +@all'
# As whom a replica copies from its master. Who has no role yet has this user off, and is asked again each second.
COPIER=replication

refuse_newlines() { # VARIABLE...
  for variable; do
    case $(printenv "$variable") in
      *'
'*) say "refused: $variable contains a line break; write the Secret's key without one" && exit 1 ;;
    esac
  done
}

# --- the volume ---------------------------------------------------------------------------------------------------

# Never two servers on one volume. Kept by exec for the server's whole life, free at once when that ends.
lock_volume() {
  exec 9>"$DATA_DIR/.lock"
  until flock -n 9; do
    wait_for "another process still holds the volume"
    sleep 1
  done
}

# FILE, content on standard input: complete and on disk, or not there at all.
write_durably() { dd of="$1.new" conv=fsync 2>/dev/null && mv "$1.new" "$1"; }

# --- asking -------------------------------------------------------------------------------------------------------

cli=$(program cli)

# The pinned address, so that a dead resolver never delays an answer; a name not pinned yet is looked up.
address_of() { # HOST
  [ -f "$RUN_DIR/hosts" ] || { echo "$1" && return; }
  while read -r address host; do
    [ "$host" != "$1" ] || { echo "$address" && return 0; }
  done <"$RUN_DIR/hosts"
  echo "$1"
}

ask_server() { # HOST PORT PASSWORD COMMAND...: without COMMAND, commands come on standard input
  ask_host=$(address_of "$1") ask_port=$2 ask_password=$3
  shift 3
  REDISCLI_AUTH=$ask_password timeout "${ASK_TIMEOUT:-1}" "$cli" -h "$ask_host" -p "$ask_port" "$@" 2>/dev/null | tr -d '\r'
}
node_cli() { # HOST COMMAND...
  cli_host=$1 && shift
  ask_server "$cli_host" "$REDIS_PORT" "${REDIS_PASSWORD-}" "$@"
}
server() { node_cli 127.0.0.1 "$@"; } # the one of this pod
sentinel_cli() { # HOST COMMAND...
  cli_host=$1 && shift
  ask_server "$cli_host" "$SENTINEL_PORT" "${SENTINEL_PASSWORD-}" "$@"
}

# A member that wants to stop shows it to the others, and once more when it goes: as a user without any right, which is
# gone with the process.
show() { printf 'ACL SETUSER %s off\n' "$1"; }
hide() { printf 'ACL DELUSER %s\n' "$1"; }

# Reads users up to the answer of a PING, or the head of an INFO: sets leaving to `-`, `stopping` or `going`.
read_leaving() {
  leaving=-
  while read -r user; do
    case $user in
      PONG | '#'*) return ;;
      going) leaving=going ;;
      stopping) [ "$leaving" = going ] || leaving=stopping ;;
    esac
  done
}

# HOST: prints `HOST MASTER EPOCH LEAVING FLAGS`, or nothing where it does not answer, has another password or knows no
# master. That may be a node which has left the manifest and still serves.
# GET-MASTER-ADDR is right a second earlier than MASTER after a failover; the rest is only in MASTER.
ask_sentinel() {
  printf 'ACL USERS\nPING\nSENTINEL GET-MASTER-ADDR-BY-NAME %s\nSENTINEL MASTER %s\n' "$MASTER_NAME" "$MASTER_NAME" |
    sentinel_cli "$1" | {
    read_leaving
    read -r named && read -r _ || exit 0
    flags='' epoch=''
    while read -r key && read -r value; do
      case $key in flags) flags=$value ;; config-epoch) epoch=$value ;; esac
    done
    [ -n "$named" ] && [ -n "$epoch" ] && echo "$1 $named $epoch $leaving $flags"
  }
}

# HOST: prints `HOST ROLE FOLLOWS LINK REPLICAS PRIORITY KEYS OFFSET MARK_EPOCH MARK_MASTER LEAVING RUN_ID`, or
# nothing.
# OFFSET: how much of the master's history it has. With AOF a server forgets that number, but the mark knows it.
ask_node() {
  printf 'CONFIG GET syslog-ident\nACL USERS\nINFO\n' | node_cli "$1" | {
    read -r key && read -r mark || exit 0
    [ "$key" = syslog-ident ] || exit 0
    read_leaving
    run_id='' role='' follows=- link=- replicas=0 priority=- keys=0 offset=0 loading=0 aof=0
    while IFS=: read -r key value; do
      case $key in
        run_id) run_id=$value ;;
        role) role=$value ;;
        master_host) follows=$value ;;
        master_link_status) link=$value ;;
        connected_slaves) replicas=$value ;;
        slave_priority) priority=$value ;;
        slave_repl_offset | master_repl_offset) [ "$value" -le "$offset" ] || offset=$value ;;
        loading) loading=$value ;;
        aof_enabled) aof=$value ;;
        db*) case $value in keys=*) value=${value#keys=} keys=$((keys + ${value%%,*})) ;; esac ;;
      esac
    done
    [ -n "$role" ] && [ "$loading" = 0 ] || exit 0
    mark_epoch=${mark%%:*} mark=${mark#*:}
    [ "$aof" = 0 ] || [ "${mark#*:}" -le "$offset" ] || offset=${mark#*:}
    mark_master=${mark%%:*}
    echo "$1 $role $follows $link $replicas $priority $keys $offset $mark_epoch ${mark_master:--} $leaving $run_id"
  }
}

# SENTINEL REPLICAS|SENTINELS: prints `HOST FLAGS` of each that it knows.
ask_known() {
  sentinel_cli "$1" SENTINEL "$2" "$MASTER_NAME" | {
    about=''
    while read -r key && read -r value; do
      case $key in ip) about=$value ;; flags) echo "$about $value" ;; esac
    done
  }
}

# ask_sentinel|ask_node HOST...: all at once; one line for each that answers.
ask_all() {
  ask_one=$1 && shift
  for host; do "$ask_one" "$host" & done
  wait
}

# What a majority of the configured sentinels says, and none of them is just changing: sets MASTER, EPOCH and DOWN
# (how many of them hold that master for dead). Fails, and sets WHY, where there is no such thing.
majority() {
  answers=$(ask_all ask_sentinel $SENTINELS) # unquoted: a list of hosts
  needed=$(($(count $SENTINELS) / 2 + 1)) answered=0
  case $answers in *failover_in_progress*) WHY='a failover is under way' && return 1 ;; esac
  for node in $(printf '%s\n' "$answers" | cut -d' ' -f2 | sort -u); do
    votes=0 EPOCH=0 DOWN=0 newest=0
    while read -r _ named epoch _ flags; do
      [ "$epoch" -le "$newest" ] || newest=$epoch
      [ "$named" = "$node" ] || continue
      votes=$((votes + 1))
      [ "$epoch" -le "$EPOCH" ] || EPOCH=$epoch
      case $flags in *o_down*) DOWN=$((DOWN + 1)) ;; esac
    done <<LINES
$answers
LINES
    answered=$((answered + votes))
    [ "$votes" -ge "$needed" ] || continue
    # One that led a failover knows it up to two seconds before the others.
    [ "$newest" = "$EPOCH" ] || { WHY='the sentinels are learning of a new master' && return 1; }
    MASTER=$node && return 0
  done
  WHY="no $needed of $(count $SENTINELS) sentinels name one master ($answered answered)"
  return 1
}

# The node's memory on its volume: `EPOCH MASTER OFFSET`, what the sentinels said when it last was in sync.
read_mark() {
  mark_epoch=0 mark_master='' mark_offset=0
  [ ! -f "$DATA_DIR/mark" ] || read -r mark_epoch mark_master mark_offset <"$DATA_DIR/mark"
}
