#!/bin/sh
# At the first master, before its server: whether this cluster is a new one, which begins with a backup. It is where its volume is
# empty, no sentinel remembers a master, and all other nodes answer and have nothing. What was decided stays on the volume:
# who begins and is interrupted goes on.
set -eu
# shellcheck source-path=SCRIPTDIR source=../../member/scripts/common.sh
. "${0%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=../../nodes/scripts/volume.sh
. "${0%/*}/volume.sh"
# shellcheck source-path=SCRIPTDIR source=../../auth/scripts/passwords.sh
. "${0%/*}/passwords.sh"

refuse_bad_passwords
read_passwords
rm -f "$RUN_DIR/restore"
begun=$DATA_DIR/restore-begun

ignore() {
  say "restoreFrom is ignored: $1. It is for a new cluster, and may be deleted"
  exit 0
}

read_owner
read_mark
[ -z "$volume_owner" ] || ignore "this volume has data, of $volume_owner"
if [ ! -f "$begun" ]; then
  form=$(form_of_volume) || ignore "$form"
  [ "$form" = nothing ] || ignore "this volume has data: $form"
fi

# Lines of `ask_node` on standard input: prints `ready`, `ignore WHY` or `wait WHY`.
newness() { # OTHER...
  heard=''
  while read -r host role _ _ _ _ keys _ _ _ _ _ trust; do
    [ -n "$host" ] || continue
    heard="$heard $host"
    if [ "$keys" -gt 0 ] || [ "$trust" -gt 0 ] || [ "$role" = master ]; then
      echo "ignore $host has $keys keys, and knows this cluster" && return
    fi
  done
  for node; do contains "$heard" "$node" || { echo "wait $node does not answer, and may have data" && return; }; done
  echo ready
}

while [ ! -f "$begun" ]; do
  remembering=$(ask_all ask_sentinel $SENTINELS | cut -d' ' -f1 | tr '\n' ' ')
  [ -z "$remembering" ] || ignore "these sentinels know a master: $remembering"
  others=$(without "$SELF" $NODES)
  verdict=$(ask_all ask_node $others | newness $others)
  case $verdict in
    ready) echo "$RESTORE" | write_durably "$begun" || refuse "$NOT_WRITTEN" ;;
    'ignore '*) ignore "${verdict#ignore }" ;;
    *) wait_for "${verdict#wait }" && sleep 1 ;;
  esac
done
say "this cluster is new, and begins with the backup $RESTORE"
: >"$RUN_DIR/restore"
