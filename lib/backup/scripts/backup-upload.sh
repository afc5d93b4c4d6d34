#!/bin/sh
# Last step of a backup, in the image of rclone: stores the dump, reads it back, and describes it. A backup is there when its
# description is; what has none was never finished, and is swept up when no Job can still be at it. Old ones go when a new one is
# there.
set -eu
# shellcheck source-path=SCRIPTDIR source=rclone.sh
. "${0%/*}/rclone.sh"

description=$SCRATCH/description.json
sha256=$(field "$description" sha256) bytes=$(field "$description" bytes) offset=$(field "$description" offset)
name=$(field "$description" time | tr -d ':-')-$offset

# What goes wrong leaves nothing half written. A store that does not answer has it until the next one sweeps.
undo() {
  failed=$(why)
  remote deletefile "$(in_place "$name.rdb")" || :
  refuse "$1: $failed. Older backups are as they were"
}

# Names of the backups that are there on standard input: prints those that go, the oldest first. NAME, which was made just now,
# stays in any case, and so does everything where it is the only one.
going() { # NAME COUNT OLDEST
  sort -r | {
    number=0
    while read -r one; do
      [ -n "$one" ] || continue
      number=$((number + 1))
      [ "$one" != "$1" ] || continue
      if [ "$number" -gt "$2" ] || expr "$one" '<' "$3" >/dev/null; then echo "$one"; fi
    done
  } | sort
}

# The longest that a Job may have, by `backup.deadline`.
LONGEST_JOB_SECONDS=86400

# Dumps and descriptions on standard input: prints dumps without a description, which were never finished. One that is not older
# than this may be that of another Job, which is about to describe it.
unfinished() { # TIME
  sort | {
    described=''
    while read -r one; do
      case $one in
        *.json) described=${one%.json} ;;
        *.rdb) [ "${one%.rdb}" = "$described" ] || ! expr "$one" '<' "$1" >/dev/null || echo "$one" ;;
      esac
    done
  }
}

say "storing $name, $bytes bytes, in $place"
remote copyto "$SCRATCH/dump.rdb" "$(in_place "$name.rdb")" || undo "the backup could not be stored"
[ "$(remote cat "$(in_place "$name.rdb")" | sha256_of_input)" = "$sha256" ] || undo "what was stored is not what was sent"
remote copyto "$description" "$(in_place "$name.json")" || undo "the backup could not be described"
# What has swept it up, by a wrong clock for example, would leave a description of nothing.
if ! remote lsf "$(in_place "$name.rdb")" >"$SCRATCH/there" || [ ! -s "$SCRATCH/there" ]; then
  gone=$(why)
  remote deletefile "$(in_place "$name.json")" || :
  refuse "$name.rdb was deleted while it was described${gone:+: $gone}. Older backups are as they were"
fi
echo "$name" >"$SCRATCH/latest"
remote copyto "$SCRATCH/latest" "$(in_place latest)" || refuse "$name is stored, and the pointer 'latest' could not be written: $(why)"
say "stored and read back: $name"

remote lsf --files-only "$place" >"$SCRATCH/files" || refuse "$name is stored, and the older ones could not be listed: $(why)"
ago() { date -u -d "@$(($(date +%s) - $1))" +%Y%m%dT%H%M%SZ; } # SECONDS
oldest=0
[ "$KEEP_DAYS" = 0 ] || oldest=$(ago $((KEEP_DAYS * 86400)))
delete() { # FILE
  remote deletefile "$(in_place "$1")" || refuse "$name is stored, and $1 could not be deleted: $(why)"
}
unfinished "$(ago "$LONGEST_JOB_SECONDS")" <"$SCRATCH/files" >"$SCRATCH/unfinished"
sed -n 's/\.json$//p' "$SCRATCH/files" | going "$name" "$KEEP_COUNT" "$oldest" >"$SCRATCH/going"
while read -r file; do
  say "was never finished: $file"
  delete "$file"
done <"$SCRATCH/unfinished"
while read -r old; do
  say "too old: $old"
  delete "$old.json" # first: without it the other is none
  delete "$old.rdb"
done <"$SCRATCH/going"
