# Sourced by whoever starts a server, and by its keeper: as whom one logs in there, and what each may do.
# shellcheck shell=sh disable=SC2154 # variables from those who source this

# NAME on|off RULES: a user, known to the server by hashes only; `good` are those of all passwords that are good.
user() {
  passwords=nopass
  [ -z "$good" ] || passwords=$(hashes)
  printf 'user %s %s %s %s\n' "$1" "$2" "$passwords" "$3"
}

# redis|sentinel: prints `NAME on|off RULES` of each user that this library has for itself. Whoever may set configuration and
# users can give itself every right: the lists are against mistakes, and so that no key is read by anybody who needs none.
system_users() {
  echo "default $DEFAULT_USER ~* &* +@all"
  case $1 in
    redis)
      echo "$MEMBER on $MEMBER_ON_NODES"
      echo "$WATCHER on $WATCHER_ON_NODES"
      # Off until this server has a role. Without SYNC: a replica whose PSYNC is refused tries that at once. Where it gets
      # through, the replica has a copy and no more of the stream, looks connected, and can be chosen as master.
      echo "$COPIER off -@all +ping +replconf +psync"
      [ -z "${BACKUP_RIGHTS-}" ] || echo "$BACKUP on $BACKUP_RIGHTS"
      ;;
    sentinel)
      echo "$MEMBER on $MEMBER_ON_SENTINELS"
      echo "$WATCHER on $WATCHER_ON_SENTINELS"
      ;;
  esac
  [ -z "${PROXY_RIGHTS-}" ] || echo "$PROXY on $PROXY_RIGHTS"
}

# Keepers, hooks and the check.
MEMBER_ON_NODES='resetkeys resetchannels &__sentinel__:hello -@all +ping +info +role +config|get +config|set +replicaof +client|kill +client|pause +client|unpause +acl|users +acl|setuser +acl|deluser +subscribe +lastsave +bgsave'
MEMBER_ON_SENTINELS='resetkeys resetchannels -@all +ping +info +client|kill +acl|users +acl|setuser +acl|deluser +sentinel +shutdown'
# Sentinels, as https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ lists it.
WATCHER_ON_NODES='resetkeys resetchannels &__sentinel__:hello -@all +ping +info +role +publish +subscribe +slaveof +multi +exec +config|rewrite +client|setname +client|kill +script|kill'
WATCHER_ON_SENTINELS='resetkeys resetchannels &__sentinel__:hello -@all +ping +publish +client|setname +sentinel|is-master-down-by-addr'
