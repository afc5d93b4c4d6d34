#!/bin/sh
# In the image of rclone, where this cluster begins with a backup: brings that, and compares it with its description.
set -eu
[ -f "$RUN_DIR/restore" ] || exit 0
# shellcheck source-path=SCRIPTDIR source=../../backup/scripts/rclone.sh
. "${0%/*}/rclone.sh"

# For some stores what is not there is empty, or nothing to copy, and no error.
absent() { # WHAT
  reason=$(why)
  refuse "there is no $1 in $place${reason:+: $reason}"
}

name=$RESTORE file=$DATA_DIR/temp-restore.rdb description=$DATA_DIR/restore-description
if [ "$name" = latest ]; then
  name=$(remote cat "$(in_place latest)") || absent backup
  [ -n "$name" ] || absent backup
fi
name=${name%.rdb}
rm -f "$description"
remote copyto "$(in_place "$name.json")" "$description" || absent "backup $name"
[ -f "$description" ] || absent "backup $name"
sha256=$(field "$description" sha256)
[ -n "$sha256" ] || refuse "the description of $name can not be read; with another passphrase than it was stored with it is noise"
[ ! -f "$file" ] || [ "$(sha256_of_input <"$file")" != "$sha256" ] || { say "$name is here already" && exit 0; }
say "fetching $name, $(field "$description" bytes) bytes, from $place"
remote copyto "$(in_place "$name.rdb")" "$file" || { rm -f "$file" && refuse "$name could not be fetched: $(why)"; }
[ "$(sha256_of_input <"$file")" = "$sha256" ] || {
  rm -f "$file"
  refuse "$name is not what was stored: its SHA-256 is not the one of its description. Write the name of another backup into restoreFrom.backup"
}
