#!/bin/sh
# Second step of a backup: whether the dump is one. The server's own tool reads it, a server of this pod's own loads it, behind
# a socket that nobody else can reach, and what is in it is compared with what the source said.
set -eu
# shellcheck source-path=SCRIPTDIR source=../../member/scripts/common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=dump-file.sh
. "${0%/*}/dump-file.sh"
# shellcheck source-path=SCRIPTDIR source=look-at-data.sh
. "${0%/*}/look-at-data.sh"

socket=$RUN_DIR/verify.sock
plain_cli=$(program cli) # a socket is not encrypted
look() { "$plain_cli" -s "$socket" "$@" 2>/dev/null; }

# A replica of nobody keeps what expires meanwhile, as the source does.
start_server() {
  cat >"$RUN_DIR/verify.conf" <<CONF
port 0
unixsocket $socket
dir $SCRATCH
dbfilename dump.rdb
appendonly no
save ""
replicaof 127.0.0.1 1
replica-serve-stale-data yes
enable-debug-command local
databases ${DATABASES:-16}
logfile $SCRATCH/log
CONF
  server=$(program server)
  entrypoint=/usr/local/bin/docker-entrypoint.sh # it loads the modules of Redis 8
  if [ -x "$entrypoint" ]; then "$entrypoint" "$server" "$RUN_DIR/verify.conf" & else "$server" "$RUN_DIR/verify.conf" & fi
  loading=$!
}

loaded() {
  until [ "$(look PING)" = PONG ]; do
    kill -0 "$loading" 2>/dev/null || return 1
    sleep 0.2
  done
}

# As many as the source had, before or after the copy. Each that came or went meanwhile took it some bytes of its history, and so
# there are at most so many more or less.
LEAST_BYTES=7
keys_fit() { # KEYS BEFORE AFTER OFFSET_BEFORE OFFSET_AFTER
  least=$2 most=$3
  [ "$least" -le "$most" ] || least=$3 most=$2
  slack=$((($5 - $4) / LEAST_BYTES))
  [ "$1" -ge $((least - slack)) ] && [ "$1" -le $((most + slack)) ]
}

# What was the same before and after the copy must be so in it. One that changes to and fro may have been caught between: of ten
# compared keys one, and one more, where anything was written.
MOVED_BYTES=1000
sample_fits() { # SAME DIFFERENT OFFSET_BEFORE OFFSET_AFTER
  [ $(($4 - $3)) -ge "$MOVED_BYTES" ] || { [ "$2" = 0 ] && return 0 || return 1; }
  [ "$2" -le $((($1 + $2) / 10 + 1)) ]
}

describe() {
  read_version
  cat <<JSON
{
  "cluster": "$CLUSTER_ID",
  "source": "$replica",
  "time": "$taken",
  "product": "$product",
  "version": "$version",
  "format": "$format",
  "keys": $keys,
  "bytes": $(($(wc -c <"$SCRATCH/dump.rdb"))),
  "sha256": "$(sha256_of "$SCRATCH/dump.rdb")",
  "offset": ${dump_offset:-$offset_before},
  "replicationId": "${dump_replid:-}",
  "digest": "${digest:-}"
}
JSON
}

read -r replica taken keys_before keys_after offset_before offset_after database <"$SCRATCH/source"
check_dump "$SCRATCH/dump.rdb" || refuse "the copy of $replica is no sound dump: $WHY"
keys=-1 digest=''
if [ "$VERIFY" = load ]; then
  start_server
  loaded || refuse "the copy of $replica can not be loaded: $(tail -n 1 "$SCRATCH/log")"
  read -r _ keys _ <<FOUND
$(data_of_server)
FOUND
  keys_fit "$keys" "$keys_before" "$keys_after" "$offset_before" "$offset_after" ||
    refuse "the copy of $replica has $keys keys, and that had $keys_before before it and $keys_after after it"
  # Those that stood still.
  sort "$SCRATCH/after" >"$SCRATCH/after.sorted"
  sort "$SCRATCH/before" | comm -12 - "$SCRATCH/after.sorted" >"$SCRATCH/still"
  contents_of "$database" <"$SCRATCH/kinds" | sort >"$SCRATCH/loaded"
  same=$(comm -12 "$SCRATCH/still" "$SCRATCH/loaded" | wc -l)
  different=$(comm -23 "$SCRATCH/still" "$SCRATCH/loaded" | wc -l)
  sample_fits "$((same))" "$((different))" "$offset_before" "$offset_after" ||
    refuse "of $((same + different)) keys that stood still in $replica, $((different)) are not the same in its copy"
  digest=$(look DEBUG DIGEST)
  say "loaded: $keys keys, $((same)) of $((same + different)) compared ones the same, digest $digest"
  kill "$loading"
fi
describe >"$SCRATCH/description.json"
