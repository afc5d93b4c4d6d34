#!/bin/sh
# First step of a backup: a dump of a replica that is in sync. Never of the master: there a client that copies looks like a
# replica, and every sentinel would take it for one for ever.
set -eu
# shellcheck source-path=SCRIPTDIR source=../../member/scripts/common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"
# shellcheck source-path=SCRIPTDIR source=look-at-data.sh
. "${0%/*}/look-at-data.sh"

ASK_TIMEOUT=5
# A failover takes less; a backup that could not begin is made by the next pod.
ROUNDS_FOR_SOURCE=60

read_passwords

# Lines of `ask_node` on standard input: prints the replica of this master that is in sync, stays, and has the most.
source_of() { # MASTER
  best='' best_offset=-1
  while read -r host role follows link _ _ _ offset _ _ leaving _ trust; do
    [ "$role $follows $link $leaving $trust" = "slave $1 up - 2" ] || continue
    [ "$offset" -le "$best_offset" ] || best=$host best_offset=$offset
  done
  echo "$best"
}

find_source() {
  majority && no_failover || return 1
  # shellcheck disable=SC2046 # a list of hosts
  replica=$(ask_all ask_node $(without "$MASTER" $NODES) | source_of "$MASTER")
  [ -n "$replica" ] || { WHY="no replica of $MASTER is in sync" && return 1; }
}

as_backup() { # ARGUMENTS...
  # shellcheck disable=SC2086 # its words
  REDISCLI_AUTH=${REDIS_PASSWORD:-none} $cli --user "$BACKUP" -h "$(address_of "$replica")" -p "$REDIS_PORT" "$@"
}
look() { as_backup "$@" 2>/dev/null; }

# Sets role, keys, offset and database of the source.
look_at_source() {
  found=$(data_of_server)
  read -r role keys offset database <<FOUND
$found
FOUND
  [ "$role" = slave ] || refuse "$replica ${role:+is $role now, and }no longer gives a copy: a failover came between; the next backup begins anew"
}

round=0
until find_source; do
  [ "$round" -lt "$ROUNDS_FOR_SOURCE" ] || refuse "there is nothing to take a backup of: $WHY"
  wait_for "$WHY"
  round=$((round + 1))
  sleep 1
done

look_at_source
keys_before=$keys offset_before=$offset
some_keys "$database" >"$SCRATCH/keys"
kinds_of "$database" <"$SCRATCH/keys" >"$SCRATCH/lives"
paste -d' ' "$SCRATCH/lives" "$SCRATCH/keys" | that_stay >"$SCRATCH/kinds"
contents_of "$database" <"$SCRATCH/kinds" >"$SCRATCH/before"
taken=$(date -u +%Y-%m-%dT%H:%M:%SZ)

say "copying $replica, a replica of $MASTER: $keys keys, offset $offset"
as_backup --rdb "$SCRATCH/dump.rdb" >"$SCRATCH/said" 2>&1 ||
  refuse "the copy from $replica broke off: $(tail -n 1 "$SCRATCH/said"); nothing was stored, and the next backup begins anew"

look_at_source
contents_of "$database" <"$SCRATCH/kinds" >"$SCRATCH/after"
cat >"$SCRATCH/source" <<SOURCE
$replica $taken $keys_before $keys $offset_before $offset $database
SOURCE
say "$(wc -c <"$SCRATCH/dump.rdb") bytes; the replica has $keys keys now, offset $offset"
