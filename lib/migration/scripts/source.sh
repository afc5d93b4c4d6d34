# Sourced by whoever asks the server that a new cluster follows until it is cut over: how that is asked, and what it must be like.
# shellcheck shell=sh disable=SC2034,SC2153,SC2154 # variables from and for those who source this

# Whether this cluster takes the place of another one, or has done it.
has_source() { [ -n "${SOURCE_PORT-}" ]; }

# Of min-replicas-to-write, more than there can be: a server with this takes no writes, and its sentinels see nothing of it.
NO_WRITES=1000000

# HOST PORT USER FILE COMMAND...: asks a server or a sentinel of the source, with the password in that file, if there is one. Says
# on standard error why there is no answer.
ask_source() {
  source_host=$1 source_port=$2 source_user=$3
  read_line "${SOURCE_PASSWORDS_DIR-}/$4"
  shift 4
  # One that speaks TLS is trusted by this cluster's CA; members of a cluster with TLS ask one in clear.
  source_cli=$cli
  [ -n "${SOURCE_TLS-}" ] || source_cli=${cli%% *}
  (
    unset REDISCLI_AUTH
    # shellcheck disable=SC2030 # for this one question
    [ -z "$password" ] || export REDISCLI_AUTH="$password"
    # shellcheck disable=SC2086 # its words
    exec timeout 2 $source_cli ${source_user:+--user "$source_user"} -h "$source_host" -p "$source_port" "$@"
  ) | tr -d '\r'
}

ask_source_server() { # HOST PORT COMMAND...
  asked_host=$1 asked_port=$2
  shift 2
  ask_source "$asked_host" "$asked_port" "${SOURCE_USER-}" password "$@"
}

# COMMAND: what the first of its sentinels that answers says of its master.
ask_source_sentinels() {
  for one in ${SOURCE_SENTINELS-}; do
    said=$(ask_source "$one" "$SOURCE_PORT" "${SOURCE_SENTINEL_USER-}" sentinel SENTINEL "$1" "${SOURCE_MASTER_NAME-}" 2>/dev/null)
    case $said in '' | *ERR* | *NOAUTH* | *NOPERM*) ;; *) printf '%s\n' "$said" && return ;; esac
  done
}

# Prints `HOST PORT` of its master; nothing where it has sentinels and none of them says it.
source_master() {
  if [ -n "${SOURCE_SENTINELS-}" ]; then ask_source_sentinels GET-MASTER-ADDR-BY-NAME | tr '\n' ' '; else echo "${SOURCE_HOST-} $SOURCE_PORT"; fi
}

# SENTINEL REPLICAS on standard input: prints `HOST PORT` of each that is connected, and is none of ours.
connected_replicas() {
  while read -r key && read -r value; do
    case $key in
      ip) replica=$value flags='' ;;
      port) replica_port=$value ;;
      flags) flags=$value ;;
      master-link-status) [ "$flags $value" != 'slave ok' ] || contains "$NODES" "$replica" || echo "$replica $replica_port" ;;
    esac
  done
}

# Prints `HOST PORT` of whom to copy from. Where sentinels are that is a replica, if there is one: they take whoever copies from
# their master for a replica of theirs, and never forget it.
source_address() {
  address=''
  if [ -n "${SOURCE_SENTINELS-}" ]; then address=$(ask_source_sentinels REPLICAS | connected_replicas | head -n 1); fi
  if [ -n "$address" ]; then echo "$address"; else source_master; fi
}

# What the source says of itself, on standard input as INFO prints it or as a client says why there is none, and what this server
# is: prints why it can not be followed; nothing where it can.
unfit_source() { # OWN_PRODUCT OWN_VERSION
  its_product=redis its_version='' its_role='' said=''
  while IFS=: read -r key value; do
    case $key in
      redis_version) [ -n "$its_version" ] || its_version=$value ;;
      valkey_version) its_product=valkey its_version=$value ;;
      role) its_role=$value ;;
      '' | '#'*) ;;
      *) [ -n "$said" ] || said=$key${value:+:$value} ;;
    esac
  done
  case $its_role in
    '') echo "does not answer: ${said:-it hangs, or its network lets nobody in}" && return ;;
    slave) [ -n "${SOURCE_SENTINELS-}" ] || { echo 'is a replica: write the host of its master, or its sentinels' && return; } ;;
  esac
  can_not_load "$its_product" "$its_version" "$1" "$2"
}

# Formats of data only grow, and each product has its own: they share what both had before Redis 7.4.
can_not_load() { # ITS_PRODUCT ITS_VERSION OWN_PRODUCT OWN_VERSION
  its=$(number_of "$2") own=$(number_of "$4")
  case $1/$3 in
    redis/valkey) [ "$its" -lt 704 ] || echo "is Redis $2, and Valkey does not know the format of its data: the last one that it knows is that of Redis 7.2" ;;
    valkey/redis) { [ "$its" -lt 900 ] && [ "$own" -ge 702 ]; } || echo "is Valkey $2, and Redis $4 does not know the format of its data: from 7.2 on it knows that of Valkey 7.2 to 8.1" ;;
    *) [ "$its" -le "$own" ] || echo "is $1 $2, and this server is $4: write an image of at least that version" ;;
  esac
}

number_of() { # MAJOR.MINOR.PATCH: prints MAJOR * 100 + MINOR
  minor=${1#*.}
  echo $((${1%%.*} * 100 + ${minor%%.*}))
}

# Lines of `ask_node` on standard input: whether nobody here was ever a master, and nobody in sync with one. From the cut-over on
# somebody is, and then the source is followed no more.
nobody_was_master() {
  while read -r _ its_role _ _ _ _ _ _ _ its_mark _; do
    [ "$its_role" != master ] && [ "${its_mark:--}" = - ] || return 1
  done
}
